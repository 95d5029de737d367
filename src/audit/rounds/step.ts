import type { Client, Pool } from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import type { Queryable } from '../../database/statement.ts';
import type { Checked, Violation } from '../difference.ts';
import { ORDERS } from '../kept.ts';
import { checkLogHead } from '../scrub/log-part.ts';
import { keepScrubs } from '../scrub/queries.gen.ts';
import { scrub, type CheckedRange, type Pace, type ScrubProgress } from '../scrub/scrub.ts';
import { foldEvents, type FoldedEvents } from './fold-events.ts';
import {
  closeRound,
  closeStep,
  closeViolations,
  closeViolationsIn,
  findProgress,
  keepEvents,
  keepOrders,
  keepRows,
  keepSubscribers,
  openViolations,
  readNext,
  type FindProgressRow,
  type ListSubscribersRow,
} from './queries.gen.ts';
import { ENTRIES, checkEntriesView, checkSubscribers } from './subscriber-checks.ts';
import type { Touched } from './touched.ts';

/** Another process audits, or has written meanwhile. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Events per step: its snapshot and its transaction take less than a tenth of a second. */
const EVENTS_MAX = 2_000;
/**
 * Bytes per event of a step, which has fewer events if they are larger. An event with metadata can
 * have 40 KB, and its fold takes several times as much memory.
 */
const EVENT_BYTES = 8_192;
/** Undecided events beyond the position; more are left until a long transaction has ended. */
const AHEAD_MAX = 50_000;
/** Violations that one step records: enough to see a pattern, and its transaction stays short. */
const VIOLATIONS_MAX = 1_000;

/** What a snapshot has shown. */
interface Seen {
  readonly progress: FindProgressRow;
  readonly positions: readonly number[];
  readonly folded: FoldedEvents;
  /** Whether every event of the snapshot is folded. */
  readonly isComplete: boolean;
  readonly checked: readonly Checked[];
  readonly ranges: readonly CheckedRange[];
  readonly scrubs: readonly ScrubProgress[];
  readonly subscribers: readonly ListSubscribersRow[];
}

/** Runs reads in one snapshot: one repeatable read, read-only transaction. */
const inSnapshot = async <Result>(client: Client, read: () => Promise<Result>): Promise<Result> => {
  await client.query('begin isolation level repeatable read read only');
  try {
    return await read();
  } finally {
    await client.query('rollback');
  }
};

/** Folds the next events of a snapshot and compares; writes nothing. */
export const checkSnapshot = async (
  db: Queryable,
  touched: Touched,
  pace: Pace | undefined,
  limit = EVENTS_MAX,
): Promise<Seen> => {
  const progress = (await findProgress(db))!;
  const { position, ahead, now } = progress;
  const bytesMax = limit * EVENT_BYTES;
  const page = { after: position, ahead, limit, bytesMax };
  const events = ahead.length > AHEAD_MAX ? [] : await readNext(db, page);
  const isFull =
    events.length === limit || events.reduce((sum, { bytes }) => sum + bytes, 0) >= bytesMax;
  const folded = await foldEvents(db, events);
  const positions = events.map((event) => event.position);
  const early = await touched.add(db, folded);
  const seen = { progress, positions, folded };
  if (isFull || ahead.length > AHEAD_MAX) {
    await touched.dropEqual(db);
    const rest = { isComplete: false, ranges: [], scrubs: [], subscribers: [] };
    return { ...seen, ...rest, checked: early };
  }
  const { subscribers, checked } = await checkSubscribers(db);
  const head = await checkLogHead(db, subscribers);
  const compared = await touched.compareAll(db);
  const scene = { db, now, position, changed: folded.changed };
  const { ranges, progress: scrubs } =
    pace === undefined ? { ranges: [], progress: [] } : await scrub(scene, pace);
  return {
    ...seen,
    isComplete: true,
    checked: [...early, ...compared, ...checked, ...head, checkEntriesView(progress)],
    ranges,
    scrubs,
    subscribers,
  };
};

