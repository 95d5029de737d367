import type { CallOptions, Calls } from './call.ts';
import type { OperationAt, QueryOf } from './contract.ts';
import type { createLists } from './list.ts';

type ProductsQuery = QueryOf<OperationAt<'get', '/v1/products'>>;
type BestSellersQuery = QueryOf<OperationAt<'get', '/v1/best-sellers'>>;

/** The calls of products. */
export const catalogCalls = (calls: Calls, list: ReturnType<typeof createLists>) => ({
  /** Products by query and sort order. */
  products: (query: ProductsQuery = {}, options: CallOptions = {}) =>
    list('/v1/products', { query, ...options }),
  /** Reads a product with its current stock. */
  product: (productId: string, options: CallOptions = {}) =>
    calls.get('/v1/products/{productId}', { path: { productId }, ...options }),
  /** The best sellers of the last days. */
  bestSellers: (query: BestSellersQuery = {}, options: CallOptions = {}) =>
    calls.get('/v1/best-sellers', { query, ...options }),
});
