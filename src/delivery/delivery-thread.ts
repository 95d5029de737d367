import type { Queryable } from '../database/statement.ts';
import { startThread, type Thread } from '../database/thread.ts';
import { pollActive } from './active-destinations.ts';
import type { Relays } from './relays.ts';
import type { ThreadCommand, ThreadData, ThreadOptions, ThreadReport } from './thread-messages.ts';

/**
 * Runs the relays in a separate thread, so that requests and deliveries do not share an event loop.
 * The thread starts with the first active destination, so a shop without one has no cost. A thread
 * that fails is reported to `onFault` and starts again.
 */
export const startDeliveryThread = (
  url: string,
  reads: Queryable,
  options: ThreadOptions,
): Relays => {
  let thread: Thread<ThreadCommand> | undefined;

  const polling = pollActive({
    connect: () => Promise.resolve(reads),
    onPoll: async (destinations) => {
      if (destinations.length === 0) return;
      thread = startRelaysThread(url, options);
      // From now on the thread polls.
      void polling.stop();
    },
    onFault: options.onFault,
  });

  return {
    wake: () => thread?.post('wake'),
    pollNow: () => {
      thread?.post('poll');
      polling.wake();
    },
    stop: async () => {
      await polling.stop();
      await thread?.stop();
    },
  };
};

const startRelaysThread = (url: string, options: ThreadOptions): Thread<ThreadCommand> => {
  const { onAttempt, onFault, onTrouble, ...settings } = options;
  const data: ThreadData = { url, ...settings };
  return startThread(new URL('./delivery-worker.ts', import.meta.url), {
    data,
    onReport: (report: ThreadReport) => {
      if (report.kind === 'fault') onFault(report.error);
      else if (report.kind === 'trouble') onTrouble?.(report.message);
      else onAttempt?.(report.destination, report.attempt);
    },
    onFault,
  });
};
