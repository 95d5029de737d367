import type { Log } from '../commit/index.ts';
import type { Order, OrderLine } from './order.ts';
import { insertLines, insertOrders } from './queries.gen.ts';

export const orders: Log<Order> = { name: 'orders.orders', append: insertOrders };

export const lines: Log<OrderLine & { orderId: string; line: number }> = {
  name: 'orders.lines',
  append: insertLines,
};
