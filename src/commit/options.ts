import type { Session } from '../database/session.ts';
import type { Schema } from './batch.ts';

export interface GroupCommitOptions<Event> {
  readonly schema: Schema<Event>;
  /** Opens the connection of a lane, on which a statement waits for a locked row for `lockMs`. */
  readonly openSession: (limits: { answerMs: number; lockMs: number }) => Promise<Session>;
  readonly limits?: Partial<GroupCommitLimits>;
  /** Told of every batch that committed. */
  readonly onBatch?: (batch: { size: number; durationMs: number }) => void;
  /** Told of every attempt that failed, also of those that are tried again. */
  readonly onFault?: (error: unknown, operations: readonly string[]) => void;
}

export interface GroupCommitLimits {
  /** Transactions in flight at once. One is enough: while it commits, the next batch gathers. */
  readonly lanes: number;
  /** Commands in a batch: more would make the first of them wait without making the last faster. */
  readonly batch: number;
  /** Commands that may wait; a few times what is committed in a second. */
  readonly queue: number;
  /** How long a command may take: longer than a healthy queue, shorter than a client's patience. */
  readonly answerMs: number;
  /** How often a batch is tried that lost against others, before its commands run one by one. */
  readonly conflicts: number;
  /** How long a lane waits for a locked row: longer than another process's batch takes. */
  readonly lockMs: number;
  /** How long the patient lane waits for one. */
  readonly patientLockMs: number;
}

/** What holds unless options say otherwise. */
export const LIMITS: GroupCommitLimits = {
  lanes: 1,
  batch: 512,
  queue: 20_000,
  answerMs: 5_000,
  conflicts: 5,
  lockMs: 100,
  patientLockMs: 1_000,
};
