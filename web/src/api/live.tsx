import {
  hashKey,
  useIsMutating,
  useQueryClient,
  type QueryClient,
  type QueryKey,
} from '@tanstack/react-query';
import {
  createContext,
  use,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import type { Order, Product, Wallet, components } from '@moa-commerce/client';
import { cartWithStock } from '../shop/cart/lines.ts';
import { bestSellersQuery, cartQuery, orderQuery, productQuery, walletQuery } from './queries.ts';
import { SIGN_OUT, useSession } from './session.ts';
import { followTabs } from './tabs.ts';

type Schemas = components['schemas'];
type StockState = Schemas['StockState'];
type Operations = Schemas['Operations'];

/** As many products as one stream follows. */
const PRODUCTS_MAX = 100;
/** A page that opens names its products one after the other; the stream opens once for all. */
const SETTLE_MS = 100;

/** The products that the page shows, counted, because several parts may show the same one. */
const createWatched = () => {
  const counts = new Map<string, number>();
  const listeners = new Set<() => void>();
  let ids = '';
  const change = (): void => {
    ids = [...counts.keys()].sort().slice(0, PRODUCTS_MAX).join(',');
    for (const listener of listeners) listener();
  };
  return {
    add: (added: readonly string[]): (() => void) => {
      for (const id of added) counts.set(id, (counts.get(id) ?? 0) + 1);
      change();
      return () => {
        for (const id of added) {
          const left = (counts.get(id) ?? 1) - 1;
          if (left === 0) counts.delete(id);
          else counts.set(id, left);
        }
        change();
      };
    },
    ids: () => ids,
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

type Watched = ReturnType<typeof createWatched>;

const WatchedContext = createContext<Watched | undefined>(undefined);

const showStock = (client: QueryClient, state: StockState): void => {
  client.setQueryData(productQuery(state.productId).queryKey, (old: Product | undefined) =>
    old === undefined ? old : { ...old, ...state },
  );
  // Lists of products and the cart show the same figure; only those that name the product change.
  client.setQueriesData({ queryKey: ['products'] }, (old: ProductPages | undefined) =>
    old === undefined ? old : { ...old, pages: old.pages.map((page) => withStock(page, state)) },
  );
  client.setQueryData(bestSellersQuery.queryKey, (old) =>
    old === undefined ? old : withStock(old, state),
  );
  client.setQueryData(cartQuery.queryKey, (old) =>
    old === undefined ? old : cartWithStock(old, state),
  );
};

interface ProductPages {
  readonly pages: readonly { readonly items: readonly Product[] }[];
}

const withStock = <P extends { readonly items: readonly { readonly productId: string }[] }>(
  page: P,
  { productId, stock, price }: StockState,
): P => ({
  ...page,
  items: page.items.map((item) =>
    item.productId === productId ? { ...item, stock, price } : item,
  ),
});

/** Replaces the data of a query; an answer that is on its way may be older, so it is read again. */
const replace = (client: QueryClient, queryKey: QueryKey, data: unknown): void => {
  client.setQueryData(queryKey, data);
  if (client.isFetching({ queryKey, exact: true }) > 0)
    void client.invalidateQueries({ queryKey, exact: true });
};

const ORDER_LISTS = ['me', 'orders'];

/** A stream begins with the newest orders, the only ones that say what changed before it. */
const showOrders = (client: QueryClient, { items }: Schemas['NewestOrders']): void => {
  for (const order of items) {
    const { queryKey } = orderQuery(order.orderId);
    if (client.getQueryState(queryKey) !== undefined) replace(client, queryKey, order);
  }
  const lists = client.getQueriesData<OrderPages>({ queryKey: ORDER_LISTS });
  const listed = lists.flatMap(([, data]) => data?.pages.flatMap((page) => page.items) ?? []);
  const known = new Set(listed.map((order) => hashKey([order])));
  if (items.some((order) => !known.has(hashKey([order]))))
    void client.invalidateQueries({ queryKey: ORDER_LISTS });
};

interface OrderPages {
  readonly pages: readonly { readonly items: readonly Order[] }[];
}

const showOrder = (client: QueryClient, order: Order): void => {
  replace(client, orderQuery(order.orderId).queryKey, order);
  void client.invalidateQueries({ queryKey: ORDER_LISTS });
  void client.invalidateQueries({ queryKey: ['me', 'cart'] });
};

const showWallet = (client: QueryClient, wallet: Wallet): void => {
  replace(client, walletQuery.queryKey, wallet);
  void client.invalidateQueries({ queryKey: ['me', 'entries'] });
};

export const operationsKey = ['operations'] as const;

const HANDLERS: Readonly<Record<string, (client: QueryClient, data: never) => void>> = {
  stock: showStock,
  orders: showOrders,
  order: showOrder,
  wallet: showWallet,
  'best-sellers': (client, data: Schemas['BestSellers']) =>
    client.setQueryData(bestSellersQuery.queryKey, data),
  operations: (client, data: Operations) => client.setQueryData(operationsKey, data),
};

const isVisible = (): boolean => document.visibilityState === 'visible';

const subscribeToVisibility = (listener: () => void): (() => void) => {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
};

const follow = (client: QueryClient, address: string): (() => void) => {
  const stream = new EventSource(address);
  for (const [name, show] of Object.entries(HANDLERS)) {
    stream.addEventListener(name, (event: MessageEvent<string>) =>
      show(client, JSON.parse(event.data) as never),
    );
  }
  return () => stream.close();
};

const topicsOf = (role: 'customer' | 'staff' | undefined): string => {
  if (role === 'customer') return 'best-sellers,orders,wallet';
  return role === 'staff' ? 'best-sellers,operations' : 'best-sellers';
};

/**
 * Follows what the pages show on one stream, and writes each state into the cache of the queries. A
 * hidden tab follows nothing: a browser opens few connections to one host.
 */
export const LiveProvider = ({ children }: { readonly children: ReactNode }) => {
  const client = useQueryClient();
  const session = useSession();
  const [watched] = useState(createWatched);
  const products = useSyncExternalStore(watched.subscribe, watched.ids);
  const visible = useSyncExternalStore(subscribeToVisibility, isVisible);
  // While somebody signs out, a stream of theirs would be refused.
  const isLeaving = useIsMutating({ mutationKey: SIGN_OUT }) > 0;
  const known = session !== undefined && !isLeaving;
  const topics = topicsOf(session?.role);
  useEffect(() => followTabs(client), [client]);
  useEffect(() => {
    if (!visible || !known) return undefined;
    let stop = (): void => undefined;
    const timer = setTimeout(() => {
      const query = new URLSearchParams({ topics, ...(products === '' ? {} : { products }) });
      stop = follow(client, `/v1/stream?${query}`);
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client, visible, known, topics, products]);
  return <WatchedContext value={watched}>{children}</WatchedContext>;
};

/** Keeps price and stock of the shown products current in every query that has them. */
export const useLiveProducts = (productIds: readonly string[]): void => {
  const watched = use(WatchedContext);
  const ids = productIds.join(',');
  const list = useMemo(() => (ids === '' ? [] : ids.split(',')), [ids]);
  useEffect(() => watched?.add(list), [watched, list]);
};
