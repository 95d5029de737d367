import { cartOrdered, type CartEvent } from '../cart/index.ts';
import { accept, refuse, type Decision, type Rows } from '../commit/index.ts';
import type { Refusal } from '../contract/index.ts';
import { shortfall, wallets } from '../wallet/index.ts';
import type { OrderEvent, OrderPaid, OrderPlaced } from './events.ts';
import { quote, type Wish } from './quote.ts';
import { buyers, orders } from './tables.ts';
import { viewOrder } from './view.ts';

type OrderDecision = Decision<OrderEvent | CartEvent, Refusal>;

export interface CheckoutInput extends Wish {
  readonly orderId: string;
  readonly currency: string;
}

/**
 * Order and payment in one step, all or nothing; a cart that is checked out is empty afterwards.
 * Outcomes in order: those of `quote`, `insufficient_balance`, paid.
 */
export const decideCheckout = (input: CheckoutInput, rows: Rows, time: Date): OrderDecision => {
  const { orderId, userId, currency } = input;
  const quoted = quote(input, rows);
  if (quoted.kind === 'refused') return quoted;
  const { wallet, items, total } = quoted;
  const unpaid = shortfall(wallet, total);
  if (unpaid !== undefined) return refuse(unpaid);

  const data = { orderId, userId, items, total, currency, createdAt: time, paidAt: time };
  const paid: OrderPaid = { type: 'order.paid.v1', subject: orderId, data };
  return accept([paid, ...leaveCart(input)], (after) => answerPaid(orderId, currency, after));
};

export interface PlacementInput extends CheckoutInput {
  /** How long the stock is reserved. */
  readonly reservationMs: number;
  /** How many pending orders a user may have. */
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
  const expiresAt = new Date(time.getTime() + input.reservationMs);
  const data = { orderId, userId, items, total, currency, createdAt: time, expiresAt };
  const placed: OrderPlaced = { type: 'order.placed.v1', subject: orderId, data };
  return accept([placed, ...leaveCart(input)], (after) => ({
    status: 201,
    body: JSON.stringify(orderIn(after, orderId, currency)),
  }));
};

const leaveCart = ({ items, userId }: Wish): CartEvent[] =>
  items === 'cart' ? [cartOrdered(userId)] : [];

/** A paid order with what is left in the wallet. */
export const answerPaid = (orderId: string, currency: string, rows: Rows) => {
  const order = rows.get(orders, orderId);
  const balance = rows.get(wallets, order?.userId ?? '')?.balance;
  return {
    status: 201,
    body: JSON.stringify({ ...orderIn(rows, orderId, currency), balance }),
  };
};

/** The order as the batch has left it. */
export const orderIn = (rows: Rows, orderId: string, currency: string): object => {
  const order = rows.get(orders, orderId);
  if (order === undefined) throw new Error(`order ${orderId} is not there`);
  return viewOrder(order, currency);
};
