import type { Logger } from 'pino';
import { forkWorker, type ForkedWorker } from './forked-worker.ts';
import type { Assignment, Metrics } from './messages.ts';
import { createPlace } from './place.ts';
import { createSums } from './sums.ts';

export interface WorkersOptions extends Assignment {
  readonly count: number;
  /** How long a worker may take to end after its last connection was closed. */
  readonly shutdownMs: number;
  readonly log: Pick<Logger, 'info' | 'error'>;
}

export interface Workers {
  /** Starts all; resolves to their address once all listen, rejects when one does not start. */
  readonly start: () => Promise<string>;
  /**
   * Replaces every worker by one with the code that is on disk now, one after the other. Ends early
   * when a new one does not start.
   */
  readonly restart: () => void;
  /** The sums of the metrics of all workers, as text. */
  readonly readMetrics: () => Promise<string>;
  /** The same sums as values. */
  readonly collectMetrics: () => Promise<Metrics>;
  /** Lets all workers drain; resolves when all have ended. */
  readonly stop: () => Promise<void>;
  /** Ends all workers at once. */
  readonly kill: () => void;
}

/** Runs workers behind one port, whose connections this process hands to them in turn. */
export const createWorkers = (options: WorkersOptions): Workers => {
  const { count, databaseUrl, shutdownMs, log } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const living = new Set<ForkedWorker>();
  const sums = createSums(living);
  let { port } = options;
  let address: string | undefined;

  const assign = (): Assignment => {
    const isHeld = [...living].some((worker) => worker.state() === 'listening');
    // While nobody listens the port is free, and port 0 would become another one.
    if (!isHeld && address !== undefined) port = Number(new URL(address).port) || port;
    return { databaseUrl, port };
  };

  const onSumsFault = (error: unknown): void =>
    log.error({ err: error }, 'the metrics of the workers cannot be added up');

  const fork = (): ForkedWorker => {
    const worker = forkWorker({
      assign,
      onMetrics: (metrics) => sums.record(worker, metrics),
      onReadMetrics: () => {
        const sent = sums.read().then((text) => worker.send({ kind: 'sums', text }));
        sent.catch(onSumsFault);
      },
    });
    living.add(worker);
    const kept = worker.ended.then(() => {
      living.delete(worker);
      sums.keep(worker);
    });
    kept.catch(onSumsFault);
    void worker.listening.then((url) => (address ??= url)).catch(() => undefined);
    return worker;
  };

  const place = { fork, log, signal, onFailure: sums.countFailure, shutdownMs };
  const places = Array.from({ length: count }, () => createPlace(place));

  const restartAll = async (): Promise<void> => {
    const old = [...living].filter((worker) => worker.state() === 'closed');
    if (old.length > 0) log.info('Waiting for the old workers of the previous rolling restart');
    // At most twice as many workers as configured, and as many connections to the database.
    await Promise.all(old.map(({ ended }) => ended));
    log.info('A rolling restart begins');
    for (const { renew } of places) if (signal.aborted || !(await renew())) return;
    log.info('Every worker is new; the old ones end with their last connections');
  };
  let restarts = Promise.resolve();
  let isRestartDue = false;

  return {
    start: async () => {
      const [first, ...others] = places;
      // Migrations, and samples of a new shop: the others find them done.
      await first?.fill();
      await Promise.all(others.map(({ fill }) => fill()));
      return address ?? '';
    },
    restart: () => {
      // One waiting restart is enough: it replaces the workers of the running restart, too.
      if (isRestartDue) return;
      isRestartDue = true;
      restarts = restarts.then(() => {
        isRestartDue = false;
        return restartAll();
      });
    },
    readMetrics: sums.read,
    collectMetrics: sums.collect,
    stop: async () => {
      stopping.abort();
      for (const worker of living) {
        // A worker that starts has nothing to drain.
        if (worker.state() === 'starting') worker.kill();
        else worker.send({ kind: 'stop' });
      }
      await Promise.all([...living].map(({ ended }) => ended));
    },
    kill: () => {
      for (const worker of living) worker.kill();
    },
  };
};
