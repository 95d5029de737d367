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
const LOOK_AGAIN_MS = 5;

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

/**
 * Applies each event of the journal to a subscriber's data, in order of position, exactly once: one
 * transaction commits the effect and moves the cursor. The lock on the cursor admits one process at
 * a time; other processes do not wait.
 */
export const createSubscriber = ({
  pool,
  reader,
  name,
  limit,
  apply,
}: Subscription): Subscriber => {
  /** The last known position of the cursor. */
  let known = 0;

  /** Applies a range and returns the cursor's position; undefined when another process has it. */
  const step = (decided: number): Promise<number | undefined> =>
    inTransaction(pool, async (db) => {
      const cursor = await lockCursor(db, { name });
      if (cursor === undefined) return undefined;
      const { position: after, build } = cursor;
      const upTo = Math.min(decided, after + limit);
      if (after >= upTo) return after;
      const read = await carryOut(db, apply, { after, upTo, build });
      await moveCursor(db, { name, position: upTo, read });
      return upTo;
    });

  /** Moves the cursor towards a position; returns false when another process has the cursor. */
  const move = async (decided: number): Promise<boolean> => {
    const cursor = await findCursor(pool, { name });
    if (cursor === undefined) throw new CursorMissing(`the journal has no cursor ${name}`);
    known = cursor.position;
    if (known >= decided) return true;
    const position = await step(decided);
    known = position ?? known;
    return position !== undefined;
  };

  return {
    runOnce: async () => {
      const decided = await reader.findDecided(known);
      if (decided <= known) return false;
      return (await move(decided)) && known < decided;
    },

    catchUp: async (position, patienceMs) => {
      const deadline = performance.now() + patienceMs;
      for (;;) {
        if (known >= position) return true;
        if (performance.now() > deadline) return false;
        if (!(await move(position))) await delay(LOOK_AGAIN_MS);
      }
    },
  };
};
