import { refuse, type Refused, type Rows } from '../commit/index.ts';
import type { Refusal } from '../contract/index.ts';
import { TRANSITIONS, isDue, type OrderAction } from './order.ts';
import { orders, type Order } from './tables.ts';

/** The id of an order and the only user who may see it; undefined allows every order. */
export interface OrderReference {
  readonly orderId: string;
  readonly owner: string | undefined;
}

interface Found {
  readonly kind: 'found';
  readonly order: Order;
}

/**
 * The order, if its status allows the action. Outcomes in order: `order_not_found` (also for
 * another user's order), `order_not_pending`, `order_expired`, `order_not_refundable`, the order.
 */
export const findFor = (
  { orderId, owner }: OrderReference,
  action: OrderAction,
  rows: Rows,
  time: Date,
): Found | Refused<Refusal> => {
  const order = rows.get(orders, orderId);
  if (order === undefined || (owner !== undefined && owner !== order.userId)) {
    return refuse({ code: 'order_not_found' });
  }
  const isLate = isDue(order, time) && action !== 'expire';
  const next = TRANSITIONS[isLate ? 'expired' : order.status][action];
  switch (next) {
    case 'order_expired':
      return refuse({ code: next, members: { expiresAt: expiryOf(order) } });
    case 'order_not_pending':
    case 'order_not_refundable':
      return refuse({ code: next, members: { orderStatus: order.status } });
    case 'paid':
    case 'cancelled':
    case 'expired':
    case 'refunded':
      return { kind: 'found', order };
  }
};

const expiryOf = ({ orderId, expiresAt }: Order): string => {
  if (expiresAt === null) throw new Error(`order ${orderId} has no time of expiry`);
  return expiresAt.toISOString();
};
