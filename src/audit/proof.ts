import type { Queryable } from '../database/statement.ts';
import { INVARIANTS, type InvariantNumber } from './invariants.ts';
import { countViolations, findProgress } from './rounds/queries.gen.ts';
import { findScrubs, type FindScrubsRow } from './scrub/queries.gen.ts';

/** What the rounds of all processes have proven. */
export interface Proof {
  /** The time of the last snapshot in which every event was folded; null before the first. */
  readonly provenAt: Date | null;
  readonly position: number;
  /** Positions beyond the proven one that are taken: an upper bound of the unproven events. */
  readonly lag: number;
  readonly ageMs: number;
  readonly rounds: number;
  readonly roundMs: number;
  readonly requested: number;
  readonly answered: number;
  readonly violations: ReadonlyMap<InvariantNumber, number>;
  readonly scrubs: readonly FindScrubsRow[];
  /** The age of the oldest check of a part: nothing has been unchecked for longer. */
  readonly scrubAgeMs: number;
}

const isNumber = (text: string): text is InvariantNumber => text in INVARIANTS;

/** Reads the proof and counts the open violations of each invariant. */
export const readProof = async (db: Queryable): Promise<Proof> => {
  const [progress, scrubs, counted] = await Promise.all([
    findProgress(db),
    findScrubs(db),
    countViolations(db),
  ]);
  if (progress === undefined) throw new Error('the audit has no row of progress');
  const { provenAt, position, ahead, last, now } = progress;
  const { rounds, roundMs, requested, answered } = progress;
  const ageOf = (time: Date | null): number => now.getTime() - (time ?? new Date(0)).getTime();
  return {
    provenAt,
    position,
    lag: Math.max(0, last - position - ahead.length),
    ageMs: provenAt === null ? 0 : ageOf(provenAt),
    rounds,
    roundMs,
    requested,
    answered,
    violations: new Map(
      counted.flatMap(({ invariant, violations }) =>
        isNumber(invariant) ? [[invariant, violations] as const] : [],
      ),
    ),
    scrubs,
    scrubAgeMs: Math.max(0, ...scrubs.map((each) => ageOf(each.completedAt ?? each.beganAt))),
  };
};
