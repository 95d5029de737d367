import { startLoop, type Loop } from '../database/loop.ts';
import type { Queryable } from '../database/statement.ts';
import type { Destination } from './destination.ts';
import { listActive } from './queries.gen.ts';

/** The interval of the polls: another process's change or a free lease is noticed this late. */
const POLL_EVERY_MS = 1_000;

interface PollOptions<Db> {
  /** Returns the connection of each poll. */
  readonly connect: () => Promise<Db>;
  /** Called after each poll with all active destinations. */
  readonly onPoll: (destinations: readonly Destination[], db: Db) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

/**
 * Polls the active destinations every second, and at once when the loop is woken. A process runs
 * one such loop: in the main thread until there is an active destination, then in the delivery
 * thread.
 */
export const pollActive = <Db extends Queryable>(options: PollOptions<Db>): Loop => {
  const { connect, onPoll, onFault } = options;
  const poll = async (): Promise<boolean> => {
    const db = await connect();
    await onPoll(await listActive(db), db);
    return false;
  };
  return startLoop({ runOnce: poll, everyMs: POLL_EVERY_MS, onFault });
};
