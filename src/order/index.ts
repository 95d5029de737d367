export { startExpiry, type Expiry } from './expiry.ts';
export { evolveOrder } from './order.ts';
export type { OrderSettings } from './checkout-routes.ts';
export { orderRoutes } from './routes.ts';
export { buyers, orders } from './tables.ts';
