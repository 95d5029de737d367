import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { WorkerFailed, type ForkedWorker } from './forked-worker.ts';

/** The place of one worker. Its changes wait for each other. */
export interface Place {
  /** Fills the place for the first time; rejects with `WorkerFailed`. */
  readonly fill: () => Promise<void>;
  /**
   * Replaces the worker by a new one, which listens before the old one retires. Resolves to false
   * when the new one does not start; the old one then stays.
   */
  readonly renew: () => Promise<boolean>;
}

export interface PlaceOptions {
  readonly fork: () => ForkedWorker;
  readonly log: Pick<Logger, 'error'>;
  /** Aborts when the service stops: then nothing is filled again. */
  readonly signal: AbortSignal;
  /** Called when a worker has ended although nobody stopped it. */
  readonly onFailure: () => void;
  /** How long a worker may take to end after its last connection was closed. */
  readonly shutdownMs: number;
}

/** A worker that lived for less counts as one that does not start. */
const STABLE_MS = 10_000;
/** The pause before a second attempt in a row; each further one doubles it. */
const PAUSE_MIN_MS = 500;
/** How late a start succeeds after its cause has gone, for example a full disk. */
const PAUSE_MAX_MS = 30_000;
/** For idle connections to end on their own, and for the last answers. */
const RETIRE_MAX_MS = 120_000;

/**
 * Keeps one worker in a place: a worker that ends is replaced, at once at first, and after a
 * growing pause when it ends again and again.
 */
export const createPlace = ({ fork, log, signal, onFailure, shutdownMs }: PlaceOptions): Place => {
  let current: ForkedWorker | undefined;
  let filledAt = -Infinity;
  let pauseMs = 0;
  let changed: Promise<unknown> = Promise.resolve();

  const inTurn = <Result>(change: () => Promise<Result>): Promise<Result> => {
    const result = changed.then(change);
    changed = result.catch(() => undefined);
    return result;
  };

  /** Returns the worker that had the place; throws `WorkerFailed`. */
  const fillOnce = async (): Promise<ForkedWorker | undefined> => {
    const worker = tryFork(fork);
    await worker.listening;
    const before = current;
    current = worker;
    filledAt = performance.now();
    void worker.ended.then((how) => replace(worker, how));
    return before;
  };

  const fillUntilItRuns = async (): Promise<void> => {
    for (;;) {
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || current !== undefined) return;
      pauseMs = Math.min(Math.max(2 * pauseMs, PAUSE_MIN_MS), PAUSE_MAX_MS);
      const failed = await failureOf(fillOnce());
      if (failed === undefined || signal.aborted) return;
      log.error(`A worker does not start; the next attempt is in ${pauseMs} ms. ${failed}`);
    }
  };

  const replace = (worker: ForkedWorker, how: string): void => {
    if (signal.aborted || current !== worker) return;
    current = undefined;
    onFailure();
    log.error(`Worker ${worker.pid} ended (${how}); a new one replaces it`);
    if (performance.now() - filledAt >= STABLE_MS) pauseMs = 0;
    void inTurn(fillUntilItRuns);
  };

  const retire = async (worker: ForkedWorker): Promise<void> => {
    worker.send({ kind: 'retire' });
    const late = setTimeout(worker.kill, RETIRE_MAX_MS + shutdownMs).unref();
    void worker.ended.then(() => clearTimeout(late));
    await worker.closed;
  };

  return {
    fill: () => inTurn(async () => void (await fillOnce())),
    renew: () =>
      inTurn(async () => {
        const filling = fillOnce();
        const failed = await failureOf(filling);
        if (failed !== undefined) {
          if (!signal.aborted) log.error(`The rolling restart ends here. ${failed}`);
          return false;
        }
        const before = await filling;
        if (before !== undefined) await retire(before);
        return true;
      }),
  };
};

/** A process that cannot be made is a worker that does not start. */
const tryFork = (fork: () => ForkedWorker): ForkedWorker => {
  try {
    return fork();
  } catch (error) {
    throw new WorkerFailed(`a process cannot be made: ${String(error)}`, { cause: error });
  }
};

/** Why a worker did not start; undefined when it did. */
const failureOf = async (filling: Promise<unknown>): Promise<string | undefined> => {
  try {
    await filling;
    return undefined;
  } catch (error) {
    if (error instanceof WorkerFailed) return error.message;
    throw error;
  }
};
