import { cartOrdered, type CartEvent } from '../cart/core.ts';
import { accept, refuse, type Decision, type Rows } from '../commit/index.ts';
import type { Metadata, Refusal } from '../contract/index.ts';
import { shortfall } from '../wallet/core.ts';
import type { OrderEvent, OrderPaid } from './events.ts';
import { metadataOf } from './metadata.ts';
import { quote, type OrderRequest } from './quote.ts';

export type OrderDecision = Decision<OrderEvent | CartEvent, Refusal>;

export interface CheckoutInput extends OrderRequest {
  readonly orderId: string;
  readonly currency: string;
  readonly metadata?: Metadata | undefined;
}

/**
 * Orders and pays in one step, all or nothing; a cart that is checked out is empty afterwards.
 * Outcomes in order: those of `quote`, `insufficient_balance`, paid.
 */
export const decideCheckout = (input: CheckoutInput, rows: Rows, time: Date): OrderDecision => {
  const { orderId, userId, currency } = input;
  const quoted = quote(input, rows);
  if (quoted.kind === 'refused') return quoted;
  const { wallet, items, total } = quoted;
  const unpaid = shortfall(wallet, total);
  if (unpaid !== undefined) return refuse(unpaid);

  const now = time.toISOString();
  const times = { createdAt: now, paidAt: now };
  const data = { orderId, userId, items, total, currency, ...times, ...metadataOf(input) };
  const paid: OrderPaid = { type: 'order.paid.v1', subject: orderId, data };
  return accept([paid, ...leaveCart(input)]);
};

/** The event that empties an ordered cart. */
export const leaveCart = ({ items, userId }: OrderRequest): CartEvent[] =>
  items === 'cart' ? [cartOrdered(userId)] : [];
