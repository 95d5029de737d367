export { cartItems, cartOrdered, evolveCart, type CartEvent } from './cart.ts';
export { carts } from './tables.ts';
