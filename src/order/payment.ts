import { accept, refuse, type Decision, type Rows } from '../commit/index.ts';
import type { Refusal } from '../contract/index.ts';
import { existingWallet, shortfall } from '../wallet/core.ts';
import type { OrderPaid } from './events.ts';
import { findFor, type OrderReference } from './find-order.ts';
import { metadataOf } from './metadata.ts';

/**
 * Pays a pending order from the wallet. Outcomes in order: those of `findFor`,
 * `insufficient_balance`, paid.
 */
export const decidePayment = (
  input: OrderReference & { readonly currency: string },
  rows: Rows,
  time: Date,
): Decision<OrderPaid, Refusal> => {
  const found = findFor(input, 'pay', rows, time);
  if (found.kind === 'refused') return found;
  const { orderId, userId, lines, total, createdAt } = found.order;
  const unpaid = shortfall(existingWallet(userId, rows), total);
  if (unpaid !== undefined) return refuse(unpaid);
  const items = lines.map(({ refundedQuantity: _, ...line }) => ({
    ...line,
    lineTotal: line.quantity * line.unitPrice,
  }));
  const { currency } = input;
  const times = { createdAt: createdAt.toISOString(), paidAt: time.toISOString() };
  const data = { orderId, userId, items, total, currency, ...times, ...metadataOf(found.order) };
  return accept([{ type: 'order.paid.v1', subject: orderId, data }]);
};
