import { excessStock, products } from '../catalog/core.ts';
import { accept, refuse, type Decision, type Rows } from '../commit/index.ts';
import { AMOUNT_MAX } from '../contract/core.ts';
import type { Refusal } from '../contract/index.ts';
import { excess, existingWallet } from '../wallet/core.ts';
import type { OrderRefunded, RefundedItem } from './events.ts';
import { findFor, type OrderReference } from './find-order.ts';
import { metadataOf } from './metadata.ts';
import type { Order } from './tables.ts';
import type { Item } from './quote.ts';

export interface RefundInput extends OrderReference {
  readonly refundId: string;
  /** Merged items; undefined for all remaining units. */
  readonly items: readonly Item[] | undefined;
  /** Whether the units can be sold again. */
  readonly restock: boolean;
  readonly reason?: string | undefined;
}

/**
 * Refunds all or a part of an order to the wallet, also beyond the limit for charges, up to the
 * largest amount. Outcomes in order: those of `findFor`, `refund_exceeds_order`,
 * `balance_limit_exceeded`, `stock_limit_exceeded` of the first such item, refunded.
 */
export const decideRefund = (
  input: RefundInput,
  rows: Rows,
  time: Date,
): Decision<OrderRefunded, Refusal> => {
  const found = findFor(input, 'refund', rows, time);
  if (found.kind === 'refused') return found;
  const { order } = found;
  if (order.paidAt === null) throw new Error(`order ${order.orderId} has no time of payment`);
  const left = new Map(
    order.lines.map((line) => [line.productId, line.quantity - line.refundedQuantity]),
  );
  const wanted = input.items ?? itemsLeft(left);
  const exceeding = wanted.filter(
    ({ productId, quantity }) => quantity > (left.get(productId) ?? 0),
  );
  if (exceeding.length > 0) {
    const items = exceeding.map(({ productId, quantity }) => ({
      productId,
      requested: quantity,
      refundable: left.get(productId) ?? 0,
    }));
    return refuse({ code: 'refund_exceeds_order', members: { items } });
  }

  const { refundId, restock, reason } = input;
  const { orderId, userId, paidAt } = order;
  const items = wanted.map((item) => priceRefund(order, item, left.get(item.productId) ?? 0));
  const amount = items.reduce((sum, item) => sum + item.amount, 0);
  const beyond = excess(existingWallet(userId, rows), amount, AMOUNT_MAX);
  if (beyond !== undefined) return refuse(beyond);
  for (const { productId, quantity } of restock ? items : []) {
    const product = rows.get(products, productId);
    const tooMany = product && excessStock(product, quantity);
    if (tooMany !== undefined) return refuse(tooMany);
  }
  const refunded: OrderRefunded = {
    type: 'order.refunded.v1',
    subject: orderId,
    data: {
      refundId,
      orderId,
      userId,
      items,
      amount,
      restock,
      paidAt: paidAt.toISOString(),
      ...(reason === undefined ? {} : { reason }),
      ...metadataOf(order),
    },
  };
  return accept([refunded]);
};

const itemsLeft = (left: ReadonlyMap<string, number>): Item[] =>
  [...left]
    .filter(([, quantity]) => quantity > 0)
    .map(([productId, quantity]) => ({ productId, quantity }));

const priceRefund = (
  { lines }: Order,
  { productId, quantity }: Item,
  left: number,
): RefundedItem => {
  const unitPrice = lines.find((line) => line.productId === productId)?.unitPrice ?? NaN;
  return { productId, quantity, amount: quantity * unitPrice, isWhole: quantity === left };
};
