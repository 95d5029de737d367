export * from './core.ts';
export { readExpiryLag, startExpiry, type Expiry } from './expiry-loop.ts';
export type { OrderSettings } from './checkout-routes.ts';
export { orderRoutes } from './routes.ts';
export { OrderView } from './schemas.ts';
export { viewOrder } from './view.ts';
