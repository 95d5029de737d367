import type { CallOptions, Calls, KeyedOptions } from './call.ts';
import type { OperationAt, OrderRequest, QueryOf } from './contract.ts';
import type { createLists } from './list.ts';

type OrdersQuery = QueryOf<OperationAt<'get', '/v1/users/{userId}/orders'>>;

/** What is ordered; without a user, the caller orders. */
export type NewOrder = OrderRequest extends infer Request
  ? Request extends { userId: string }
    ? Omit<Request, 'userId'> & { readonly userId?: string | undefined }
    : never
  : never;

/** Options of a cancellation. */
export interface CancelOptions extends KeyedOptions {
  readonly reason?: string | undefined;
}

const bodyOf = (order: NewOrder): OrderRequest => ({
  ...order,
  userId: order.userId ?? 'me',
});

/** The calls of orders. */
export const orderCalls = (calls: Calls, list: ReturnType<typeof createLists>) => ({
  /** Orders and pays from the balance in one step, all or nothing. */
  checkout: (order: NewOrder, options: KeyedOptions = {}) =>
    calls.post('/v1/checkout', { body: bodyOf(order), ...options }),
  /** Orders without payment; the stock is reserved for a while. */
  placeOrder: (order: NewOrder, options: KeyedOptions = {}) =>
    calls.post('/v1/orders', { body: bodyOf(order), ...options }),
  /** Pays a pending order from its owner's balance. */
  payOrder: (orderId: string, options: KeyedOptions = {}) =>
    calls.post('/v1/orders/{orderId}/payment', { path: { orderId }, ...options }),
  /** Cancels a pending order. */
  cancelOrder: (orderId: string, { reason, ...options }: CancelOptions = {}) =>
    calls.post('/v1/orders/{orderId}/cancellation', {
      path: { orderId },
      body: reason === undefined ? {} : { reason },
      ...options,
    }),
  /** Reads an order. */
  order: (orderId: string, options: CallOptions = {}) =>
    calls.get('/v1/orders/{orderId}', { path: { orderId }, ...options }),
  /** A user's orders, newest first; without a user, the caller's. */
  orders: (
    { userId = 'me', ...query }: OrdersQuery & { userId?: string } = {},
    options: CallOptions = {},
  ) => list('/v1/users/{userId}/orders', { path: { userId }, query, ...options }),
});
