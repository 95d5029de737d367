import { setTimeout as delay } from 'node:timers/promises';
import type { Queryable } from '../database/statement.ts';
import { NOTHING_KNOWN, addMark, passMarks, type Frontier } from './marks.ts';
import { readEvents, readFence, readHorizon, type ReadEventsRow } from './queries.gen.ts';

export interface JournalReader {
  /** The next events after a position, in order; skips no event, whenever it commits. */
  readonly read: (after: number, limit: number) => Promise<ReadEventsRow[]>;
  /** The last decided position; queries the database when the known one is not beyond `after`. */
  readonly findDecided: (after: number) => Promise<number>;
  /**
   * The last position taken before the call, once it is decided; undefined when a transaction runs
   * for longer than `patienceMs`, or when the signal aborts.
   */
  readonly findEnd: (patience: {
    readonly patienceMs: number;
    readonly signal?: AbortSignal | undefined;
  }) => Promise<number | undefined>;
  /**
   * A frontier whose time is that of the call, minus a millisecond or two. If transactions that
   * began before the call run for longer than `patienceMs`: the last known frontier.
   */
  readonly findFrontier: (
    patienceMs: number,
  ) => Promise<Frontier & { readonly isCurrent: boolean }>;
  /** How long the oldest undecided position has been undecided; 0 when there is none. */
  readonly waitingMs: () => number;
}

/** The pause between polls: transactions take a few milliseconds. */
const POLL_PAUSE_MS = 2;
/** During a longer transaction, the pause doubles up to this. */
const POLL_PAUSE_MAX_MS = 100;

/**
 * Reads the journal while it is written (docs/decisions/0002-journal-order.md). A transaction may
 * take a low position and commit after one with a higher position, so reading after the highest
 * visible position loses events. The reader therefore makes marks. A mark reads the last taken
 * position and then takes a transaction id as a fence. A transaction gets its id before its
 * positions, so once every transaction up to the fence has ended, all positions up to the mark's
 * are decided. A mark is durable before the reader uses it, so a crash of the database does not
 * assign its position or its id again. Positions are taken under row locks, so they grow in commit
 * order for each subject; ids of transactions do not.
 *
 * A time up to which no event is missing takes two fences. A transaction gets its id before it
 * reads the clock, so once all transactions up to the first fence have ended, every event with a
 * time before the fence has its position. The last position taken by then may belong to a younger
 * transaction, so the second fence decides that position.
 */
export const createJournalReader = (db: Queryable): JournalReader => {
  /** Replaced when an earlier state of the database was restored. */
  let history = { known: NOTHING_KNOWN };

  /** Makes a mark and returns its time. */
  const mark = async (): Promise<Date> => {
    const own = history;
    const since = performance.now();
    // Read before the position, so every event up to that time has a position up to the mark's.
    const { placed: time } = own.known;
    const row = await readFence(db);
    if (row === undefined) throw new Error('the database returned no fence');
    const { position, fence, time: madeAt } = row;
    own.known = addMark(own.known, { position, time, fence: BigInt(fence), madeAt, since });
    return madeAt;
  };

  /** Reads the horizon, passes marks and returns the last taken position. */
  const poll = async (): Promise<{ readonly position: number }> => {
    const own = history;
    const { frontier, marks } = own.known;
    const horizon = await readHorizon(db);
    if (horizon === undefined) throw new Error('the database returned no horizon');
    const { position } = horizon;
    const oldestRunning = BigInt(horizon.oldestRunning);
    if (position < frontier.position) history = { known: NOTHING_KNOWN };
    else own.known = passMarks(own.known, { oldestRunning, position }, marks);
    return { position };
  };

  const findDecided = async (after: number): Promise<number> => {
    if (after < history.known.frontier.position) return history.known.frontier.position;
    const taken = await poll();
    const { frontier, marks } = history.known;
    const isNoted = [frontier, ...marks].some(({ position }) => position >= taken.position);
    if (!isNoted) {
      await mark();
      await poll();
    }
    return history.known.frontier.position;
  };

  return {
    findDecided,

    read: async (after, limit) => {
      const { position: known } = history.known.frontier;
      if (after < known) {
        const events = await readEvents(db, { after, upTo: known, limit });
        // Rolled-back positions leave gaps, so there may be no events.
        if (events.length > 0) return events;
      }
      const upTo = await findDecided(known);
      return after < upTo ? readEvents(db, { after, upTo, limit }) : [];
    },

    findEnd: async ({ patienceMs, signal }) => {
      const deadline = performance.now() + patienceMs;
      const { position } = await poll();
      for (let pauseMs = POLL_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, POLL_PAUSE_MAX_MS)) {
        if ((await findDecided(position - 1)) >= position) return position;
        const leftMs = deadline - performance.now();
        if (leftMs <= 0) return undefined;
        await delay(Math.min(pauseMs, leftMs), undefined, { signal }).catch(() => undefined);
        if (signal?.aborted === true) return undefined;
      }
    },

    findFrontier: async (patienceMs) => {
      const deadline = performance.now() + patienceMs;
      const wanted = await mark();
      for (;;) {
        await poll();
        const { frontier, placed, marks } = history.known;
        if (frontier.time >= wanted) return { ...frontier, isCurrent: true };
        const isNoted = [frontier, ...marks].some(({ time }) => time >= placed);
        if (!isNoted) await mark();
        else if (performance.now() > deadline) return { ...frontier, isCurrent: false };
        else await delay(POLL_PAUSE_MS);
      }
    },

    waitingMs: () => {
      const [oldest] = history.known.marks;
      return oldest === undefined ? 0 : performance.now() - oldest.since;
    },
  };
};
