import { queryOptions, type QueryClient } from '@tanstack/react-query';
import type { Product } from '@moa-commerce/client';
import { dataOf, moa } from '../../api/moa.ts';
import { productQuery } from '../../api/queries.ts';
import { listQuery } from '../parts/list-query.ts';
import type { ProductsQuery } from './filters.ts';

/** The products of the console; live stock reaches every list of products. */
export const productsQuery = (query: ProductsQuery) =>
  listQuery({
    queryKey: ['products', 'console', query],
    readPage: ({ limit, cursor, signal }) =>
      dataOf(moa.products({ ...query, limit }, { signal }).page(cursor)),
  });

/** A product as it was at a time. */
export const pastProductQuery = (productId: string, at: Date) =>
  queryOptions({
    queryKey: ['console', 'product-at', productId, at.getTime()],
    queryFn: ({ signal }) =>
      dataOf(
        moa.calls.get('/v1/products/{productId}', {
          path: { productId },
          query: { at: at.toISOString() },
          signal,
        }),
      ),
  });

/** Movements are read in short pages: they stand in the panel of a product. */
const MOVEMENTS = 10;
/** How often the newest movements are read while nobody has paged further. */
const REFRESH_MS = 15_000;

/** The movements of a product's stock, newest first; they are read again with the product. */
export const movementsQuery = (productId: string) =>
  listQuery({
    queryKey: [...productQuery(productId).queryKey, 'movements'],
    readPage: ({ limit, cursor, signal }) =>
      dataOf(
        moa
          .list('/v1/products/{productId}/movements', {
            path: { productId },
            query: { limit },
            signal,
          })
          .page(cursor),
      ),
    limit: MOVEMENTS,
    everyMs: REFRESH_MS,
  });

/** Shows a product as it is now, and reads again what lists it. */
export const showProduct = (client: QueryClient, product: Product): void => {
  client.setQueryData(productQuery(product.productId).queryKey, product);
  void client.invalidateQueries({ queryKey: ['products'] });
  void client.invalidateQueries({ queryKey: ['best-sellers'] });
};

/** Reads a product and its lists again. */
export const refreshProduct = async (client: QueryClient, productId: string): Promise<void> => {
  void client.invalidateQueries({ queryKey: ['products'] });
  await client.invalidateQueries({ queryKey: productQuery(productId).queryKey });
};
