import type { Queryable } from '../database/statement.ts';
import { foldDifferences } from './fold.ts';
import {
  doubledEffects,
  impossibleStock,
  unbalancedTransfers,
  unexplainedMoney,
  unexplainedReservations,
  unexplainedStock,
  unreadEvents,
  wrongBalances,
  wrongBestSellers,
  wrongHistories,
  wrongPayments,
  wrongReports,
} from './queries.gen.ts';

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

/**
 * Checks every invariant against the tables and the journal, and calls `onFinding` after each check.
 * Reads the whole database; while others write, use a connection in a repeatable read transaction
 * (`withSnapshot`).
 */
export const checkInvariants = async (
  db: Queryable,
  onFinding: (finding: Finding) => void = () => undefined,
): Promise<Finding[]> => {
  const limit = VIOLATIONS_MAX;
  const findings: Finding[] = [];
  const check = async (
    invariant: string,
    rule: string,
    find: () => Promise<readonly { violation: string }[]>,
  ): Promise<void> => {
    const started = performance.now();
    const violations = (await find()).map(({ violation }) => violation);
    const finding = { invariant, rule, violations, tookMs: performance.now() - started };
    findings.push(finding);
    onFinding(finding);
  };

  await check('W1', 'the entries of a transfer sum to zero', () =>
    unbalancedTransfers(db, { limit }),
  );
  await check('W2', 'a balance is the sum of its entries and not negative', () =>
    wrongBalances(db, { limit }),
  );
  await check('W3', 'money in = wallets + sales - refunds + withdrawals', () =>
    unexplainedMoney(db),
  );
  await check('S1', '0 <= reserved <= on hand', () => impossibleStock(db, { limit }));
  await check('S2', 'on hand = initial + adjustments - sold + restocked', () =>
    unexplainedStock(db, { limit }),
  );
  await check('S3', 'reserved = pending order lines', () => unexplainedReservations(db, { limit }));
  await check('O1', 'a paid order has one payment of its total', () =>
    wrongPayments(db, { limit }),
  );
  await check('O2', 'an order moves only along its states', () => wrongHistories(db, { limit }));
  await check('O3', 'one idempotency key, one effect', () => doubledEffects(db, { limit }));
  await check('J1', 'folding the journal reproduces the tables', async () =>
    (await foldDifferences(db, limit)).map((violation) => ({ violation })),
  );
  await check('J2', 'no subscriber has skipped a committed event', () =>
    unreadEvents(db, { limit }),
  );
  await check('B1', 'best sellers equal a count over the orders', () =>
    wrongBestSellers(db, { limit }),
  );
  await check('R1', 'the sales report equals a count over the events', () =>
    wrongReports(db, { limit }),
  );
  return findings;
};
