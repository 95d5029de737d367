import type { OrderEvent, OrderedItem } from './events.ts';
import { moveStock } from '../catalog/core.ts';
import type { Rows, WritableRows } from '../commit/index.ts';
import type { OrderStatus } from '../contract/index.ts';
import { defineEvolve } from '../journal/index.ts';
import { post } from '../wallet/core.ts';
import { buyers, orders, type Order, type OrderLine } from './tables.ts';

export type OrderAction = 'pay' | 'cancel' | 'expire' | 'refund';
type TransitionProblem = 'order_not_pending' | 'order_expired' | 'order_not_refundable';

/**
 * The new status for each action, or the refusal (O2). A refund of a part keeps an order paid; the
 * refund of the rest makes it refunded.
 */
export const TRANSITIONS: Record<
  OrderStatus,
  Record<OrderAction, Exclude<OrderStatus, 'pending'> | TransitionProblem>
> = {
  pending: {
    pay: 'paid',
    cancel: 'cancelled',
    expire: 'expired',
    refund: 'order_not_refundable',
  },
  paid: {
    pay: 'order_not_pending',
    cancel: 'order_not_pending',
    expire: 'order_not_pending',
    refund: 'refunded',
  },
  cancelled: {
    pay: 'order_not_pending',
    cancel: 'order_not_pending',
    expire: 'order_not_pending',
    refund: 'order_not_refundable',
  },
  expired: {
    pay: 'order_expired',
    cancel: 'order_expired',
    expire: 'order_not_pending',
    refund: 'order_not_refundable',
  },
  refunded: {
    pay: 'order_not_pending',
    cancel: 'order_not_pending',
    expire: 'order_not_pending',
    refund: 'order_not_refundable',
  },
};

/** Whether a reservation has ended, to the millisecond, even if its expiry is not yet recorded. */
export const isDue = (order: Pick<Order, 'status' | 'expiresAt'>, time: Date): boolean =>
  order.status === 'pending' && order.expiresAt !== null && order.expiresAt <= time;

/** The order with this id; throws when the order does not exist. */
export const existingOrder = (orderId: string, rows: Rows): Order => {
  const order = rows.get(orders, orderId);
  if (order === undefined) throw new Error(`order ${orderId} does not exist`);
  return order;
};

const countPending = (rows: WritableRows, userId: string, change: 1 | -1): void => {
  const pendingOrders = (rows.get(buyers, userId)?.pendingOrders ?? 0) + change;
  if (pendingOrders < 0) throw new Error(`user ${userId} has no pending order to end`);
  rows.put(buyers, { userId, pendingOrders });
};

/** Ends a reservation without a sale. */
const release = (
  rows: WritableRows,
  orderId: string,
  status: 'cancelled' | 'expired',
  time: Date,
): void => {
  const order = existingOrder(orderId, rows);
  for (const { productId, quantity } of order.lines) {
    moveStock(rows, { productId, onHand: 0, reserved: -quantity }, time);
  }
  countPending(rows, order.userId, -1);
  rows.put(orders, { ...order, status });
};

/** The line of a new order. */
const lineOf = ({ lineTotal: _, ...line }: OrderedItem): OrderLine => ({
  ...line,
  refundedQuantity: 0,
});

/** Applies the events of an order. */
export const evolveOrder = defineEvolve<OrderEvent>({
  'order.placed.v1': (rows, { data, time }) => {
    const { orderId, userId, items, total } = data;
    for (const { productId, quantity } of items) {
      moveStock(rows, { productId, onHand: 0, reserved: quantity }, time);
    }
    countPending(rows, userId, 1);
    rows.put(orders, {
      orderId,
      userId,
      status: 'pending',
      lines: items.map(lineOf),
      total,
      refundedTotal: 0,
      createdAt: time,
      expiresAt: new Date(data.expiresAt),
      paidAt: null,
      metadata: data.metadata ?? null,
    });
  },

  'order.paid.v1': (rows, event) => {
    const { orderId, userId, items, total, metadata } = event.data;
    const pending = rows.get(orders, orderId);
    for (const { productId, quantity } of items) {
      const reserved = pending === undefined ? 0 : -quantity;
      moveStock(rows, { productId, onHand: -quantity, reserved }, event.time);
    }
    if (pending !== undefined) countPending(rows, userId, -1);
    post(rows, event, { userId, kind: 'payment', amount: -total, reference: orderId });
    rows.put(orders, {
      orderId,
      userId,
      status: 'paid',
      lines: items.map(lineOf),
      total,
      refundedTotal: 0,
      createdAt: pending?.createdAt ?? event.time,
      expiresAt: null,
      paidAt: event.time,
      // The payment of an order by the version before has no metadata in its event.
      metadata: metadata ?? pending?.metadata ?? null,
    });
  },

  'order.cancelled.v1': (rows, { data, time }) => release(rows, data.orderId, 'cancelled', time),

  'order.expired.v1': (rows, { data, time }) => release(rows, data.orderId, 'expired', time),

  'order.refunded.v1': (rows, event) => {
    const { orderId, userId, items, amount, restock } = event.data;
    const order = existingOrder(orderId, rows);
    const quantities = new Map(items.map(({ productId, quantity }) => [productId, quantity]));
    const lines = order.lines.map((line) => ({
      ...line,
      refundedQuantity: line.refundedQuantity + (quantities.get(line.productId) ?? 0),
    }));
    for (const { productId, quantity } of restock ? items : []) {
      moveStock(rows, { productId, onHand: quantity, reserved: 0 }, event.time);
    }
    post(rows, event, { userId, kind: 'refund', amount, reference: orderId });
    const isWhole = lines.every(({ quantity, refundedQuantity }) => refundedQuantity === quantity);
    rows.put(orders, {
      ...order,
      status: isWhole ? 'refunded' : 'paid',
      lines,
      refundedTotal: order.refundedTotal + amount,
    });
  },
});
