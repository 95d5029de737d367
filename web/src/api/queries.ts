import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Order } from '@moa-commerce/client';
import { dataOf, moa } from './moa.ts';
import type { ProductSort } from './product-sorts.ts';

/** Lists are read in pages of this many items. */
const PAGE = 24;

export type OrderStatus = Order['status'];

interface Page {
  readonly nextCursor: string | null;
}

const paging = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ nextCursor }: Page) => nextCursor ?? undefined,
};

export const productsQuery = (query: string, sort: ProductSort) =>
  infiniteQueryOptions({
    queryKey: ['products', query, sort],
    queryFn: ({ pageParam }) =>
      dataOf(
        moa.products({ sort, limit: PAGE, ...(query === '' ? {} : { query }) }).page(pageParam),
      ),
    ...paging,
  });

export const productQuery = (productId: string) =>
  queryOptions({
    queryKey: ['product', productId],
    queryFn: ({ signal }) => dataOf(moa.product(productId, { signal })),
  });

export const bestSellersQuery = queryOptions({
  queryKey: ['best-sellers'],
  queryFn: ({ signal }) => dataOf(moa.bestSellers({}, { signal })),
});

export const cartQuery = queryOptions({
  queryKey: ['me', 'cart'],
  queryFn: ({ signal }) => dataOf(moa.cart().get({ signal })),
});

export const walletQuery = queryOptions({
  queryKey: ['me', 'wallet'],
  queryFn: ({ signal }) => dataOf(moa.wallet().get({ signal })),
});

export const entriesQuery = infiniteQueryOptions({
  queryKey: ['me', 'entries'],
  queryFn: ({ pageParam }) => dataOf(moa.wallet().entries({ limit: PAGE }).page(pageParam)),
  ...paging,
});

export const ordersQuery = (status?: OrderStatus) =>
  infiniteQueryOptions({
    queryKey: ['me', 'orders', status ?? 'all'],
    queryFn: ({ pageParam }) =>
      dataOf(
        moa.orders({ limit: PAGE, ...(status === undefined ? {} : { status }) }).page(pageParam),
      ),
    ...paging,
  });

export const orderQuery = (orderId: string) =>
  queryOptions({
    queryKey: ['order', orderId],
    queryFn: ({ signal }) => dataOf(moa.order(orderId, { signal })),
  });
