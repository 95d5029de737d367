import type { QueryClient } from '@tanstack/react-query';
import type { Order } from '@moa-commerce/client';
import { dataOf, moa } from '../../api/moa.ts';
import { orderQuery } from '../../api/queries.ts';
import { listQuery } from '../parts/list-query.ts';
import type { OrdersQuery } from './filters.ts';

/** How often an open order, and lists of which nobody has paged further, are read again. */
const REFRESH_MS = 15_000;

const LISTS = ['console', 'orders'] as const;

/** The orders of all users, newest first. */
export const ordersQuery = (query: OrdersQuery) =>
  listQuery({
    queryKey: [...LISTS, query],
    readPage: ({ limit, cursor, signal }) =>
      dataOf(moa.list('/v1/orders', { query: { ...query, limit }, signal }).page(cursor)),
    everyMs: REFRESH_MS,
  });

/** An order beside the list; the streams of staff say nothing about orders. */
export const openOrderQuery = (orderId: string) => ({
  ...orderQuery(orderId),
  refetchInterval: REFRESH_MS,
});

/** What happened to an order, oldest first; it is read again with the order. */
export const eventsQuery = (orderId: string) =>
  listQuery({
    queryKey: [...orderQuery(orderId).queryKey, 'events'],
    readPage: ({ limit, cursor, signal }) => {
      const options = { path: { orderId }, query: { limit }, signal };
      return dataOf(moa.list('/v1/orders/{orderId}/events', options).page(cursor));
    },
    everyMs: REFRESH_MS,
  });

/** An order as a list has read it, to be shown while it is read alone. */
export const findListed = (client: QueryClient, orderId: string): Order | undefined =>
  client
    .getQueriesData<{ readonly pages: readonly { readonly items: readonly Order[] }[] }>({
      queryKey: LISTS,
    })
    .flatMap(([, data]) => data?.pages.flatMap(({ items }) => items) ?? [])
    .find((order) => order.orderId === orderId);

/** Reads again what an effect on an order has changed: the order, the lists, stock and wallet. */
export const refreshOrder = async (client: QueryClient, order: Order): Promise<void> => {
  await client.invalidateQueries({ queryKey: orderQuery(order.orderId).queryKey });
  void client.invalidateQueries({ queryKey: LISTS });
  void client.invalidateQueries({ queryKey: ['products'] });
  for (const { productId } of order.items)
    void client.invalidateQueries({ queryKey: ['product', productId] });
};
