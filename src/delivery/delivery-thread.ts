import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Queryable } from '../database/statement.ts';
import { pollActive } from './active-destinations.ts';
import type { Relays } from './relays.ts';
import type { ThreadCommand, ThreadData, ThreadOptions, ThreadReport } from './thread-messages.ts';

/**
 * Runs the relays in a separate thread, so that requests and deliveries do not share an event loop.
 * The thread starts with the first active destination, so a shop without one has no cost. An
 * exception in the thread ends the process.
 */
export const startDeliveryThread = (
  url: string,
  reads: Queryable,
  options: ThreadOptions,
): Relays => {
  let worker: Worker | undefined;

  const polling = pollActive({
    connect: () => Promise.resolve(reads),
    onPoll: async (destinations) => {
      if (destinations.length === 0) return;
      worker = startWorker(url, options);
      // From now on the thread polls.
      void polling.stop();
    },
    onFault: options.onFault,
  });

  const post = (command: ThreadCommand): void => worker?.postMessage(command);
  return {
    wake: () => post('wake'),
    pollNow: () => {
      post('poll');
      polling.wake();
    },
    stop: async () => {
      await polling.stop();
      if (worker === undefined) return;
      const exited = once(worker, 'exit');
      post('stop');
      worker = undefined;
      await exited;
    },
  };
};

const startWorker = (url: string, options: ThreadOptions): Worker => {
  const { onAttempt, onFault, onTrouble, ...settings } = options;
  const workerData: ThreadData = { url, ...settings };
  const worker = new Worker(new URL('./delivery-worker.ts', import.meta.url), { workerData });
  worker.on('message', (report: ThreadReport) => {
    if (report.kind === 'fault') onFault(report.error);
    else if (report.kind === 'trouble') onTrouble?.(report.message);
    else onAttempt?.(report.destination, report.attempt);
  });
  return worker;
};
