import type { Pool } from 'pg';
import type { Queryable } from '../database/statement.ts';
import { inTransaction } from '../database/transaction.ts';
import {
  deleteSales,
  deleteTotals,
  findPositions,
  findRecorded,
  findSpan,
  lockRecorded,
  sumRange,
  type SumRangeRow,
} from './queries.gen.ts';
import { EVENTS_MAX, addSums } from './recording.ts';

/** The quarters of one day are replaced at once: a short transaction also in a busy shop. */
const DAY_MS = 24 * 3_600_000;

interface Time {
  readonly begins: Date;
  readonly ends: Date;
}

export interface ReportProgress {
  /** The rebuilt days, and all days. */
  readonly done: number;
  readonly total: number;
}

interface Range {
  readonly after: number;
  readonly upTo: number;
}

/**
 * The sums of a time, of the events after a position and up to another one: for each range of
 * `eventsMax` its own, so that no statement takes longer in a shop with more sales.
 */
const sumTime = async (
  db: Queryable,
  { begins, ends }: Time,
  { after, upTo }: Range,
  eventsMax: number,
): Promise<SumRangeRow[][]> => {
  const ranges: SumRangeRow[][] = [];
  for (let at = after; at < upTo; at += eventsMax) {
    const sums = await sumRange(db, { after: at, upTo: Math.min(at + eventsMax, upTo) });
    ranges.push(sums.filter(({ quarter }) => quarter >= begins && quarter < ends));
  }
  return ranges;
};

/**
 * Replaces the sums of a time by those of the recorded events. The lock on the cursor keeps other
 * events from being recorded meanwhile; most events are summed up before it is taken.
 */
const rebuildTime = async (pool: Pool, time: Time, eventsMax: number): Promise<void> => {
  const recorded = (await findRecorded(pool))?.position ?? 0;
  const found = await findPositions(pool, time);
  const old = { after: found?.after ?? recorded, upTo: Math.min(recorded, found?.upTo ?? 0) };
  const sums = await sumTime(pool, time, old, eventsMax);
  await inTransaction(pool, async (db) => {
    const upTo = (await lockRecorded(db))?.position ?? 0;
    const newer = await sumTime(db, time, { after: recorded, upTo }, eventsMax);
    await deleteTotals(db, time);
    await deleteSales(db, time);
    for (const range of [...sums, ...newer]) await addSums(db, range);
  });
};

/**
 * Rebuilds the sums of the sales report from the journal, a day at a time, while sales are recorded
 * and reports are read: a report has the old or the new sums of a day. Interrupted, it has rebuilt
 * the days before; it can run again.
 */
export const rebuildReport = async (
  pool: Pool,
  onProgress: (progress: ReportProgress) => void,
  eventsMax = EVENTS_MAX,
): Promise<void> => {
  const { first: begins = null, last: ends = null } = (await findSpan(pool)) ?? {};
  if (begins === null || ends === null) return;
  // Times grow with positions except among concurrent commits: a day more on each side covers them.
  const first = Math.floor(begins.getTime() / DAY_MS) - 1;
  const last = Math.floor(ends.getTime() / DAY_MS) + 1;
  for (let day = first; day <= last; day += 1) {
    const time = { begins: new Date(day * DAY_MS), ends: new Date((day + 1) * DAY_MS) };
    await rebuildTime(pool, time, eventsMax);
    onProgress({ done: day - first + 1, total: last - first + 1 });
  }
};
