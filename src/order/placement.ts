import { accept, refuse, type Rows } from '../commit/index.ts';
import { leaveCart, type CheckoutInput, type OrderDecision } from './checkout.ts';
import type { OrderPlaced } from './events.ts';
import { metadataOf } from './metadata.ts';
import { quote } from './quote.ts';
import { buyers } from './tables.ts';

export interface PlacementInput extends CheckoutInput {
  /** How long the stock is reserved. */
  readonly reservationMs: number;
  /** The maximum number of a user's pending orders. */
  readonly pendingMax: number;
}

/**
 * Reserves the stock for a while. Outcomes in order: those of `quote`, `too_many_pending_orders`,
 * pending.
 */
export const decidePlacement = (input: PlacementInput, rows: Rows, time: Date): OrderDecision => {
  const { orderId, userId, currency, pendingMax } = input;
  const quoted = quote(input, rows);
  if (quoted.kind === 'refused') return quoted;
  const { items, total } = quoted;
  if ((rows.get(buyers, userId)?.pendingOrders ?? 0) >= pendingMax) {
    return refuse({ code: 'too_many_pending_orders', members: { limit: pendingMax } });
  }
  const createdAt = time.toISOString();
  const expiresAt = new Date(time.getTime() + input.reservationMs).toISOString();
  const times = { createdAt, expiresAt };
  const data = { orderId, userId, items, total, currency, ...times, ...metadataOf(input) };
  const placed: OrderPlaced = { type: 'order.placed.v1', subject: orderId, data };
  return accept([placed, ...leaveCart(input)]);
};
