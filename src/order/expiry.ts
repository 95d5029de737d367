import { accept, type Decision, type Rows } from '../commit/index.ts';
import type { Refusal } from '../contract/index.ts';
import { endOf } from './cancellation.ts';
import type { OrderExpired } from './events.ts';
import { findFor } from './find-order.ts';
import { isDue } from './order.ts';

/** Records that a pending order has expired; an order that is not due is unchanged. */
export const decideExpiry = (
  { orderId }: { readonly orderId: string },
  rows: Rows,
  time: Date,
): Decision<OrderExpired, Refusal> => {
  const found = findFor({ orderId, owner: undefined }, 'expire', rows, time);
  const isOver = found.kind === 'found' && isDue(found.order, time);
  if (!isOver) return accept([]);
  return accept([{ type: 'order.expired.v1', subject: orderId, data: endOf(found.order) }]);
};
