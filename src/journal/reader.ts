import { setTimeout as delay } from 'node:timers/promises';
import type { Queryable } from '../database/statement.ts';
import { readEvents, readFence, readHorizon, type ReadEventsRow } from './queries.gen.ts';

/** How far the journal can be read. */
interface Frontier {
  /** Up to here all positions are decided: their events can be read or will never be there. */
  readonly position: number;
  /** No event with this time or an earlier one will be found beyond `position`. */
  readonly time: Date;
}

export interface JournalReader {
  /** The next events after a position, in order; none is ever skipped, whenever it commits. */
  readonly read: (after: number, most: number) => Promise<ReadEventsRow[]>;
  /** How far positions are decided, looking again when that is not beyond `after`. */
  readonly findDecided: (after: number) => Promise<number>;
  /** The last position that was taken before the call, once it and all before it are decided. */
  readonly findEnd: () => Promise<number>;
  /**
   * A frontier whose time is that of the call, but for a millisecond or two. While transactions
   * that began before it go on for longer than `patienceMs`: the last one that is known.
   */
  readonly findFrontier: (
    patienceMs: number,
  ) => Promise<Frontier & { readonly isCurrent: boolean }>;
}

/** What is true once every transaction up to the fence has ended. */
interface Mark extends Frontier {
  readonly fence: bigint;
  /** When the mark was made, which is as far as the next one can be complete. */
  readonly madeAt: Date;
}

/** The oldest marks come true soonest while transactions take long; the newest one says most. */
const MARKS_MAX = 4;
/** Transactions take a few milliseconds. */
const LOOK_AGAIN_MS = 2;

const later = (a: Date, b: Date): Date => (a < b ? b : a);

/** Both are true, so the higher position and the later time are. */
const latest = (a: Frontier, b: Frontier = a): Frontier => ({
  position: Math.max(a.position, b.position),
  time: later(a.time, b.time),
});

/**
 * Reads the journal safely while it is written. A transaction may take a low position and commit
 * after one with a higher position, so "the highest position that I see" loses events. Instead we
 * note the last position that was taken, and then take a transaction id as a fence; once every
 * transaction up to the fence has ended, all positions up to the noted one are decided: they are
 * visible or will never be. This works because a transaction gets its id before its positions. And
 * because positions are taken under the row locks, they grow in commit order for each subject; ids
 * of transactions do not (docs/decisions/0002-journal-order.md).
 *
 * To know up to which time events are complete takes two fences. A transaction gets its id before
 * it reads the clock, so once all that were there at the first fence have ended, every event with a
 * time before it has its position. The last position that was taken by then may belong to a younger
 * transaction, so it needs the second fence to be decided.
 */
export const createJournalReader = (on: Queryable): JournalReader => {
  let frontier: Frontier = { position: 0, time: new Date(0) };
  let marks: readonly Mark[] = [];

  /** Notes what will be true once the transactions of this moment have ended. */
  const mark = async (noted: Frontier): Promise<Date> => {
    const row = await readFence(on);
    if (row === undefined) throw new Error('the database gave no fence');
    const { fence, time: madeAt } = row;
    const isFull = marks.length === MARKS_MAX;
    const newest = isFull ? marks.at(-1) : undefined;
    const made = { ...latest(noted, newest), fence: BigInt(fence), madeAt };
    marks = [...(isFull ? marks.slice(0, -1) : marks), made];
    return madeAt;
  };

  /** Looks which marks have come true; answers what a mark that is made now may note. */
  const look = async (): Promise<Frontier> => {
    const horizon = await readHorizon(on);
    if (horizon === undefined) throw new Error('the database gave no horizon');
    const oldestRunning = BigInt(horizon.oldestRunning);
    let complete = frontier.time;
    for (const ended of marks.filter(({ fence }) => fence < oldestRunning)) {
      frontier = latest(frontier, ended);
      complete = later(complete, ended.madeAt);
    }
    marks = marks.filter(({ fence }) => fence >= oldestRunning);
    return { position: horizon.position, time: complete };
  };

  const findDecided = async (after: number): Promise<number> => {
    if (after < frontier.position) return frontier.position;
    const taken = await look();
    const isNoted = marks.some(({ position }) => position >= taken.position);
    if (taken.position > frontier.position && !isNoted) {
      await mark(taken);
      await look();
    }
    return frontier.position;
  };

  return {
    findDecided,

    read: async (after, most) => {
      if (after < frontier.position) {
        const events = await readEvents(on, { after, upTo: frontier.position, most });
        // Positions that were rolled back leave gaps, so there may be none.
        if (events.length > 0) return events;
      }
      const upTo = await findDecided(frontier.position);
      return after < upTo ? readEvents(on, { after, upTo, most }) : [];
    },

    findEnd: async () => {
      const { position } = await look();
      while ((await findDecided(position - 1)) < position) await delay(LOOK_AGAIN_MS);
      return position;
    },

    findFrontier: async (patienceMs) => {
      const deadline = performance.now() + patienceMs;
      const wanted = await mark(frontier);
      for (;;) {
        const known = frontier.time;
        const taken = await look();
        if (frontier.time >= wanted) return { ...frontier, isCurrent: true };
        if (taken.time > known) await mark(taken);
        else if (performance.now() > deadline) return { ...frontier, isCurrent: false };
        else await delay(LOOK_AGAIN_MS);
      }
    },
  };
};
