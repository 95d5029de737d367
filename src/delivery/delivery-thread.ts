import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { startLoop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import { listActive } from './queries.gen.ts';
import type { Relays, RelaysOptions } from './relays.ts';
import type { ThreadCommand, ThreadData, ThreadReport } from './thread-messages.ts';

/** How soon a destination that another process has created is seen. */
const POLL_EVERY_MS = 1_000;

/**
 * Runs the relays in a thread of their own, so that requests and deliveries do not wait for each
 * other's turn of the event loop. The thread starts with the first active destination, so a shop
 * without one does not pay for it. An exception ends the thread and then the process.
 */
export const startDeliveryThread = (
  url: string,
  reads: Queryable,
  options: RelaysOptions,
): Relays => {
  let worker: Worker | undefined;

  const poll = startLoop({
    runOnce: async () => {
      if (worker !== undefined) return false;
      if ((await listActive(reads)).length > 0) worker = startWorker(url, options);
      return false;
    },
    everyMs: POLL_EVERY_MS,
    onFault: options.onFault,
  });

  const post = (command: ThreadCommand): void => worker?.postMessage(command);
  return {
    wake: () => post('wake'),
    pollNow: () => {
      post('poll');
      poll.wake();
    },
    stop: async () => {
      await poll.stop();
      if (worker === undefined) return;
      const exited = once(worker, 'exit');
      post('stop');
      worker = undefined;
      await exited;
    },
  };
};

const startWorker = (url: string, options: RelaysOptions): Worker => {
  const { allowPrivate, retry, onAttempt, onFault } = options;
  const workerData: ThreadData = { url, allowPrivate, ...(retry === undefined ? {} : { retry }) };
  const worker = new Worker(new URL('./delivery-worker.ts', import.meta.url), { workerData });
  worker.on('message', (report: ThreadReport) => {
    if (report.kind === 'fault') onFault(report.error);
    else onAttempt?.(report.destination, report.attempt);
  });
  return worker;
};
