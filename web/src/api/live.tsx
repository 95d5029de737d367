import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  use,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { follow } from './follow.ts';
import { useForgetting } from './personal.ts';
import { useIsLeaving, useSession } from './session.ts';
import { followTabs } from './tabs.ts';
import { createWatched, type Watched } from './watched.ts';

/** A page that opens names its products one after the other; the stream opens once for all. */
const SETTLE_MS = 100;

const WatchedContext = createContext<Watched | undefined>(undefined);

const isVisible = (): boolean => document.visibilityState === 'visible';

const subscribeToVisibility = (listener: () => void): (() => void) => {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
};

const listOf = (ids: string): readonly string[] => (ids === '' ? [] : ids.split(','));

/** Who follows: a customer, staff or nobody in particular; undefined while that is not known. */
const useFollower = () => {
  const session = useSession();
  const isLeaving = useIsLeaving();
  const isKnown = session !== undefined && !isLeaving;
  const { id, role } = session ?? {};
  return useMemo(() => {
    if (!isKnown) return undefined;
    return id === undefined || role === undefined ? null : { id, role };
  }, [isKnown, id, role]);
};

/**
 * Follows what the pages show on one stream, and writes each state into the cache of the queries. A
 * hidden tab follows nothing: a browser opens few connections to one host.
 */
export const LiveProvider = ({ children }: { readonly children: ReactNode }) => {
  const client = useQueryClient();
  const session = useFollower();
  const [watched] = useState(createWatched);
  const products = useSyncExternalStore(watched.subscribe, watched.ids);
  const visible = useSyncExternalStore(subscribeToVisibility, isVisible);
  useForgetting();
  useEffect(() => followTabs(client), [client]);
  useEffect(() => {
    if (!visible || session === undefined) return undefined;
    let stop = (): void => undefined;
    const timer = setTimeout(() => {
      stop = follow(client, { session, products: listOf(products) });
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client, visible, session, products]);
  return <WatchedContext value={watched}>{children}</WatchedContext>;
};

/** Keeps price and stock of the shown products current in every query that has them. */
export const useLiveProducts = (productIds: readonly string[]): void => {
  const watched = use(WatchedContext);
  const ids = productIds.join(',');
  const list = useMemo(() => listOf(ids), [ids]);
  useEffect(() => watched?.add(list), [watched, list]);
};
