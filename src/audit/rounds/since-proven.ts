import type { Queryable } from '../../database/statement.ts';
import type { Violation } from '../difference.ts';
import { checkSnapshot, violationsOf } from './step.ts';
import { createTouched } from './touched.ts';

/** More events are the work of a round or of the whole audit: they are folded in memory. */
const EVENTS_MAX = 200_000;

export interface SinceProven {
  /** The proven position. */
  readonly position: number;
  /** The number of later events. */
  readonly events: number;
  readonly violations: readonly Violation[];
}

/**
 * Compares what events have changed since the proven position, in the snapshot of `db`. Throws when
 * there are too many events. Writes nothing.
 */
export const checkSinceProven = async (db: Queryable): Promise<SinceProven> => {
  const seen = await checkSnapshot(db, createTouched(), undefined, EVENTS_MAX);
  if (!seen.isComplete) {
    throw new Error(`more than ${EVENTS_MAX} events are not proven; run the whole audit`);
  }
  const { position } = seen.progress;
  return { position, events: seen.positions.length, violations: violationsOf(seen) };
};
