export { evolveOrder } from './order.ts';
export { orderRoutes } from './routes.ts';
