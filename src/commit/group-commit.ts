import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LockWait } from './batch.ts';
import type { Command, Outcome } from './command.ts';
import { LIMITS, type GroupCommitOptions } from './options.ts';
import { createQueue, type Queue } from './queue.ts';
import { createRunner, type Runner } from './runner.ts';

export interface GroupCommit<Event, Refusal> {
  /**
   * Runs the command in the next batch. Resolves after the COMMIT, or without a COMMIT when the
   * command is refused, and always within `answerMs`. Rejects only on a fault of the command itself;
   * then nothing has changed.
   */
  readonly submit: (command: Command<Event, Refusal>) => Promise<Outcome<Refusal>>;
  /** The number of commands that wait for a batch. */
  readonly depth: () => number;
  /** Whether `submit` would answer that it is overloaded. */
  readonly isFull: () => boolean;
  /** Accepts no more commands, commits and answers the waiting ones, closes the connections. */
  readonly close: () => Promise<void>;
}

/** How often overdue commands of a running attempt are answered. */
const OVERDUE_EVERY_MS = 50;

interface Waiting<Event, Refusal> {
  readonly command: Command<Event, Refusal>;
  readonly submittedAt: number;
  readonly resolve: (outcome: Outcome<Refusal>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Starts the lanes. Each lane takes the waiting commands, commits them as one transaction, and
 * repeats. If another transaction keeps a row locked, the commands that name the row move to the
 * patient lane, which waits for such rows on its own connection. Meanwhile no other lane waits for
 * a locked row.
 */
export const startGroupCommit = <Event, Refusal>(
  options: GroupCommitOptions<Event>,
): GroupCommit<Event, Refusal> => {
  type Item = Waiting<Event, Refusal>;
  const limits = { ...LIMITS, ...options.limits };
  const answerAll = (items: readonly Item[], kind: 'overloaded' | 'unavailable'): void => {
    for (const { resolve } of items) resolve({ kind });
  };
  const createWaiting = (kind: 'overloaded' | 'unavailable', standing: number): Queue<Item> =>
    createQueue({
      count: limits.queue,
      standing,
      ageMs: limits.answerMs,
      onExpired: (item) => answerAll([item], kind),
    });
  const queue = createWaiting('overloaded', limits.standingQueue);
  const contended = createWaiting('unavailable', limits.queue);
  let isPatientBusy = false;

  const lane = async (_: unknown, index: number): Promise<void> => {
    const own = { name: `lane ${index + 1}`, lockMs: limits.lockMs };
    const runner = createRunner<Event, Refusal>(options, limits, own);
    for await (const batch of batchesOf(queue, limits.batch)) {
      const isContended = isPatientBusy || contended.size() > 0;
      const left = await settle(batch, runner, isContended ? 'skip' : 'wait', limits.answerMs);
      const refused = left.filter((item) => !contended.push(item));
      answerAll(refused, 'overloaded');
    }
    await runner.close();
  };
  const patientLane = async (): Promise<void> => {
    const own = { name: 'patient lane', lockMs: limits.patientLockMs };
    const runner = createRunner<Event, Refusal>(options, limits, own);
    for await (const batch of batchesOf(contended, limits.batch)) {
      isPatientBusy = true;
      const left = await settle(batch, runner, 'wait', limits.answerMs);
      isPatientBusy = false;
      if (contended.closed()) answerAll(left, 'unavailable');
      else contended.putBack(left);
    }
    await runner.close();
  };
  const lanes = Array.from({ length: limits.lanes }, lane);
  const patient = patientLane();

  return {
    submit: (command) =>
      new Promise((resolve, reject) => {
        const submittedAt = performance.now();
        const isTaken = queue.push({ command, submittedAt, resolve, reject });
        if (!isTaken) resolve({ kind: 'overloaded' });
      }),
    depth: queue.size,
    isFull: queue.isFull,
    close: async () => {
      queue.close();
      await Promise.all(lanes);
      contended.close();
      await patient;
      // `settle` gives the last answers in a callback that runs before this one.
      await nextTurn();
    },
  };
};

/** Batches of waiting items, until the queue is closed and empty. */
async function* batchesOf<Event, Refusal>(
  queue: Queue<Waiting<Event, Refusal>>,
  limit: number,
): AsyncGenerator<Waiting<Event, Refusal>[]> {
  while (!queue.closed() || queue.size() > 0) {
    if (queue.size() === 0) {
      await queue.arrival();
      // Let the requests that arrive in the same turn of the event loop join the batch.
      await nextTurn();
    }
    const batch = queue.take(limit);
    if (batch.length > 0) yield batch;
  }
}

/**
 * Runs a batch, answers its commands and returns the contended ones unanswered. When the batch
 * fails as a whole, its commands run one by one. Overdue commands are answered as unavailable while
 * the attempt continues: their effect is unknown until the key is sent again.
 */
const settle = async <Event, Refusal>(
  batch: readonly Waiting<Event, Refusal>[],
  runner: Runner<Event, Refusal>,
  lockWait: LockWait,
  answerMs: number,
): Promise<Waiting<Event, Refusal>[]> => {
  const isOverdue = ({ submittedAt }: Waiting<Event, Refusal>): boolean =>
    performance.now() - submittedAt >= answerMs;
  const answerOverdue = (): void => {
    for (const each of batch.filter(isOverdue)) each.resolve({ kind: 'unavailable' });
  };
  const overdue = setInterval(answerOverdue, OVERDUE_EVERY_MS);
  const deadline = (batch.at(-1)?.submittedAt ?? 0) + answerMs;
  const commands = batch.map(({ command }) => command);
  try {
    const outcomes = await runner.attempt(commands, lockWait, deadline);
    // Answering takes about as long as a commit, so the next batch is sent first.
    setImmediate(() => {
      for (const [index, { resolve }] of batch.entries()) {
        const outcome = outcomes[index]!;
        if (outcome.kind !== 'contended') resolve(outcome);
      }
    });
    const left = batch.filter((_, index) => outcomes[index]?.kind === 'contended');
    for (const each of left.filter(isOverdue)) each.resolve({ kind: 'unavailable' });
    return left.filter((each) => !isOverdue(each));
  } catch (error) {
    if (batch.length === 1) {
      batch[0]!.reject(error);
      return [];
    }
    const left = [];
    for (const waiting of batch)
      left.push(...(await settle([waiting], runner, lockWait, answerMs)));
    return left;
  } finally {
    clearInterval(overdue);
  }
};
