import { codeOf, isExhausted, isUnreachable } from '../database/unreachable.ts';

/** What a failed attempt means for the commands in it. */
export type Fault =
  /** A row stayed locked by another transaction: try again without waiting for such rows. */
  | 'locked'
  /** The transaction lost against another one: nothing happened, try again at once. */
  | 'conflict'
  /** The connection went away: the transaction may have committed. Try again on a new one. */
  | 'lost'
  /** The database has no room, and nothing happened: only time helps. */
  | 'exhausted'
  /** Trying again would fail again. */
  | 'fatal';

// SQLSTATE classes and codes: PostgreSQL documentation, appendix A.
const LOCK_NOT_AVAILABLE = '55P03';
const CONFLICTS = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '23505', // unique_violation: another process wrote the same key or user first
]);

/** Tells the faults that pass by themselves from those that do not. */
export const faultOf = (error: unknown, connected: boolean): Fault => {
  const code = codeOf(error) ?? '';
  if (code === LOCK_NOT_AVAILABLE) return 'locked';
  if (CONFLICTS.has(code)) return 'conflict';
  if (!connected || isUnreachable(error)) return 'lost';
  return isExhausted(error) ? 'exhausted' : 'fatal';
};
