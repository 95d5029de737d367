import { setTimeout as delay } from 'node:timers/promises';

interface Supervised {
  readonly isRunning: () => Promise<boolean>;
  /** Starts the process again; rejects when it cannot. */
  readonly restart: () => Promise<void>;
  readonly log: (message: string) => void;
}

/** How long the database may be gone unnoticed; looking costs a file read. */
const LOOK_EVERY_MS = 250;
/** Restarts that fail in a row before we give up: then something is broken that needs a person. */
const FAILURES_MAX = 10;
const RESTART_AGAIN_MS = 500;

/** Watches a process that is not our child, and starts it again when it is gone. */
export const superviseProcess = ({ isRunning, restart, log }: Supervised) => {
  const stopping = new AbortController();

  const runOnce = async (): Promise<void> => {
    if (await isRunning()) return;
    log('PostgreSQL is gone; starting it again');
    for (let failures = 0; !stopping.signal.aborted;) {
      try {
        await restart();
        log('PostgreSQL runs again');
        return;
      } catch (error) {
        if (++failures === FAILURES_MAX) throw error;
        await pause(RESTART_AGAIN_MS, stopping.signal);
      }
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await pause(LOOK_EVERY_MS, stopping.signal);
      if (!stopping.signal.aborted) await runOnce();
    }
  };

  const watching = run().catch((error: unknown) => {
    log(`PostgreSQL cannot be started again: ${String(error)}`);
  });

  return {
    stop: async (): Promise<void> => {
      stopping.abort();
      await watching;
    },
  };
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
