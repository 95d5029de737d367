import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Queryable } from '../database/statement.ts';
import { inTransaction } from '../database/transaction.ts';
import { countEvents, findCursor, lockCursor, moveCursor } from './queries.gen.ts';
import type { JournalReader } from './reader.ts';

/** The events that are applied together: those after `after`, up to and including `upTo`. */
export interface Range {
  readonly after: number;
  readonly upTo: number;
  /** The copy of the subscriber's data that they are applied to. */
  readonly build: number;
}

export interface Subscription {
  readonly pool: Pool;
  readonly reader: JournalReader;
  /** The name of the cursor's row, which must exist. */
  readonly name: string;
  /** The maximum number of positions in a range, for a transaction of a few milliseconds. */
  readonly limit: number;
  /** Applies the events of a range. The effect commits with the cursor, so it happens once. */
  readonly apply: (db: Queryable, range: Range) => Promise<unknown>;
}

/** A subscription that reads a long range before the transaction, which only writes the result. */
export interface PreparedSubscription extends Omit<Subscription, 'apply'> {
  /** Reads a range, whose events no longer change, and returns the function that writes. */
  readonly prepare: (db: Queryable, range: Range) => Promise<(db: Queryable) => Promise<unknown>>;
}

export interface Subscriber {
  /**
   * Applies the next range, unless there is none or another process holds the cursor. Returns
   * whether another range follows.
   */
  readonly runOnce: () => Promise<boolean>;
  /**
   * Waits until the cursor has reached a decided position, moved by this or another process.
   * Returns false after `patienceMs`.
   */
  readonly catchUp: (position: number, patienceMs: number) => Promise<boolean>;
}

/** The cursor of a subscriber does not exist, or no longer. */
export class CursorMissing extends Error {
  override readonly name = 'CursorMissing';
}

/** The pause before checking again whether another process has moved the cursor. */
const POLL_PAUSE_MS = 5;

/**
 * Applies a range and returns the number of its events, counted before applying. An event that
 * appears later shows that the range was not decided, so it must not count as read (J2).
 */
export const carryOut = async (
  db: Queryable,
  apply: Subscription['apply'],
  range: Range,
): Promise<number> => {
  const counted = await countEvents(db, range);
  await apply(db, range);
  return counted?.events ?? 0;
};

/** The work of a range's transaction: it resolves to the number of events. */
type Work = (db: Queryable) => Promise<number>;

/** Reads a range in advance. It is counted before it is read, for the reason above. */
const prepareWork = async (
  { pool, prepare }: PreparedSubscription,
  range: Range,
): Promise<Work> => {
  const counted = await countEvents(pool, range);
  const write = await prepare(pool, range);
  return async (db) => {
    await write(db);
    return counted?.events ?? 0;
  };
};

/**
 * Applies each event of the journal to a subscriber's data, in order of position, exactly once: one
 * transaction commits the effect and moves the cursor. The lock on the cursor admits one process at
 * a time; other processes do not wait.
 */
export const createSubscriber = (subscription: Subscription | PreparedSubscription): Subscriber => {
  const { pool, reader, name, limit } = subscription;
  /** The last known position of the cursor. */
  let known = 0;

  /**
   * Drops a known cursor beyond a decided position. Another process may have moved it there, or an
   * earlier state of the database was restored and the cursor is lower.
   */
  const dropBeyond = (decided: number): void => {
    if (decided < known) known = 0;
  };

  const workFor = async (range: Range): Promise<Work> =>
    'prepare' in subscription
      ? prepareWork(subscription, range)
      : (db) => carryOut(db, subscription.apply, range);

  /**
   * Applies a range, unless another process has moved the cursor, or the range ends beyond the
   * journal because an earlier state of the database was restored.
   */
  const step = async (range: Range): Promise<'applied' | 'taken over' | 'beyond the end'> => {
    const work = await workFor(range);
    return inTransaction(pool, async (db) => {
      const cursor = await lockCursor(db, { name });
      if (cursor?.position !== range.after || cursor.build !== range.build) return 'taken over';
      if (range.upTo > cursor.taken) return 'beyond the end';
      const read = await work(db);
      await moveCursor(db, { name, position: range.upTo, read });
      return 'applied';
    });
  };

  /** Moves the cursor towards a position; returns false when it did not move. */
  const move = async (decided: number): Promise<boolean> => {
    const cursor = await findCursor(pool, { name });
    if (cursor === undefined) throw new CursorMissing(`the journal has no cursor ${name}`);
    known = cursor.position;
    if (known >= decided) return true;
    const upTo = Math.min(decided, known + limit);
    const outcome = await step({ after: known, upTo, build: cursor.build });
    if (outcome === 'applied') known = upTo;
    // The reader then polls the database and begins again.
    else if (outcome === 'beyond the end') await reader.findDecided(Infinity);
    return outcome === 'applied';
  };

  return {
    runOnce: async () => {
      const decided = await reader.findDecided(known);
      dropBeyond(decided);
      if (decided <= known) return false;
      return (await move(decided)) && known < decided;
    },

    catchUp: async (position, patienceMs) => {
      const deadline = performance.now() + patienceMs;
      dropBeyond(position);
      for (;;) {
        if (known >= position) return true;
        if (performance.now() > deadline) return false;
        if (!(await move(position))) await delay(POLL_PAUSE_MS);
      }
    },
  };
};
