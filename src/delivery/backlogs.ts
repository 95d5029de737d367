import type { Queryable } from '../database/statement.ts';
import { EVENT_TYPES } from './events/types.ts';
import { listBacklogs } from './queries.gen.ts';

/** What a destination has not received. */
export interface Backlog {
  readonly destinationId: string;
  /** Unsent events, counted up to a limit; replays are not included. */
  readonly pending: number;
  /** The age of the oldest unsent event. */
  readonly lagMs: number;
  /** Events that were given up. */
  readonly deadLetters: number;
}

/** Limits the time of a count; an operator only needs to know that there are more. */
const PENDING_MAX = 10_000;
/** Limits the series of a metric. */
const DESTINATIONS_MAX = 100;

/** The backlogs of the first hundred destinations, active or paused. */
export const readBacklogs = (db: Queryable): Promise<Backlog[]> =>
  listBacklogs(db, { allTypes: EVENT_TYPES, limit: PENDING_MAX, destinations: DESTINATIONS_MAX });
