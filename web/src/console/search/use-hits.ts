import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { dataOf, moa } from '../../api/moa.ts';
import { useFormat } from '../../i18n/format.ts';
import { idIn } from '../parts/id.ts';
import type { Hit } from './hits.ts';

/** Hits of each kind that are shown. */
const LIMIT = 5;
/** A pause in typing. */
const PAUSE_MS = 150;
const NOT_FOUND = new Set(['order_not_found', 'product_not_found']);

const read = async (text: string, signal: AbortSignal) => {
  const query = { query: text, limit: LIMIT };
  const id = idIn(text);
  const [users, products, order, product] = await Promise.all([
    dataOf(moa.calls.get('/v1/users', { query, signal })),
    dataOf(moa.calls.get('/v1/products', { query, signal })),
    id === undefined ? undefined : moa.order(id, { signal }),
    id === undefined ? undefined : moa.product(id, { signal }),
  ]);
  for (const found of [order, product]) {
    if (found?.ok === false && !NOT_FOUND.has(found.problem.code)) {
      await dataOf(Promise.resolve(found));
    }
  }
  return {
    orders: order?.ok === true ? [order.data] : [],
    users: users.items,
    products: [...(product?.ok === true ? [product.data] : []), ...products.items],
  };
};

/**
 * What a text finds: an order by its id, users and products by words; a pause after typing. Until
 * then, the hits of the text before, which are not `isCurrent`.
 */
export const useHits = (text: string) => {
  const format = useFormat();
  const [asked] = useDebouncedValue(text.trim(), PAUSE_MS);
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: ['console', 'search', asked],
    queryFn: ({ signal }) => read(asked, signal),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
  });
  const hits: Hit[] | undefined =
    data === undefined
      ? undefined
      : [
          ...data.orders.map(({ orderId, userId, total, currency, createdAt }) => ({
            kind: 'order' as const,
            id: orderId,
            name: orderId,
            note: `${userId} · ${format.money(total, currency)} · ${format.short(createdAt)}`,
          })),
          ...data.users.map(({ userId, name }) => ({
            kind: 'user' as const,
            id: userId,
            name: name ?? userId,
            note: name === null ? '' : userId,
          })),
          ...data.products.map(({ productId, name, price, currency, sku }) => ({
            kind: 'product' as const,
            id: productId,
            name,
            note: [sku, format.money(price, currency)].filter((part) => part !== null).join(' · '),
          })),
        ];
  const isCurrent = asked === text.trim() && data !== undefined && !isPlaceholderData;
  return { hits, error, isCurrent, refetch };
};
