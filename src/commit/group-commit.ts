import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LockWait } from './batch.ts';
import type { Command, Outcome } from './command.ts';
import { LIMITS, type GroupCommitOptions } from './options.ts';
import { createQueue, type Queue } from './queue.ts';
import { createRunner, type Runner } from './runner.ts';

export interface GroupCommit<Event, Refusal> {
  /**
   * Runs the command in the next batch. Resolves after its COMMIT (or without one, when it is
   * refused), within `answerMs` whatever the database does; rejects only on a fault of our own, and
   * then nothing was changed.
   */
  readonly submit: (command: Command<Event, Refusal>) => Promise<Outcome<Refusal>>;
  /** How many commands wait for a batch. */
  readonly depth: () => number;
  /** Takes nothing more, commits and answers all that waits, closes the connections. */
  readonly close: () => Promise<void>;
}

/** How late the answer to a command may be that has begun and is not over in time. */
const OVERDUE_EVERY_MS = 50;

interface Waiting<Event, Refusal> {
  readonly command: Command<Event, Refusal>;
  readonly submittedAt: number;
  readonly resolve: (outcome: Outcome<Refusal>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Starts the lanes: each takes what has arrived, commits it as one transaction, and repeats. A
 * command whose row another transaction holds for long leaves its lane for the patient one, which
 * waits for such rows on a connection of its own; as long as it does, no other lane waits for any.
 */
export const startGroupCommit = <Event, Refusal>(
  options: GroupCommitOptions<Event>,
): GroupCommit<Event, Refusal> => {
  type Item = Waiting<Event, Refusal>;
  const limits = { ...LIMITS, ...options.limits };
  const answerAll = (items: readonly Item[], kind: 'overloaded' | 'unavailable'): void => {
    for (const { resolve } of items) resolve({ kind });
  };
  const createWaiting = (kind: 'overloaded' | 'unavailable'): Queue<Item> =>
    createQueue({
      count: limits.queue,
      ageMs: limits.answerMs,
      onExpired: (item) => answerAll([item], kind),
    });
  const queue = createWaiting('overloaded');
  const contended = createWaiting('unavailable');
  let isPatientBusy = false;

  const lane = async (): Promise<void> => {
    const runner = createRunner<Event, Refusal>(options, limits, limits.lockMs);
    for await (const batch of batchesOf(queue, limits.batch)) {
      const isContended = isPatientBusy || contended.size() > 0;
      const left = await settle(batch, runner, isContended ? 'skip' : 'wait', limits.answerMs);
      const refused = left.filter((item) => !contended.push(item, item.submittedAt));
      answerAll(refused, 'overloaded');
    }
    await runner.close();
  };
  const patientLane = async (): Promise<void> => {
    const runner = createRunner<Event, Refusal>(options, limits, limits.patientLockMs);
    for await (const batch of batchesOf(contended, limits.batch)) {
      isPatientBusy = true;
      const left = await settle(batch, runner, 'wait', limits.answerMs);
      isPatientBusy = false;
      if (contended.closed()) answerAll(left, 'unavailable');
      else contended.putBack(left.map((item) => ({ item, since: item.submittedAt })));
    }
    await runner.close();
  };
  const lanes = Array.from({ length: limits.lanes }, lane);
  const patient = patientLane();

  return {
    submit: (command) =>
      new Promise((resolve, reject) => {
        const submittedAt = performance.now();
        const isTaken = queue.push({ command, submittedAt, resolve, reject }, submittedAt);
        if (!isTaken) resolve({ kind: 'overloaded' });
      }),
    depth: queue.size,
    close: async () => {
      queue.close();
      await Promise.all(lanes);
      contended.close();
      await patient;
      // The last answers are given in the turn before this one.
      await nextTurn();
    },
  };
};

/** Takes what waits, as often as there is something, until the queue is closed and empty. */
async function* batchesOf<Item>(queue: Queue<Item>, limit: number): AsyncGenerator<Item[]> {
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
 * Answers each of a batch and returns those that are contended, unanswered. When the batch fails as
 * a whole, its commands run one by one. What is not over in time is answered as unavailable while
 * the attempt goes on: its effect is unknown until the key is sent again.
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
    // Answering takes about as long as committing: the database gets the next batch first.
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
