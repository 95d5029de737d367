import type { Happened } from '../commit/index.ts';
import { existingWallet } from '../wallet/core.ts';
import type { OrderRefunded } from './events.ts';
import { existingOrder } from './order.ts';
import type { Order } from './tables.ts';

/** An order in the form of the API. */
export const viewOrder = (order: Order, currency: string): object => ({
  orderId: order.orderId,
  userId: order.userId,
  status: order.status,
  items: order.lines.map((line) => ({
    productId: line.productId,
    name: line.name,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    lineTotal: line.quantity * line.unitPrice,
    refundedQuantity: line.refundedQuantity,
  })),
  total: order.total,
  refundedTotal: order.refundedTotal,
  currency,
  createdAt: order.createdAt,
  expiresAt: order.expiresAt,
  paidAt: order.paidAt,
  metadata: order.metadata ?? {},
});

/** The answer of a command: the changed order. */
export const answerOrder =
  (orderId: string, currency: string) =>
  ({ rows }: Happened<unknown>) => ({
    status: 201,
    body: viewOrder(existingOrder(orderId, rows), currency),
  });

/** A paid order with the wallet's balance. */
export const answerPaidOrder =
  (orderId: string, currency: string) =>
  ({ rows }: Happened<unknown>) => {
    const order = existingOrder(orderId, rows);
    const { balance } = existingWallet(order.userId, rows);
    return { status: 201, body: { ...viewOrder(order, currency), balance } };
  };

/** A refund with the wallet's balance. */
export const answerRefund = ({ events: [refunded], rows, time }: Happened<OrderRefunded>) => {
  if (refunded === undefined) throw new Error('an accepted refund has no event');
  const { refundId, orderId, userId, amount, items } = refunded.data;
  return {
    status: 201,
    body: {
      refundId,
      orderId,
      amount,
      balance: existingWallet(userId, rows).balance,
      items: items.map(({ isWhole: _, ...item }) => item),
      createdAt: time,
    },
  };
};
