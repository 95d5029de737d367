import type { Queryable } from '../database/statement.ts';
import { checkLog } from '../log/core.ts';
import { foldJournal } from './fold.ts';
import { INVARIANTS, type InvariantNumber } from './invariants.ts';
import {
  doubledEffects,
  impossibleStock,
  unbalancedTransfers,
  unexplainedMoney,
  unreadEvents,
  weighEntries,
  wrongBalances,
} from './queries.gen.ts';
import { randomSeed } from './random-seed.ts';
import { readBounds, readRecorded, type Bounds } from './sales/recorded.ts';
import { findWrongBestSellers, findWrongReports } from './sales/wrong-sales.ts';
import { changedAnswers } from './scrub/queries.gen.ts';

/** One invariant and its violations. */
export interface Finding {
  /** Its number in docs/invariants.md. */
  readonly invariant: string;
  readonly rule: string;
  /** Some violations; none when the invariant holds. */
  readonly violations: readonly string[];
  /** The duration of the check. */
  readonly tookMs: number;
}

/** Violations per invariant: enough to see a pattern. */
const VIOLATIONS_MAX = 10;

/** Transfers whose entries do not sum to zero; to name them is slower than to find none. */
const findUnbalanced = async (db: Queryable, limit: number) => {
  const { weight } = (await weighEntries(db, { seed: randomSeed() }))!;
  return Number(weight) === 0 ? [] : unbalancedTransfers(db, { limit });
};

/** Where a check reads, and what it reports. */
interface CheckOptions {
  /** A connection in the same snapshot, on which the journal is folded meanwhile. */
  readonly second?: Queryable;
  /** Called with the share of the journal that is folded, from 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

type Found = readonly { readonly violation: string }[];

const timed = async (find: () => Promise<Found> | Found) => {
  const started = performance.now();
  const violations = (await find()).map(({ violation }) => violation);
  return { violations, tookMs: performance.now() - started };
};

/** What needs no fold: O3, J2 and L1, and the records of sales. */
const checkOthers = async (db: Queryable, bounds: Bounds, limit: number) => ({
  recorded: await readRecorded(db, bounds, limit),
  effects: await timed(async () => [
    ...(await doubledEffects(db, { limit })),
    ...(await changedAnswers(db, { limit })),
  ]),
  subscribers: await timed(() => unreadEvents(db, { limit })),
  log: await timed(async () => (await checkLog(db, limit)).map((violation) => ({ violation }))),
});

/**
 * Checks every invariant against the tables and the journal; calls `onFinding` after each check.
 * Reads the whole database; while others write, use a connection in a repeatable read transaction
 * (`withSnapshot`, `withSharedSnapshot`).
 */
export const checkInvariants = async (
  db: Queryable,
  onFinding: (finding: Finding) => void = () => undefined,
  { second, onProgress }: CheckOptions = {},
): Promise<Finding[]> => {
  const limit = VIOLATIONS_MAX;
  const findings: Finding[] = [];
  const report = (invariant: InvariantNumber, checked: Omit<Finding, 'invariant' | 'rule'>) => {
    const finding = { invariant, rule: INVARIANTS[invariant], ...checked };
    findings.push(finding);
    onFinding(finding);
  };
  const check = async (invariant: InvariantNumber, find: () => Promise<Found> | Found) =>
    report(invariant, await timed(find));

  const bounds = await readBounds(db);
  const folding = foldJournal(second ?? db, limit, { bounds, onProgress });
  // Awaited in its turn.
  folding.catch(() => undefined);

  await check('W1', () => findUnbalanced(db, limit));
  await check('W2', () => wrongBalances(db, { limit }));
  await check('W3', () => unexplainedMoney(db));
  await check('S1', () => impossibleStock(db, { limit }));
  const others = checkOthers(db, bounds, limit);
  // Awaited in its turn.
  others.catch(() => undefined);
  const { differences, tally } = await folding;
  const violating = (invariant: InvariantNumber) =>
    differences.filter(({ invariants }) => invariants.includes(invariant)).slice(0, limit);
  await check('S2', () => violating('S2'));
  await check('S3', () => violating('S3'));
  await check('O1', () => violating('O1'));
  await check('O2', () => violating('O2'));
  const { recorded, effects, subscribers, log } = await others;
  report('O3', effects);
  await check('J1', () => violating('J1'));
  report('J2', subscribers);
  report('L1', log);
  await check('B1', () => findWrongBestSellers(recorded, tally, limit));
  await check('R1', () => findWrongReports(db, recorded, tally, limit));
  return findings;
};
