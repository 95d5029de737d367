export { decideCheckout, decidePlacement } from './checkout.ts';
export { startExpiry, type Expiry } from './expiry.ts';
export { evolveOrder } from './order.ts';
export type { OrderSettings } from './checkout-routes.ts';
export { decideCancellation, decideExpiry, decidePayment } from './payment.ts';
export type { Item } from './quote.ts';
export { decideRefund } from './refund.ts';
export { orderRoutes } from './routes.ts';
export { buyers, orders } from './tables.ts';
