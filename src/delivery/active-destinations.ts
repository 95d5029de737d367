import { startLoop, type Loop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import type { Destination } from './destination.ts';
import { listActive } from './queries.gen.ts';

/** How soon a change by another process is seen, and how soon a free lease is acquired. */
const POLL_EVERY_MS = 1_000;

interface PollOptions {
  /** Gets all active destinations, after each poll. */
  readonly onPoll: (destinations: readonly Destination[]) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

/**
 * Polls the active destinations every second, and at once when the loop is woken. A process runs
 * one such loop: in the main thread until there is an active destination, then in the delivery
 * thread.
 */
export const pollActive = (db: Queryable, { onPoll, onFault }: PollOptions): Loop =>
  startLoop({
    runOnce: async () => {
      await onPoll(await listActive(db));
      return false;
    },
    everyMs: POLL_EVERY_MS,
    onFault,
  });
