import type { CallOptions, Calls, CartOptions } from './call.ts';

type VersionedOptions = Omit<CartOptions, 'key'>;

/** The calls of a user's cart. */
export const cartCalls = (calls: Calls, userId: string) => ({
  /** Reads the cart with current prices and stock. */
  get: (options: CallOptions = {}) =>
    calls.get('/v1/users/{userId}/cart', { path: { userId }, ...options }),
  /** Adds units to what is in the cart. */
  add: (productId: string, quantity: number, options: CartOptions = {}) =>
    calls.post('/v1/users/{userId}/cart/items', {
      path: { userId },
      body: { productId, quantity },
      ...options,
    }),
  /** Sets the quantity of a product. */
  set: (productId: string, quantity: number, options: VersionedOptions = {}) =>
    calls.put('/v1/users/{userId}/cart/items/{productId}', {
      path: { userId, productId },
      body: { quantity },
      ...options,
    }),
  /** Removes a product. */
  remove: (productId: string, options: VersionedOptions = {}) =>
    calls.delete('/v1/users/{userId}/cart/items/{productId}', {
      path: { userId, productId },
      ...options,
    }),
  /** Empties the cart. */
  clear: (options: VersionedOptions = {}) =>
    calls.delete('/v1/users/{userId}/cart', { path: { userId }, ...options }),
});
