export { decideCancellation } from './cancellation.ts';
export { decideCheckout } from './checkout.ts';
export type { OrderEvent } from './events.ts';
export { decideExpiry } from './expiry.ts';
export { startExpiry, type Expiry } from './expiry-loop.ts';
export { evolveOrder } from './order.ts';
export type { OrderSettings } from './checkout-routes.ts';
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
export { ownerOf } from './order-routes.ts';
export { orderRoutes } from './routes.ts';
export { OrderView } from './schemas.ts';
export { buyers, orderOf, orders } from './tables.ts';
export { viewOrder } from './view.ts';
