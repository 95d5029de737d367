import type { Session, SessionLimits } from '../database/session.ts';
import type { Tracer } from '../tracing/index.ts';
import type { Schema } from './batch.ts';

export interface GroupCommitOptions<Event> {
  readonly schema: Schema<Event>;
  /** Opens a lane's connection. */
  readonly openSession: (limits: SessionLimits) => Promise<Session>;
  readonly limits?: Partial<GroupCommitLimits>;
  /** Makes spans of batches and their statements; without it, nothing is traced. */
  readonly tracer?: Pick<Tracer, 'openLane'> | undefined;
  /** Called after every commit. */
  readonly onBatch?: (batch: { size: number; durationMs: number }) => void;
  /** Called after every failed attempt, also when it is retried. */
  readonly onFault?: (error: unknown, operations: readonly string[]) => void;
}

export interface GroupCommitLimits {
  /** Concurrent transactions. One is enough: while it commits, the next batch gathers. */
  readonly lanes: number;
  /** Commands in a batch: more would delay the first command and not speed up the last. */
  readonly batch: number;
  /** Commands that may wait in a rush; a few times the number that commit in a second. */
  readonly queue: number;
  /** Commands that may wait under a load that never ends: three large batches. */
  readonly standingQueue: number;
  /** Time to an answer: longer than a healthy queue takes, shorter than a client's timeout. */
  readonly answerMs: number;
  /** Attempts at a batch with conflicts, before its commands run one by one. */
  readonly conflicts: number;
  /** A lane's wait for a locked row: longer than another process's batch takes. */
  readonly lockMs: number;
  /** The patient lane's wait for a locked row. */
  readonly patientLockMs: number;
}

/** The default limits. */
export const LIMITS: GroupCommitLimits = {
  lanes: 1,
  batch: 512,
  queue: 20_000,
  standingQueue: 1_536,
  answerMs: 5_000,
  conflicts: 5,
  lockMs: 100,
  patientLockMs: 1_000,
};
