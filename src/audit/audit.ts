import { randomBytes } from 'node:crypto';
import type { Queryable } from '../database/statement.ts';
import { checkLog } from '../log/core.ts';
import { foldDifferences } from './fold.ts';
import { INVARIANTS, type InvariantNumber } from './invariants.ts';
import {
  doubledEffects,
  impossibleStock,
  unbalancedTransfers,
  unexplainedMoney,
  unreadEvents,
  weighEntries,
  wrongBalances,
  wrongHistories,
  type WrongHistoriesRow,
} from './queries.gen.ts';
import { findWrongSales, type WrongSales } from './sales/wrong-sales.ts';
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

/** The seed of weights that nobody can foresee. */
const seedOf = (): number => randomBytes(6).readUIntBE(0, 6);

/** Transfers whose entries do not sum to zero; to name them is slower than to find none. */
const findUnbalanced = async (db: Queryable, limit: number) => {
  const { weight } = (await weighEntries(db, { seed: seedOf() }))!;
  return Number(weight) === 0 ? [] : unbalancedTransfers(db, { limit });
};

/** Where a check reads, and what it reports. */
interface CheckOptions {
  /** A connection in the same snapshot, on which the journal is folded meanwhile. */
  readonly second?: Queryable;
  /** Called with the share of the journal that is folded, from 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Checks every invariant against the tables and the journal, and calls `onFinding` after each check.
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
  const check = async (
    invariant: InvariantNumber,
    find: () => Promise<readonly { violation: string }[]>,
  ): Promise<void> => {
    const started = performance.now();
    const violations = (await find()).map(({ violation }) => violation);
    const rule = INVARIANTS[invariant];
    const finding = { invariant, rule, violations, tookMs: performance.now() - started };
    findings.push(finding);
    onFinding(finding);
  };

  const fold = (): Promise<string[]> => foldDifferences(second ?? db, limit, { onProgress });
  const folding = second === undefined ? undefined : fold();
  // Awaited in its turn.
  folding?.catch(() => undefined);

  await check('W1', () => findUnbalanced(db, limit));
  await check('W2', () => wrongBalances(db, { limit }));
  await check('W3', () => unexplainedMoney(db));
  await check('S1', () => impossibleStock(db, { limit }));
  // One statement; its duration is that of S2.
  let sales: WrongSales = { S2: [], S3: [], B1: [], O1: [], R1: [] };
  await check('S2', async () => (sales = await findWrongSales(db, seedOf(), limit)).S2);
  await check('S3', () => Promise.resolve(sales.S3));
  await check('O1', () => Promise.resolve(sales.O1));
  let histories: readonly WrongHistoriesRow[] = [];
  await check('O2', async () => (histories = await wrongHistories(db, { limit })));
  await check('O3', async () => [
    ...histories.filter(({ isDoubled }) => isDoubled),
    ...(await doubledEffects(db, { limit })),
    ...(await changedAnswers(db, { limit })),
  ]);
  // Two connections read at the same time: the log is checked while the journal is folded.
  const checking = second === undefined ? undefined : checkLog(db, limit);
  checking?.catch(() => undefined);
  await check('J1', async () => (await (folding ?? fold())).map((violation) => ({ violation })));
  await check('J2', () => unreadEvents(db, { limit }));
  await check('L1', async () =>
    (await (checking ?? checkLog(db, limit))).map((violation) => ({ violation })),
  );
  await check('B1', () => Promise.resolve(sales.B1));
  await check('R1', () => Promise.resolve(sales.R1));
  return findings;
};
