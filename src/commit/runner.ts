import { setTimeout as delay } from 'node:timers/promises';
import type { Session } from '../database/session.ts';
import { READ_ONLY, codeOf } from '../database/unreachable.ts';
import { runBatch, type BatchOutcome, type LockWait } from './batch.ts';
import type { Command } from './command.ts';
import { faultOf } from './faults.ts';
import type { GroupCommitLimits, GroupCommitOptions } from './options.ts';

const BACKOFF_FIRST_MS = 20;
const BACKOFF_MOST_MS = 1_000;

export interface Runner<Event, Refusal> {
  /**
   * Runs a batch and returns all outcomes, or throws a fatal error. Retries until the deadline (of
   * `performance.now()`). For a single command, a locked row means contended, not failed.
   */
  readonly attempt: (
    commands: readonly Command<Event, Refusal>[],
    lockWait: LockWait,
    deadline: number,
  ) => Promise<BatchOutcome<Refusal>[]>;
  readonly close: () => Promise<void>;
}

/** Runs batches on a lane's connection, with retries and a new connection after a loss. */
export const createRunner = <Event, Refusal>(
  { schema, openSession, tracer, onBatch, onFault }: GroupCommitOptions<Event>,
  { answerMs, conflicts: conflictsMax }: GroupCommitLimits,
  lane: { readonly name: string; readonly lockMs: number },
): Runner<Event, Refusal> => {
  type Commands = readonly Command<Event, Refusal>[];
  const trace = tracer?.openLane(lane.name);
  let session: Session | undefined;

  const connect = async (): Promise<Session> => {
    const opened = await openSession({ answerMs, lockMs: lane.lockMs });
    return trace === undefined ? opened : trace.watch(opened);
  };

  const attemptOnce = async (commands: Commands, lockWait: LockWait) => {
    if (session?.connected() !== true) session = await connect();
    const opened = session;
    const started = performance.now();
    const outcomes = await (trace === undefined
      ? runBatch(opened, commands, schema, lockWait)
      : trace.run(commands, () => runBatch(opened, commands, schema, lockWait)));
    const size = outcomes.filter(({ kind }) => kind !== 'contended').length;
    if (size > 0) onBatch?.({ size, durationMs: performance.now() - started });
    return outcomes;
  };

  const abandon = async (error: unknown) => {
    try {
      await session?.query({ text: 'rollback' });
      if (codeOf(error) !== READ_ONLY) return;
      // A new connection may find the server that accepts writes.
      await session?.close();
    } catch {
      // The connection is lost.
    }
    session = undefined;
  };

  const attempt: Runner<Event, Refusal>['attempt'] = async (commands, lockWait, deadline) => {
    const isAlone = commands.length === 1;
    const all = (kind: 'unavailable' | 'contended') => commands.map(() => ({ kind }));
    let wait = lockWait;
    let conflicts = 0;
    for (let backoffMs = BACKOFF_FIRST_MS; ;) {
      try {
        return await attemptOnce(commands, wait);
      } catch (error) {
        onFault?.(
          error,
          commands.map(({ operation }) => operation),
        );
        const fault = faultOf(error, session?.connected() ?? false);
        await abandon(error);
        switch (fault) {
          case 'locked':
            // Another transaction is creating a row that the batch creates, too.
            if (wait === 'skip' && !isAlone) throw error;
            if (wait === 'skip') return all('contended');
            wait = 'skip';
            break;
          case 'conflict':
            if (++conflicts < conflictsMax) break;
            if (!isAlone) throw error;
            return all('unavailable');
          case 'lost':
            if (performance.now() + backoffMs > deadline) return all('unavailable');
            await delay(backoffMs);
            backoffMs = Math.min(backoffMs * 2, BACKOFF_MOST_MS);
            break;
          case 'exhausted':
            return all('unavailable');
          case 'fatal':
            throw error;
        }
      }
    }
  };

  return {
    attempt,
    close: async () => {
      await session?.close();
    },
  };
};
