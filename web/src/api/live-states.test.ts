import { QueryClient, type QueryKey } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { showStates } from './live-states.ts';
import { bestSellersQuery, cartQuery, productQuery, productsQuery } from './queries.ts';

const productId = 'mug';
const mug = { productId, price: 100, stock: 5, status: 'active' } as const;
const listOf = (item: object) => ({ pages: [{ items: [item], nextCursor: null }], pageParams: [] });
const bestSellersOf = (stock: number) => ({ items: [{ productId, price: 100, stock }] });
const cartOf = (stock: number) => ({
  items: [{ ...mug, stock, status: 'ok', quantity: 1, priceWhenAdded: 100 }],
});

const PRODUCT: QueryKey = productQuery(productId).queryKey;
const LIST: QueryKey = productsQuery('', 'newest').queryKey;
const BEST: QueryKey = bestSellersQuery.queryKey;
const CART: QueryKey = cartQuery.queryKey;

const start = () => {
  const client = new QueryClient({ defaultOptions: { queries: { gcTime: Infinity } } });
  const states = showStates(client, undefined);
  return { client, showStock: states.stock!, showBestSellers: states['best-sellers']! };
};

/** A read that is answered when the test says so. */
const beginRead = (client: QueryClient, queryKey: QueryKey) => {
  const { promise, resolve } = Promise.withResolvers<object>();
  const read = client.fetchQuery({ queryKey, queryFn: () => promise });
  return async (answer: object): Promise<void> => {
    resolve(answer);
    await read;
  };
};

test('a state is in every query of the product, and only the lists are read again', () => {
  const { client, showStock } = start();
  client.setQueryData(PRODUCT, mug);
  client.setQueryData(LIST, listOf(mug));
  client.setQueryData(BEST, bestSellersOf(5));
  client.setQueryData(CART, cartOf(5));
  showStock({ ...mug, stock: 4 });
  expect(client.getQueryState(LIST)?.isInvalidated).toBe(false);
  showStock({ productId, stock: 3, price: 90, status: 'archived' });
  const archived = { productId, price: 90, stock: 3, status: 'archived' };
  expect(client.getQueryData(PRODUCT)).toEqual(archived);
  expect(client.getQueryData(LIST)).toEqual(listOf(archived));
  expect(client.getQueryData(BEST)).toEqual({ items: [{ productId, price: 90, stock: 3 }] });
  expect(client.getQueryData(CART)).toMatchObject({ purchasable: false, items: [archived] });
  const isInvalidated = (key: QueryKey) => client.getQueryState(key)?.isInvalidated;
  expect([PRODUCT, LIST, BEST, CART].map(isInvalidated)).toEqual([false, true, true, false]);
});

test('a read that began before a state does not undo it, also the first one', async () => {
  const { client, showStock, showBestSellers } = start();
  client.setQueryData(PRODUCT, mug);
  const answers = [PRODUCT, LIST, BEST, CART].map((key) => beginRead(client, key));
  showStock({ ...mug, stock: 4 });
  showStock({ ...mug, stock: 3 });
  expect(client.getQueryData(PRODUCT)).toMatchObject({ stock: 3 });
  const [product, list, best, cart] = answers as [(typeof answers)[0], ...typeof answers];
  await product({ ...mug, name: 'Mug' });
  expect(client.getQueryData(PRODUCT)).toEqual({ ...mug, name: 'Mug', stock: 3 });
  await list?.(listOf(mug));
  expect(client.getQueryData(LIST)).toEqual(listOf({ ...mug, stock: 3 }));
  await cart?.(cartOf(5));
  expect(client.getQueryData(CART)).toMatchObject({ items: [{ stock: 3 }] });
  showBestSellers({ ...bestSellersOf(2), currency: 'KRW', asOf: '', from: '', to: '' } as never);
  await best?.(bestSellersOf(5));
  expect(client.getQueryData(BEST)).toMatchObject(bestSellersOf(2));
});

test('a read that begins after a state is not changed by it', async () => {
  const { client, showStock } = start();
  showStock({ ...mug, stock: 4 });
  await beginRead(client, PRODUCT)(mug);
  expect(client.getQueryData(PRODUCT)).toEqual(mug);
});

test('a read that fails leaves the state as it is', async () => {
  const { client, showStock } = start();
  client.setQueryData(PRODUCT, mug);
  const { promise, reject } = Promise.withResolvers<object>();
  const read = client.fetchQuery({ queryKey: PRODUCT, queryFn: () => promise, retry: false });
  showStock({ ...mug, stock: 4 });
  reject(new Error('lost'));
  await expect(read).rejects.toThrow('lost');
  expect(client.getQueryData(PRODUCT)).toEqual({ ...mug, stock: 4 });
});

test('a read that is cancelled leaves the state as it is', async () => {
  const { client, showStock } = start();
  client.setQueryData(PRODUCT, mug);
  void beginRead(client, PRODUCT);
  showStock({ ...mug, stock: 4 });
  await client.cancelQueries({ queryKey: PRODUCT });
  expect(client.getQueryData(PRODUCT)).toEqual({ ...mug, stock: 4 });
});

test('a list that is to be read again is so after further states, too', () => {
  const { client, showStock } = start();
  const cup = { ...mug, productId: 'cup' };
  client.setQueryData(LIST, { ...listOf(mug), pages: [{ items: [mug, cup], nextCursor: null }] });
  showStock({ ...mug, status: 'archived' });
  showStock({ ...cup, stock: 4 });
  showStock({ ...mug, productId: 'bowl' });
  expect(client.getQueryState(LIST)).toMatchObject({
    data: { pages: [{ items: [{ status: 'archived' }, { stock: 4 }] }] },
    isInvalidated: true,
  });
});

test('a state leaves when a list was read and what failed, and lists without its product', async () => {
  const { client, showStock } = start();
  const OTHER: QueryKey = productsQuery('bowl', 'newest').queryKey;
  const bowls = listOf({ ...mug, productId: 'bowl' });
  client.setQueryData(OTHER, bowls);
  client.setQueryData(LIST, listOf(mug), { updatedAt: 1 });
  const failing = () => Promise.reject(new Error('lost'));
  await client
    .fetchQuery({ queryKey: LIST, queryFn: failing, retry: false })
    .catch(() => undefined);
  showStock({ ...mug, stock: 4 });
  expect(client.getQueryState(LIST)).toMatchObject({
    data: listOf({ ...mug, stock: 4 }),
    dataUpdatedAt: 1,
    error: new Error('lost'),
  });
  expect(client.getQueryData(OTHER)).toBe(bowls);
});
