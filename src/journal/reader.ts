import { setTimeout as delay } from 'node:timers/promises';
import type { Queryable } from '../database/statement.ts';
import { NOTHING_KNOWN, addMark, passMarks, type Frontier } from './marks.ts';
import { readEvents, readFence, readHorizon, type ReadEventsRow } from './queries.gen.ts';

export interface JournalReader {
  /** The next events after a position, in order; none is ever skipped, whenever it commits. */
  readonly read: (after: number, limit: number) => Promise<ReadEventsRow[]>;
  /** How far positions are decided, looking again when that is not beyond `after`. */
  readonly findDecided: (after: number) => Promise<number>;
  /**
   * The last position that was taken before the call, once it and all before it are decided;
   * nothing when a transaction goes on for longer than `patienceMs`, or when the signal aborts.
   */
  readonly findEnd: (patience: {
    readonly patienceMs: number;
    readonly signal?: AbortSignal | undefined;
  }) => Promise<number | undefined>;
  /**
   * A frontier whose time is that of the call, but for a millisecond or two. While transactions
   * that began before it go on for longer than `patienceMs`: the last one that is known.
   */
  readonly findFrontier: (
    patienceMs: number,
  ) => Promise<Frontier & { readonly isCurrent: boolean }>;
  /** How long the position that we wait for longest has been undecided; 0 when there is none. */
  readonly waitingMs: () => number;
}

/** Transactions take a few milliseconds. */
const LOOK_AGAIN_MS = 2;
/** One that takes far longer is looked for less and less often. */
const LOOK_AGAIN_MOST_MS = 100;

/**
 * Reads the journal safely while it is written. A transaction may take a low position and commit
 * after one with a higher position, so "the highest position that I see" loses events. Instead we
 * note the last position that was taken, and then take a transaction id as a fence; once every
 * transaction up to the fence has ended, all positions up to the noted one are decided: they are
 * visible or will never be. This works because a transaction gets its id before its positions. And
 * because positions are taken under the row locks, they grow in commit order for each subject; ids
 * of transactions do not. Position and fence are durable before we know them, so no crash of the
 * database gives either of them again (docs/decisions/0002-journal-order.md).
 *
 * To know up to which time events are complete takes two fences. A transaction gets its id before
 * it reads the clock, so once all that were there at the first fence have ended, every event with a
 * time before it has its position. The last position that was taken by then may belong to a younger
 * transaction, so it needs the second fence to be decided, unless it already is.
 */
export const createJournalReader = (db: Queryable): JournalReader => {
  /** Another one, when the database no longer has what we have seen: it was put back. */
  let history = { known: NOTHING_KNOWN };

  /** Makes a mark and answers its time. */
  const mark = async (): Promise<Date> => {
    const own = history;
    const since = performance.now();
    // Known before the position is read, so every event of that time has a position up to it.
    const { placed: time } = own.known;
    const row = await readFence(db);
    if (row === undefined) throw new Error('the database gave no fence');
    const { position, fence, time: madeAt } = row;
    own.known = addMark(own.known, { position, time, fence: BigInt(fence), madeAt, since });
    return madeAt;
  };

  /** Looks which marks have come true; answers the last position that was taken. */
  const look = async (): Promise<{ readonly position: number }> => {
    const own = history;
    const { frontier, marks } = own.known;
    const horizon = await readHorizon(db);
    if (horizon === undefined) throw new Error('the database gave no horizon');
    const { position } = horizon;
    const oldestRunning = BigInt(horizon.oldestRunning);
    if (position < frontier.position) history = { known: NOTHING_KNOWN };
    else own.known = passMarks(own.known, { oldestRunning, position }, marks);
    return { position };
  };

  const findDecided = async (after: number): Promise<number> => {
    if (after < history.known.frontier.position) return history.known.frontier.position;
    const taken = await look();
    const { frontier, marks } = history.known;
    const isNoted = [frontier, ...marks].some(({ position }) => position >= taken.position);
    if (!isNoted) {
      await mark();
      await look();
    }
    return history.known.frontier.position;
  };

  return {
    findDecided,

    read: async (after, limit) => {
      const { position: known } = history.known.frontier;
      if (after < known) {
        const events = await readEvents(db, { after, upTo: known, limit });
        // Positions that were rolled back leave gaps, so there may be none.
        if (events.length > 0) return events;
      }
      const upTo = await findDecided(known);
      return after < upTo ? readEvents(db, { after, upTo, limit }) : [];
    },

    findEnd: async ({ patienceMs, signal = new AbortController().signal }) => {
      const deadline = performance.now() + patienceMs;
      const { position } = await look();
      for (let pauseMs = LOOK_AGAIN_MS; ; pauseMs = Math.min(pauseMs * 2, LOOK_AGAIN_MOST_MS)) {
        if ((await findDecided(position - 1)) >= position) return position;
        const leftMs = deadline - performance.now();
        if (leftMs <= 0) return undefined;
        await delay(Math.min(pauseMs, leftMs), undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return undefined;
      }
    },

    findFrontier: async (patienceMs) => {
      const deadline = performance.now() + patienceMs;
      const wanted = await mark();
      for (;;) {
        await look();
        const { frontier, placed, marks } = history.known;
        if (frontier.time >= wanted) return { ...frontier, isCurrent: true };
        const isNoted = [frontier, ...marks].some(({ time }) => time >= placed);
        if (!isNoted) await mark();
        else if (performance.now() > deadline) return { ...frontier, isCurrent: false };
        else await delay(LOOK_AGAIN_MS);
      }
    },

    waitingMs: () => {
      const [oldest] = history.known.marks;
      return oldest === undefined ? 0 : performance.now() - oldest.since;
    },
  };
};
