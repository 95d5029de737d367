export { decideCheckout, evolveOrder, mergeItems } from './order.ts';
export { orderRoutes } from './routes.ts';
export { lines, orders } from './tables.ts';
