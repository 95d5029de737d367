export { cartItems, cartOrdered, evolveCart, type CartEvent } from './cart.ts';
export { cartRoutes } from './routes.ts';
export { carts } from './tables.ts';
