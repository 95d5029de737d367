import { INVARIANTS } from '../audit/invariants.ts';

/** What a run checks while it loads the service and afterwards. */
const CHECKS = {
  bank: 'all wallets and the accounts of the platform sum to zero',
  entries: 'the entries of a wallet, read over HTTP, lead to its balance',
  stock: 'units sold and units left are the initial stock',
  keys: 'a key has one effect, and one answer byte for byte',
  ledger: 'each acknowledged effect is in the tables, and no other',
  answers: 'each answer is one that the contract names for its request',
  processes: 'no service process ends by itself',
  invariants: `the ${Object.keys(INVARIANTS).length} invariants hold on the whole database`,
} as const;

type Check = keyof typeof CHECKS;

/** Something that differs from what must hold. */
export interface Violation {
  readonly check: Check;
  /** The wallet, product, order, key, process or invariant. */
  readonly subject: string;
  readonly expected: string;
  readonly found: string;
  /** Idempotency keys of the requests that it is about. */
  readonly keys?: readonly string[];
}

/** One check, how often it was made and what it found. */
export interface CheckResult {
  readonly check: Check;
  readonly rule: string;
  readonly times: number;
  readonly violations: readonly Violation[];
}

export interface Findings {
  /** Counts a check that was made. */
  readonly made: (check: Check, times?: number) => void;
  /** Records a violation, once for each check and subject. */
  readonly violate: (violation: Violation) => void;
  /** The number of violations. */
  readonly count: () => number;
  readonly results: () => CheckResult[];
}

/** Violations with their details: enough to see a pattern. Others are only counted. */
const VIOLATIONS_MAX = 100;

/** Collects what a run finds; calls `onViolation` for each new violation. */
export const createFindings = (onViolation: (violation: Violation) => void): Findings => {
  const times = new Map<Check, number>();
  const violations = new Map<string, Violation>();
  return {
    made: (check, more = 1) => times.set(check, (times.get(check) ?? 0) + more),
    violate: (violation) => {
      const id = `${violation.check} ${violation.subject}`;
      if (violations.has(id) || violations.size === VIOLATIONS_MAX) return;
      violations.set(id, violation);
      onViolation(violation);
    },
    count: () => violations.size,
    results: () =>
      (Object.keys(CHECKS) as Check[]).map((check) => ({
        check,
        rule: CHECKS[check],
        times: times.get(check) ?? 0,
        violations: [...violations.values()].filter((each) => each.check === check),
      })),
  };
};
