import { setTimeout as delay } from 'node:timers/promises';
import type { EventSink } from '../contract/index.ts';
import { startLoop } from '../database/loop.ts';
import { createFollower, type FollowerOptions } from './follower.ts';
import { createMembers, type JournalTopics, type Member } from './members.ts';
import { createBundles, type Bundles } from './bundles.ts';
import type { Watch } from './watch.ts';

/** What one stream shows. */
interface Subscription<Watched extends string> {
  readonly journalTopics: JournalTopics;
  /** The position up to which the client knows its orders. */
  readonly after: number | undefined;
  readonly watched: readonly Watched[];
}

export interface Hub<Watched extends string> {
  /** Sends the current state of what a stream shows and then changes; returns what ends this. */
  readonly join: (subscription: Subscription<Watched>, sink: EventSink) => () => void;
  /** Ends all streams. */
  readonly stop: () => Promise<void>;
}

interface HubOptions<Watched extends string> extends FollowerOptions {
  readonly createWatches: (bundles: Bundles) => Readonly<Record<Watched, Watch>>;
  readonly onFault: (error: unknown) => void;
}

/**
 * A buyer sees a change within a second. More often, a thousand streams beside full load would take
 * a fifth of the orders.
 */
const ROUND_EVERY_MS = 1_000;
/** A state that takes longer is sent with the next round, so that it does not delay the others. */
const WATCHES_WAIT_MS = 100;

const follows = ({ productIds, ordersOf, walletOf }: JournalTopics): boolean =>
  productIds.length > 0 || ordersOf !== undefined || walletOf !== undefined;

/**
 * All streams of a process share one loop, which reads only while there is a stream. A round sends
 * each stream what has changed in one write. A new stream starts a round at once; the others get
 * their changes only when their round is due, however many streams begin.
 */
export const createHub = <Watched extends string>(options: HubOptions<Watched>): Hub<Watched> => {
  const members = createMembers();
  const bundles = createBundles();
  const sinks = new Set<EventSink>();
  const follower = createFollower(members, bundles, options);
  const watches = options.createWatches(bundles);
  const allWatches = Object.values<Watch>(watches);
  let dueAt = 0;

  const runOnce = async (): Promise<boolean> => {
    if (sinks.size === 0) return false;
    const isDue = performance.now() >= dueAt;
    if (isDue) dueAt = performance.now() + ROUND_EVERY_MS;
    const polled = allWatches
      .filter(({ isWaiting }) => isDue || isWaiting())
      .map((each) => each.poll());
    try {
      const isMore = await follower.follow(isDue);
      if (isDue) {
        const waited = delay(WATCHES_WAIT_MS, undefined, { ref: false });
        await Promise.race([Promise.all(polled), waited]);
      }
      return isMore;
    } finally {
      bundles.flush();
    }
  };
  const loop = startLoop({
    runOnce,
    everyMs: () => (sinks.size === 0 ? ROUND_EVERY_MS : Math.max(0, dueAt - performance.now())),
    onFault: options.onFault,
  });

  return {
    join: ({ journalTopics, after, watched }, sink) => {
      const member: Member = { ...journalTopics, sink, isCurrent: false, after };
      sinks.add(sink);
      if (follows(journalTopics)) members.add(member);
      const leaves = watched.map((name) => watches[name].join(sink));
      loop.wake();
      return () => {
        sinks.delete(sink);
        members.remove(member);
        for (const leave of leaves) leave();
      };
    },
    stop: async () => {
      for (const sink of sinks) sink.end();
      await loop.stop();
    },
  };
};
