import type { Route } from '../contract/index.ts';
import { countOrders } from '../order/index.ts';
import type { FollowerOptions } from './follower.ts';
import { createHub } from './hub.ts';
import type { RefusalCount } from './refusals.ts';
import { streamRoutes } from './routes.ts';
import { createWatch } from './watch.ts';

export { watchDurations } from './durations.ts';
export { countRefusals } from './refusals.ts';

interface StreamOptions extends FollowerOptions {
  readonly onFault: (error: unknown) => void;
  /** The best sellers as their route answers them; undefined while they are not known. */
  readonly readBestSellers: () => Promise<{ readonly items: readonly object[] } | undefined>;
  /** The units of the orders that were paid in the last seconds, without refunded ones. */
  readonly readUnits: (seconds: number) => Promise<number>;
  /** The refused commands of the last minute by their reason, the most frequent first. */
  readonly refusalsOfMinute: () => readonly RefusalCount[];
  /** The 99th percentile of the transactions of the last minute; null without one. */
  readonly commitP99Ms: () => number | null;
  /** The waiting commands. */
  readonly queueLength: () => number;
  /** The age of the oldest event that a destination has not received. */
  readonly readDeliveryLagMs: () => Promise<number>;
}

export interface StreamModule {
  readonly routes: readonly Route[];
  /** Ends all streams and stops following. */
  readonly stop: () => Promise<void>;
}

const MINUTE_SECONDS = 60;

/** The stream of server-sent events; reads only while a stream is open. */
export const createStreams = (options: StreamOptions): StreamModule => {
  const { db, onFault } = options;
  const readOperations = async () => {
    const [counted, units, lagMs] = await Promise.all([
      countOrders(db, { seconds: MINUTE_SECONDS }),
      options.readUnits(MINUTE_SECONDS),
      options.readDeliveryLagMs(),
    ]);
    const refusals = options.refusalsOfMinute();
    const state = {
      ordersPerMinute: counted?.orders ?? 0,
      unitsPerMinute: units,
      refusalsPerMinute: refusals.reduce((sum, { count }) => sum + count, 0),
      refusals,
      queueLength: options.queueLength(),
      commitP99Ms: options.commitP99Ms(),
      deliveryLagSeconds: lagMs / 1_000,
    };
    return { state, compared: state };
  };
  const readBestSellers = async () => {
    const state = await options.readBestSellers();
    return state === undefined ? undefined : { state, compared: state.items };
  };
  const hub = createHub({
    ...options,
    createWatches: (bundles) => ({
      'best-sellers': createWatch(bundles, {
        event: 'best-sellers',
        read: readBestSellers,
        onFault,
      }),
      operations: createWatch(bundles, { event: 'operations', read: readOperations, onFault }),
    }),
  });
  return { routes: streamRoutes(db, hub), stop: hub.stop };
};