/** Every violation that a snapshot has shown, one for each place. */
export const violationsOf = ({ folded, checked, ranges }: Seen): Violation[] => {
  const all = [
    ...folded.violations,
    ...checked.flatMap((each) => each.violations),
    ...ranges.flatMap((each) => each.violations),
  ];
  return [...new Map(all.map((each) => [`${each.part} ${each.key}`, each])).values()];
};

const isIntact = ({ checked }: Seen): boolean =>
  !checked.some(({ part, violations }) => part === ENTRIES && violations.length > 0);

const keep = async (db: Queryable, { folded, positions, progress }: Seen): Promise<void> => {
  const rows = [...folded.changed].flatMap(([tableName, changed]) =>
    tableName === ORDERS
      ? []
      : [...changed].map(([key, { row, position }]) => ({
          tableName,
          key,
          row: JSON.stringify(row),
          position: position ?? progress.position,
        })),
  );
  const orders = [...folded.orders].map(([orderId, own]) => ({
    orderId,
    positions: `{${own.join(',')}}`,
  }));
  if (rows.length > 0) await keepRows(db, rows);
  if (orders.length > 0) await keepOrders(db, orders);
  if (positions.length > 0) await keepEvents(db, { positions });
};

const recordViolations = async (db: Queryable, seen: Seen): Promise<Violation[]> => {
  for (const { part, keys } of seen.checked) {
    if (keys.length > 0) await closeViolations(db, { part, keys });
  }
  for (const { part, after, upTo } of seen.ranges) {
    await closeViolationsIn(db, { part, after, upTo });
  }
  const violations = violationsOf(seen).slice(0, VIOLATIONS_MAX);
  const json = (value: object | null): string | null =>
    value === null ? null : JSON.stringify(value);
  const rows = violations.map(({ invariants, expected, found, ...place }) => ({
    ...place,
    invariants: `{${invariants.join(',')}}`,
    expected: json(expected),
    found: json(found),
    foundAt: seen.progress.now,
  }));
  if (rows.length > 0) await openViolations(db, rows);
  return violations;
};

export interface StepOptions {
  readonly snapshots: Client;
  readonly pool: Pool;
  readonly touched: Touched;
  readonly pace: Pace;
  /** Every position up to here was decided before the step. */
  readonly decided: number;
  /** When the round began, in milliseconds of `performance.now()`. */
  readonly began: number;
  readonly limit?: number | undefined;
}

export interface Step {
  readonly isComplete: boolean;
  /** The violations that this step has found. */
  readonly violations: readonly Violation[];
}

/**
 * One step of a round: folds at most `EVENTS_MAX` events in a snapshot; if they are all, compares
 * and scrubs in the same snapshot. What was folded and found is then recorded in one transaction.
 * Throws `LeaseLost` if another process has recorded a step meanwhile.
 */
export const runStep = async (options: StepOptions): Promise<Step> => {
  const { snapshots, pool, touched, pace, decided, began, limit } = options;
  const seen = await inSnapshot(snapshots, () => checkSnapshot(snapshots, touched, pace, limit));
  const { progress, positions, isComplete } = seen;
  const last = positions.at(-1) ?? progress.position;
  const position = Math.max(progress.position, isComplete ? decided : Math.min(decided, last));
  const ahead = [...progress.ahead, ...positions].filter((each) => each > position);
  const violations = await inTransaction(pool, async (db) => {
    const { step } = progress;
    if ((await closeStep(db, { step, position, ahead })) === 0) {
      throw new LeaseLost('another process has recorded a step of the audit');
    }
    await keep(db, seen);
    if (isComplete) {
      await keepSubscribers(db, seen.subscribers);
      await keepScrubs(db, seen.scrubs);
      await closeRound(db, {
        provenAt: progress.now,
        roundMs: Math.round(performance.now() - began),
        answered: progress.requested,
        // The definition before a violation stays the one to compare with.
        entriesView: isIntact(seen) ? progress.viewNow : progress.entriesView,
      });
    }
    return recordViolations(db, seen);
  });
  return { isComplete, violations };
};
