import type { Order } from './order.ts';

/** The order as the API shows it. */
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
});
