import { hashKey, type QueryClient } from '@tanstack/react-query';
import type { Cart } from '@moa-commerce/client';
import { cartQuery } from './queries.ts';

const CHANNEL = 'moa:cart';
const CART = hashKey(cartQuery.queryKey);

/**
 * Tells the other tabs of this browser which version of the cart this one has read, and reads the
 * cart again when another tab has a later one. Returns the function that ends this.
 */
export const followTabs = (client: QueryClient): (() => void) => {
  const channel = new BroadcastChannel(CHANNEL);
  const versionHere = (): number | undefined =>
    client.getQueryData<Cart>(cartQuery.queryKey)?.version;
  const readAgain = (): void => void client.invalidateQueries({ queryKey: cartQuery.queryKey });
  let told: number | undefined;
  /** What another tab told while this one had read no cart. */
  let missed = 0;
  channel.addEventListener('message', ({ data }: MessageEvent<number>) => {
    const here = versionHere();
    if (here === undefined) missed = data;
    else if (here < data) readAgain();
  });
  const stop = client.getQueryCache().subscribe(({ type, query }) => {
    if (type !== 'updated' || query.queryHash !== CART) return;
    const here = versionHere();
    if (here === undefined || here === told) return;
    told = here;
    channel.postMessage(here);
    if (here < missed) readAgain();
    missed = 0;
  });
  return () => {
    stop();
    channel.close();
  };
};
