export { decideCancellation } from './cancellation.ts';
export { decideCheckout } from './checkout.ts';
export type { OrderEvent } from './events.ts';
export { decideExpiry } from './expiry.ts';
export { evolveOrder } from './order.ts';
export { decidePayment } from './payment.ts';
export { decidePlacement } from './placement.ts';
export type { Item } from './quote.ts';
export { decideRefund } from './refund.ts';
export {
  countOrders,
  findChangedOrders,
  findOrders,
  findNewestOrders,
  type FindOrdersRow,
} from './queries.gen.ts';
export { buyers, orderOf, orders } from './tables.ts';
