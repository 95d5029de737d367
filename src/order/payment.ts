import { accept, refuse, type Decision, type Rows } from '../commit/index.ts';
import type { Refusal } from '../contract/index.ts';
import { shortfall, userNotFound, wallets } from '../wallet/index.ts';
import { answerPaid, orderIn } from './checkout.ts';
import type { OrderCancelled, OrderExpired, OrderPaid } from './events.ts';
import { TRANSITIONS, isDue, type Order, type OrderAction } from './order.ts';
import { orders } from './tables.ts';

/** An order as somebody names it who may see only their own, or every one (undefined). */
export interface OrderReference {
  readonly orderId: string;
  readonly owner: string | undefined;
}

/**
 * The order, if the action may happen to it. Outcomes in order: `order_not_found` (also somebody
 * else's), `order_not_pending`, `order_expired`, `order_not_refundable`, the order.
 */
export const findFor = (
  action: OrderAction,
  { orderId, owner }: OrderReference,
  rows: Rows,
  time: Date,
): { readonly refusal: Refusal } | { readonly order: Order } => {
  const order = rows.get(orders, orderId);
  if (order === undefined || (owner !== undefined && owner !== order.userId)) {
    return { refusal: { code: 'order_not_found' } };
  }
  const status = isDue(order, time) && action !== 'expire' ? 'expired' : order.status;
  const next = TRANSITIONS[status][action];
  switch (next) {
    case 'order_expired':
      return { refusal: { code: next, members: { expiresAt: order.expiresAt } } };
    case 'order_not_pending':
    case 'order_not_refundable':
      return { refusal: { code: next, members: { status } } };
    case 'pending':
    case 'paid':
    case 'cancelled':
    case 'expired':
    case 'refunded':
      return { order };
  }
};

/** Outcomes in order: those of `findFor`, `insufficient_balance`, paid. */
export const decidePayment = (
  input: OrderReference & { readonly currency: string },
  rows: Rows,
  time: Date,
): Decision<OrderPaid, Refusal> => {
  const found = findFor('pay', input, rows, time);
  if ('refusal' in found) return refuse(found.refusal);
  const { orderId, userId, lines, total, createdAt } = found.order;
  const wallet = rows.get(wallets, userId);
  if (wallet === undefined) return refuse(userNotFound);
  const unpaid = shortfall(wallet, total);
  if (unpaid !== undefined) return refuse(unpaid);
  const items = lines.map(({ refundedQuantity: _, ...line }) => ({
    ...line,
    lineTotal: line.quantity * line.unitPrice,
  }));
  const { currency } = input;
  const data = { orderId, userId, items, total, currency, createdAt, paidAt: time };
  return accept([{ type: 'order.paid.v1', subject: orderId, data }], (after) =>
    answerPaid(orderId, currency, after),
  );
};

const ended = ({ orderId, userId, lines, total }: Order) => ({
  orderId,
  userId,
  items: lines.map(({ productId, quantity }) => ({ productId, quantity })),
  total,
});

/** Gives the stock back. Outcomes in order: those of `findFor`, cancelled. */
export const decideCancellation = (
  input: OrderReference & { readonly reason?: string | undefined; readonly currency: string },
  rows: Rows,
  time: Date,
): Decision<OrderCancelled, Refusal> => {
  const found = findFor('cancel', input, rows, time);
  if ('refusal' in found) return refuse(found.refusal);
  const { orderId } = found.order;
  const { reason, currency } = input;
  const data = { ...ended(found.order), ...(reason === undefined ? {} : { reason }) };
  return accept([{ type: 'order.cancelled.v1', subject: orderId, data }], (after) => ({
    status: 201,
    body: JSON.stringify(orderIn(after, orderId, currency)),
  }));
};

/** Writes down that a reservation is over; nothing happens to an order whose time is not over. */
export const decideExpiry = (
  orderId: string,
  rows: Rows,
  time: Date,
): Decision<OrderExpired, Refusal> => {
  const found = findFor('expire', { orderId, owner: undefined }, rows, time);
  const isOver = 'order' in found && isDue(found.order, time);
  const expired = isOver
    ? [{ type: 'order.expired.v1' as const, subject: orderId, data: ended(found.order) }]
    : [];
  return accept(expired, () => ({ status: 200, body: String(expired.length) }));
};
