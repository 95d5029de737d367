import type { Table } from '../commit/index.ts';
import type { Metadata, OrderStatus } from '../contract/index.ts';
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
  /** The end of a pending order's reservation; null once the order is paid. */
  readonly expiresAt: Date | null;
  readonly paidAt: Date | null;
  /** The client's own texts; null for none. */
  readonly metadata: Metadata | null;
}

/** One product of an order, with the price and the name at the time of the order. */
export interface OrderLine {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly refundedQuantity: number;
}

/**
 * An order as stored. The constraint `status_is_known` and Moa's own inserts guarantee the types.
 */
export const orderOf = (row: FindOrderRow): Order => ({
  ...row,
  status: row.status as OrderStatus,
  lines: row.lines as OrderLine[],
  metadata: row.metadata as Metadata | null,
});

const rowOf = (order: Order) => ({
  ...order,
  lines: JSON.stringify(order.lines),
  metadata: order.metadata === null ? null : JSON.stringify(order.metadata),
});

export const orders: Table<Order> = {
  name: 'orders.orders',
  lock: async (db, orderIds) => (await lockOrders(db, { orderIds })).map(orderOf),
  keyOf: ({ orderId }) => orderId,
  insert: (db, rows) => insertOrders(db, rows.map(rowOf)),
  update: (db, rows) => updateOrders(db, rows.map(rowOf)),
};

/** A user with an order that was pending once. */
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
