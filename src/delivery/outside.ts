import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { startLoop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import type { Delivery, DeliveryOptions } from './delivery.ts';
import { listActive } from './queries.gen.ts';
import type { Attempt } from './relay.ts';

/** What the thread is started with. */
export type ThreadData = Pick<DeliveryOptions, 'allowPrivate' | 'retry'> & { readonly url: string };

/** What we say to the thread, and it to us. */
export type Word = 'wake' | 'look' | 'stop';
export type WordBack =
  | {
      readonly kind: 'attempt';
      readonly destination: { readonly destinationId: string; readonly name: string };
      readonly attempt: Attempt;
    }
  | { readonly kind: 'fault'; readonly error: unknown };

/** How soon a destination that another process has set up is seen. */
const LOOK_EVERY_MS = 1_000;

/**
 * Delivery in a thread of its own, so that requests and events do not wait for each other's turn of
 * the event loop. The thread begins with the first active destination. Its end, when nobody asked
 * for it, is an exception that nobody catches.
 */
export const startDeliveryOutside = (
  url: string,
  reads: Queryable,
  { allowPrivate, retry, onAttempt, onFault }: DeliveryOptions,
): Delivery => {
  let thread: Worker | undefined;

  const startThread = (): Worker => {
    const workerData: ThreadData = { url, allowPrivate, ...(retry === undefined ? {} : { retry }) };
    const started = new Worker(new URL('./thread.ts', import.meta.url), { workerData });
    started.on('message', (word: WordBack) => {
      if (word.kind === 'fault') onFault(word.error);
      else onAttempt?.(word.destination, word.attempt);
    });
    return started;
  };

  const looking = startLoop({
    runOnce: async () => {
      if (thread !== undefined) return false;
      if ((await listActive(reads)).length > 0) thread = startThread();
      return false;
    },
    everyMs: LOOK_EVERY_MS,
    onFault,
  });

  const say = (word: Word): void => thread?.postMessage(word);
  return {
    wake: () => say('wake'),
    lookAgain: () => {
      say('look');
      looking.wake();
    },
    stop: async () => {
      await looking.stop();
      if (thread === undefined) return;
      const gone = once(thread, 'exit');
      say('stop');
      thread = undefined;
      await gone;
    },
  };
};
