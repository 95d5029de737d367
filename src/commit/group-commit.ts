import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { Session } from '../database/session.ts';
import { runBatch, type Model } from './batch.ts';
import type { Command, Outcome } from './command.ts';
import { faultOf } from './faults.ts';
import { createQueue } from './queue.ts';

export interface GroupCommit<Event, Refusal> {
  /**
   * Runs the command in the next batch. Resolves after its COMMIT (or without one, when it is
   * refused); rejects only on a fault of our own, and then nothing was changed.
   */
  readonly submit: (command: Command<Event, Refusal>) => Promise<Outcome<Refusal>>;
  /** How many commands wait for a batch. */
  readonly depth: () => number;
  /** Takes nothing more, commits and answers all that waits, closes the connections. */
  readonly close: () => Promise<void>;
}

export interface GroupCommitOptions<Event> {
  readonly model: Model<Event>;
  readonly openSession: () => Promise<Session>;
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
  /** How long a command may wait: longer than a healthy queue, shorter than a client's patience. */
  readonly queueAgeMs: number;
  /** How often a batch is tried that lost against others, before its commands run one by one. */
  readonly conflicts: number;
  /** How long a lost database is waited for: a restart with crash recovery takes a few seconds. */
  readonly reconnectMs: number;
}

const DEFAULTS: GroupCommitLimits = {
  lanes: 1,
  batch: 512,
  queue: 20_000,
  queueAgeMs: 5_000,
  conflicts: 5,
  reconnectMs: 10_000,
};

const BACKOFF_FIRST_MS = 20;
const BACKOFF_MOST_MS = 1_000;

interface Waiting<Event, Refusal> {
  readonly command: Command<Event, Refusal>;
  readonly resolve: (outcome: Outcome<Refusal>) => void;
  readonly reject: (error: unknown) => void;
}

/** Starts the lanes: each takes what has arrived, commits it as one transaction, and repeats. */
export const startGroupCommit = <Event, Refusal>(
  options: GroupCommitOptions<Event>,
): GroupCommit<Event, Refusal> => {
  const limits = { ...DEFAULTS, ...options.limits };
  const queue = createQueue<Waiting<Event, Refusal>>({
    count: limits.queue,
    ageMs: limits.queueAgeMs,
    onExpired: ({ resolve }) => resolve({ kind: 'overloaded' }),
  });

  const lane = async (): Promise<void> => {
    const run = createRunner<Event, Refusal>(options, limits);
    while (!queue.closed() || queue.size() > 0) {
      if (queue.size() === 0) {
        await queue.arrival();
        // Let the requests that arrive in the same turn of the event loop join the batch.
        await nextTurn();
      }
      const batch = queue.take(limits.batch);
      if (batch.length > 0) await settle(batch, run);
    }
    await run.close();
  };
  const lanes = Array.from({ length: limits.lanes }, lane);

  return {
    submit: (command) =>
      new Promise((resolve, reject) => {
        if (!queue.push({ command, resolve, reject })) resolve({ kind: 'overloaded' });
      }),
    depth: queue.size,
    close: async () => {
      queue.close();
      await Promise.all(lanes);
      // The last answers are given in the turn before this one.
      await nextTurn();
    },
  };
};

/** Answers each of a batch; when the batch fails as a whole, its commands run one by one. */
const settle = async <Event, Refusal>(
  batch: readonly Waiting<Event, Refusal>[],
  run: Runner<Event, Refusal>,
): Promise<void> => {
  try {
    const outcomes = await run.attempt(batch.map(({ command }) => command));
    // Answering takes about as long as committing: the database gets the next batch first.
    setImmediate(() => {
      for (const [index, { resolve }] of batch.entries()) resolve(outcomes[index]!);
    });
  } catch (error) {
    if (batch.length === 1) batch[0]!.reject(error);
    else for (const waiting of batch) await settle([waiting], run);
  }
};

interface Runner<Event, Refusal> {
  /** Outcomes of all, or an error that trying again does not cure. */
  readonly attempt: (commands: readonly Command<Event, Refusal>[]) => Promise<Outcome<Refusal>[]>;
  readonly close: () => Promise<void>;
}

/** A lane's connection, replaced when it is lost, and the patience to try a batch again. */
const createRunner = <Event, Refusal>(
  { model, openSession, onBatch, onFault }: GroupCommitOptions<Event>,
  limits: GroupCommitLimits,
): Runner<Event, Refusal> => {
  let session: Session | undefined;

  const attemptOnce = async (commands: readonly Command<Event, Refusal>[]) => {
    if (session?.connected() !== true) session = await openSession();
    const started = performance.now();
    const outcomes = await runBatch(session, commands, model);
    onBatch?.({ size: commands.length, durationMs: performance.now() - started });
    return outcomes;
  };

  const abandon = async () => {
    try {
      await session?.query({ text: 'rollback' });
    } catch {
      session = undefined;
    }
  };

  return {
    attempt: async (commands) => {
      const deadline = performance.now() + limits.reconnectMs;
      for (let conflicts = 0, backoffMs = BACKOFF_FIRST_MS; ;) {
        try {
          return await attemptOnce(commands);
        } catch (error) {
          onFault?.(
            error,
            commands.map(({ operation }) => operation),
          );
          const fault = faultOf(error, session?.connected() ?? false);
          await abandon();
          if (fault === 'fatal') throw error;
          if (fault === 'conflict' && ++conflicts >= limits.conflicts) {
            if (commands.length > 1) throw error;
            return [{ kind: 'unavailable' }];
          }
          if (fault === 'lost') {
            if (performance.now() + backoffMs > deadline) {
              return commands.map(() => ({ kind: 'unavailable' }));
            }
            await delay(backoffMs);
            backoffMs = Math.min(backoffMs * 2, BACKOFF_MOST_MS);
          }
        }
      }
    },
    close: async () => {
      await session?.close();
    },
  };
};
