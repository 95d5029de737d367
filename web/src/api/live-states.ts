import {
  hashKey,
  replaceEqualDeep,
  type QueryClient,
  type QueryFilters,
  type QueryKey,
} from '@tanstack/react-query';
import type { Cart, LiveListeners, Order, Product, components } from '@moa-commerce/client';
import { cartWithStock } from '../shop/cart/lines.ts';
import { bestSellersQuery, cartQuery, orderQuery, productQuery, walletQuery } from './queries.ts';
import { readSessionAgain } from './session.ts';

type Schemas = components['schemas'];
type StockState = Schemas['StockState'];
type BestSellers = Schemas['BestSellers'];

interface ProductPages {
  readonly pages: readonly { readonly items: readonly Product[] }[];
}

const LISTS = { queryKey: ['products'] };

/** The queries that show the stock of a product. */
const queriesWith = (productId: string): QueryFilters[] => [
  { queryKey: productQuery(productId).queryKey, exact: true },
  LISTS,
  { queryKey: bestSellersQuery.queryKey },
  { queryKey: cartQuery.queryKey },
];

type Item = Pick<StockState, 'productId'> & Partial<Pick<StockState, 'status'>>;

const withStock = <P extends { readonly items: readonly Item[] }>(
  page: P,
  { productId, stock, price, status }: StockState,
): P => ({
  ...page,
  items: page.items.map((item) => {
    if (item.productId !== productId) return item;
    // A best seller has no status.
    return { ...item, stock, price, ...(item.status === undefined ? {} : { status }) };
  }),
});

/**
 * Changes a part of what queries have read. It leaves when they were read, whether they are to be
 * read again, and what failed; data in which nothing changes stays the same object.
 */
const change = <Data extends object>(
  client: QueryClient,
  queries: QueryFilters,
  changed: (data: Data) => Data,
): void => {
  for (const query of client.getQueryCache().findAll(queries)) {
    const old = query.state.data as Data | undefined;
    if (old === undefined) continue;
    const data = replaceEqualDeep(old, changed(old));
    if (data !== old) query.setState({ data });
  }
};

const writeStock = (client: QueryClient, state: StockState): void => {
  const lists = client.getQueriesData<ProductPages>(LISTS);
  const isMoved = lists
    .flatMap(([, list]) => list?.pages.flatMap(({ items }) => items) ?? [])
    .some(({ productId, status }) => productId === state.productId && status !== state.status);
  const { queryKey } = productQuery(state.productId);
  change(client, { queryKey, exact: true }, (old: Product) => ({ ...old, ...state }));
  // Lists of products and the cart show the same figure; only those that name the product change.
  change(client, LISTS, (old: ProductPages) => ({
    ...old,
    pages: old.pages.map((page) => withStock(page, state)),
  }));
  const { queryKey: bestSellers } = bestSellersQuery;
  change(client, { queryKey: bestSellers }, (old: BestSellers) => withStock(old, state));
  change(client, { queryKey: cartQuery.queryKey }, (old: Cart) => cartWithStock(old, state));
  if (!isMoved) return;
  // An archived product is in other lists than before.
  void client.invalidateQueries(LISTS);
  void client.invalidateQueries({ queryKey: bestSellersQuery.queryKey });
};

/**
 * Writes a state now, and once more over each read that is on its way: its answer may be older.
 * Reading again instead would never end while a product sells quickly.
 */
const writeOver = (
  client: QueryClient,
  queries: readonly QueryFilters[],
  write: () => void,
): void => {
  write();
  const reads = queries.flatMap((each) =>
    client.getQueryCache().findAll({ ...each, fetchStatus: 'fetching' }),
  );
  // A read that is cancelled puts back what was before it.
  for (const { promise } of reads) promise?.then(write, write);
};

const showStock = (client: QueryClient, state: StockState): void =>
  writeOver(client, queriesWith(state.productId), () => writeStock(client, state));

const showBestSellers = (client: QueryClient, list: BestSellers): void => {
  const { queryKey } = bestSellersQuery;
  writeOver(client, [{ queryKey }], () => client.setQueryData(queryKey, list));
};

/** Replaces the data of a query; an answer that is on its way may be older, so it is read again. */
const replace = (client: QueryClient, queryKey: QueryKey, data: unknown): void => {
  client.setQueryData(queryKey, data);
  if (client.isFetching({ queryKey, exact: true }) > 0)
    void client.invalidateQueries({ queryKey, exact: true });
};

const ORDER_LISTS = ['me', 'orders'];
const ORDER = ['order'];

const areAmong = (some: readonly Order[], orders: readonly Order[]): boolean => {
  const known = new Set(orders.map((order) => hashKey([order])));
  return some.every((order) => known.has(hashKey([order])));
};

/**
 * A stream begins with the newest orders, the only ones that say what changed before it. Unless it
 * was resumed, older orders may have changed too.
 */
const showOrders = (client: QueryClient, items: readonly Order[], resumed: boolean): void => {
  for (const order of items) {
    const { queryKey } = orderQuery(order.orderId);
    if (client.getQueryState(queryKey) !== undefined) replace(client, queryKey, order);
  }
  const lists = client.getQueriesData<OrderPages>({ queryKey: ORDER_LISTS });
  const listed = lists.flatMap(([, data]) => data?.pages.flatMap((page) => page.items) ?? []);
  const isNews = !areAmong(items, listed) || (!resumed && !areAmong(listed, items));
  if (isNews) void client.invalidateQueries({ queryKey: ORDER_LISTS });
  if (resumed) return;
  const shown = new Set(items.map(({ orderId }) => hashKey(orderQuery(orderId).queryKey)));
  void client.invalidateQueries({
    queryKey: ORDER,
    predicate: ({ queryHash, queryKey }) => queryKey.length === 2 && !shown.has(queryHash),
  });
};

interface OrderPages {
  readonly pages: readonly { readonly items: readonly Order[] }[];
}

const showOrder = (client: QueryClient, order: Order): void => {
  replace(client, orderQuery(order.orderId).queryKey, order);
  void client.invalidateQueries({ queryKey: ORDER_LISTS });
  void client.invalidateQueries({ queryKey: ['me', 'cart'] });
};

const showWallet = (client: QueryClient, wallet: Schemas['WalletState']): void => {
  replace(client, walletQuery.queryKey, wallet);
  void client.invalidateQueries({ queryKey: ['me', 'entries'] });
};

export const operationsKey = ['operations'] as const;

/**
 * What writes the states of a stream into the cache of the queries. A stream that connects again
 * may be another person's by then, whose states are not shown on this page.
 */
export const showStates = (
  client: QueryClient,
  userId: string | undefined,
): Omit<LiveListeners, 'failed'> => {
  const own =
    <State extends { readonly userId: string }>(show: (cache: QueryClient, state: State) => void) =>
    (state: State): void => {
      if (state.userId === userId) show(client, state);
      else void readSessionAgain(client);
    };
  return {
    stock: (state) => showStock(client, state),
    'best-sellers': (list) => showBestSellers(client, list),
    orders: ({ items, resumed }) => {
      const mine = items.filter((order) => order.userId === userId);
      showOrders(client, mine, resumed);
    },
    order: own(showOrder),
    wallet: own(showWallet),
    operations: (operations) => client.setQueryData(operationsKey, operations),
  };
};
