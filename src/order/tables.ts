import type { Table } from '../commit/index.ts';
import type { Order, OrderLine, OrderStatus } from './order.ts';
import {
  insertBuyers,
  insertOrders,
  lockBuyers,
  lockOrders,
  updateBuyers,
  updateOrders,
  type FindOrderRow,
} from './queries.gen.ts';

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
