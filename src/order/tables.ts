import type { Table } from '../commit/index.ts';
import {
  insertBuyers,
  insertOrders,
  lockBuyers,
  lockOrders,
  updateBuyers,
  updateOrders,
  type FindOrderRow,
} from './queries.gen.ts';

export interface Order {
  readonly orderId: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly lines: readonly OrderLine[];
  /** In the currency's minor unit. */
  readonly total: number;
  readonly refundedTotal: number;
  readonly createdAt: Date;
  /** When a pending order gives its stock back; null once it is paid. */
  readonly expiresAt: Date | null;
  readonly paidAt: Date | null;
}

/** One product on an order, at the price and under the name that it was ordered at. */
export interface OrderLine {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly refundedQuantity: number;
}

export type OrderStatus = 'pending' | 'paid' | 'cancelled' | 'expired' | 'refunded';

/** An order as its row holds it: the constraint status_is_known and our own inserts keep types. */
export const orderOf = (row: FindOrderRow): Order => ({
  ...row,
  status: row.status as OrderStatus,
  lines: row.lines as OrderLine[],
});

const rowOf = (order: Order) => ({ ...order, lines: JSON.stringify(order.lines) });

export const orders: Table<Order> = {
  name: 'orders.orders',
  lock: async (db, orderIds) => (await lockOrders(db, { orderIds })).map(orderOf),
  keyOf: ({ orderId }) => orderId,
  insert: (db, rows) => insertOrders(db, rows.map(rowOf)),
  update: (db, rows) => updateOrders(db, rows.map(rowOf)),
};

/** A user who has reserved something. */
export interface Buyer {
  readonly userId: string;
  readonly pendingOrders: number;
}

export const buyers: Table<Buyer> = {
  name: 'orders.buyers',
  lock: (db, userIds) => lockBuyers(db, { userIds }),
  keyOf: ({ userId }) => userId,
  insert: insertBuyers,
  update: updateBuyers,
};
