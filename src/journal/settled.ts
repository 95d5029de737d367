import { setTimeout as delay } from 'node:timers/promises';
import type { Queryable } from '../database/statement.ts';
import { readClock } from './queries.gen.ts';
import type { JournalReader } from './reader.ts';

/** Longer than a healthy transaction. */
const PATIENCE_MS = 1_000;
/** A frontier is a millisecond or two behind its call, so the second or third one is new enough. */
const TRIES_MAX = 10;

/**
 * The time up to `at` for which no event is missing; undefined for the future, by the database's
 * clock. Waits for transactions that may still commit an event up to `at`. While one runs for
 * longer than a second, the time is earlier than `at`.
 */
export const createSettled =
  (db: Queryable, reader: Pick<JournalReader, 'findFrontier'>) =>
  async (at: Date): Promise<Date | undefined> => {
    const clock = await readClock(db);
    if (clock === undefined) throw new Error('the database returned no time');
    if (at > clock.time) return undefined;
    for (let tries = 1; ; tries++) {
      const { time, isCurrent } = await reader.findFrontier(PATIENCE_MS);
      if (time >= at) return at;
      if (!isCurrent || tries === TRIES_MAX) return time;
      await delay(1);
    }
  };

/** Finds the time up to another one for which no event is missing. */
export type Settled = ReturnType<typeof createSettled>;
