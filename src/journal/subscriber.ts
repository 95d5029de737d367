import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Queryable } from '../database/statement.ts';
import { inTransaction } from '../database/transaction.ts';
import { countEvents, findCursor, lockCursor, moveCursor } from './queries.gen.ts';
import type { JournalReader } from './reader.ts';

/** Events that have their effect together: those beyond `after`, up to and with `upTo`. */
export interface Range {
  readonly after: number;
  readonly upTo: number;
  /** The copy of what the subscriber keeps that they belong to. */
  readonly build: number;
}

export interface Subscription {
  readonly pool: Pool;
  readonly reader: JournalReader;
  /** The cursor's row, which must be there. */
  readonly name: string;
  /** Positions in a range at most: what a transaction of a few milliseconds can do. */
  readonly limit: number;
  /** The effect of the events of a range; it commits with the cursor, so it happens once. */
  readonly apply: (db: Queryable, range: Range) => Promise<unknown>;
}

export interface Subscriber {
  /**
   * Carries out the next range, if there is one and no other process is at it; answers whether
   * another follows.
   */
  readonly runOnce: () => Promise<boolean>;
  /**
   * Waits until the cursor, moved by this process or by others, has reached a position that is
   * decided; answers whether it has within `patienceMs`.
   */
  readonly catchUp: (position: number, patienceMs: number) => Promise<boolean>;
}

/** The cursor of a subscriber is not there, or no longer. */
export class CursorMissing extends Error {
  override readonly name = 'CursorMissing';
}

/** How soon to look whether another process has moved the cursor. */
const LOOK_AGAIN_MS = 5;

/**
 * Applies a range and answers how many events there were before it did: one that becomes visible
 * only after that shows that the range was not decided, so it must not count as read (J2).
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
 * Carries each event of the journal to what a subscriber keeps, in order of position, exactly once:
 * the effect and the cursor move in one transaction. The lock on the cursor lets one process at a
 * time do so; the others go on with something else.
 */
export const createSubscriber = ({
  pool,
  reader,
  name,
  limit,
  apply,
}: Subscription): Subscriber => {
  /** Where the cursor was when we last saw it. */
  let known = 0;

  /** Answers where the cursor is afterwards; nothing when another process has it. */
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

  /** Answers whether the cursor was ours to move. */
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
