import { accept, type Decision, type Rows } from '../commit/index.ts';
import type { Refusal } from '../contract/index.ts';
import type { OrderCancelled } from './events.ts';
import { findFor, type OrderReference } from './find-order.ts';
import { metadataOf } from './metadata.ts';
import type { Order } from './tables.ts';

/** The data of an event that ends a reservation without a sale. */
export const endOf = ({ orderId, userId, lines, total, metadata }: Order) => ({
  orderId,
  userId,
  items: lines.map(({ productId, quantity }) => ({ productId, quantity })),
  total,
  ...metadataOf({ metadata }),
});

/**
 * Cancels a pending order and releases its stock. Outcomes in order: those of `findFor`, cancelled.
 */
export const decideCancellation = (
  input: OrderReference & { readonly reason?: string | undefined },
  rows: Rows,
  time: Date,
): Decision<OrderCancelled, Refusal> => {
  const found = findFor(input, 'cancel', rows, time);
  if (found.kind === 'refused') return found;
  const { orderId } = found.order;
  const { reason } = input;
  const data = { ...endOf(found.order), ...(reason === undefined ? {} : { reason }) };
  return accept([{ type: 'order.cancelled.v1', subject: orderId, data }]);
};
