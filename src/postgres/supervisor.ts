import { setTimeout as delay } from 'node:timers/promises';

interface Supervised {
  readonly isRunning: () => Promise<boolean>;
  /** Starts the process again; rejects when it cannot. */
  readonly restart: () => Promise<void>;
  readonly log: (message: string) => void;
  readonly pauses?: Pauses;
}

interface Pauses {
  /** How long the database may be gone unnoticed; looking costs a file read. */
  readonly lookEveryMs: number;
  /** After the first restart that fails; each further one doubles it. */
  readonly restartMinMs: number;
  /** How long the database may stay away once it could start again: a full disk has room, say. */
  readonly restartMaxMs: number;
}

const PAUSES: Pauses = { lookEveryMs: 250, restartMinMs: 500, restartMaxMs: 30_000 };

/**
 * Watches a process that is not our child, and starts it again when it is gone: as often as it
 * takes, until `stop`, which waits for a restart that is under way.
 */
export const superviseProcess = ({ isRunning, restart, log, pauses = PAUSES }: Supervised) => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = (ms: number): Promise<void> =>
    delay(ms, undefined, { signal, ref: false }).catch(() => undefined);

  /** Whether it runs now; it may also have come up after a restart that took too long. */
  const revive = async (): Promise<boolean> => {
    try {
      if (!(await isRunning())) await restart();
      return true;
    } catch (error) {
      log(`PostgreSQL cannot be started again: ${String(error)}`);
      return false;
    }
  };

  const restartUntilItRuns = async (): Promise<void> => {
    log('PostgreSQL is gone; starting it again');
    for (let pauseMs = pauses.restartMinMs; !(await revive()); pauseMs *= 2) {
      await pause(Math.min(pauseMs, pauses.restartMaxMs));
      if (signal.aborted) return;
    }
    log('PostgreSQL runs again');
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await pause(pauses.lookEveryMs);
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
