import { setTimeout as delay } from 'node:timers/promises';

interface Supervised {
  readonly isRunning: () => Promise<boolean>;
  /** Starts the process again; rejects on failure. */
  readonly restart: () => Promise<void>;
  readonly log: (message: string) => void;
  readonly pauses?: Pauses;
}

interface Pauses {
  /** The interval of the checks, each of which reads a file. */
  readonly checkEveryMs: number;
  /** The pause after the first failed restart; each further failure doubles it. */
  readonly restartMinMs: number;
  /** The maximum pause: how late a restart succeeds after, for example, a full disk has room. */
  readonly restartMaxMs: number;
}

const PAUSES: Pauses = { checkEveryMs: 250, restartMinMs: 500, restartMaxMs: 30_000 };

/**
 * Watches a process that is not a child process, and restarts it when it has stopped. Retries until
 * success or `stop`, which waits for a running restart.
 */
export const superviseProcess = ({ isRunning, restart, log, pauses = PAUSES }: Supervised) => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = (ms: number): Promise<void> =>
    delay(ms, undefined, { signal, ref: false }).catch(() => undefined);

  /** Whether the process runs now; it may also have started after a restart that timed out. */
  const revive = async (): Promise<boolean> => {
    try {
      if (!(await isRunning())) await restart();
      return true;
    } catch (error) {
      log(`PostgreSQL cannot be restarted: ${String(error)}`);
      return false;
    }
  };

  const restartUntilItRuns = async (): Promise<void> => {
    log('PostgreSQL has stopped; restarting it');
    for (let pauseMs = pauses.restartMinMs; !(await revive()); pauseMs *= 2) {
      await pause(Math.min(pauseMs, pauses.restartMaxMs));
      if (signal.aborted) return;
    }
    log('PostgreSQL is running again');
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await pause(pauses.checkEveryMs);
      if (!signal.aborted && !(await isRunning())) await restartUntilItRuns();
    }
  };
  const watching = run();

  return {
    stop: async (): Promise<void> => {
      stopping.abort();
      await watching;
    },
  };
};
