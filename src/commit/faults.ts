import { codeOf, isExhausted, isUnreachable } from '../database/unreachable.ts';

/** What a failed attempt means for the commands in it. */
export type Fault =
  /** A row stayed locked by another transaction. Retry without waiting for such rows. */
  | 'locked'
  /** The transaction conflicted with another one and changed nothing. Retry at once. */
  | 'conflict'
  /** The connection was lost and the transaction may have committed. Retry on a new connection. */
  | 'lost'
  /** The database is out of a resource and nothing changed. Do not retry at once. */
  | 'exhausted'
  /** A retry would fail again. */
  | 'fatal';

// SQLSTATE classes and codes: PostgreSQL documentation, appendix A.
const LOCK_NOT_AVAILABLE = '55P03';
const CONFLICTS = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '23505', // unique_violation: another process wrote the same key or user first
]);

/** Classifies an error by what a retry can achieve. */
export const faultOf = (error: unknown, connected: boolean): Fault => {
  const code = codeOf(error) ?? '';
  if (code === LOCK_NOT_AVAILABLE) return 'locked';
  if (CONFLICTS.has(code)) return 'conflict';
  if (!connected || isUnreachable(error)) return 'lost';
  return isExhausted(error) ? 'exhausted' : 'fatal';
};
