import cluster from 'node:cluster';
import { EventEmitter, once } from 'node:events';
import type { Registry } from '@prometheus-io/client';
import { WORKER, type Assignment, type ToPrimary, type ToWorker } from './messages.ts';

/** The primary, as a worker sees it. When it is gone, Node.js ends the worker at once. */
export interface Primary {
  /** Asks what to serve. */
  readonly begin: () => Promise<Assignment>;
  readonly reportListening: (url: string) => Promise<void>;
  readonly reportRetired: () => Promise<void>;
  /** Reports why the start failed. */
  readonly reportFailure: (reason: string) => Promise<void>;
  /** Sends the metrics of this process whenever the primary collects them. */
  readonly shareMetrics: (registry: Registry) => void;
  /** Sends the metrics for the last time, so that the sums keep them. */
  readonly leaveMetrics: (registry: Registry) => Promise<void>;
  /** The sums over all workers, as text; rejects when the primary does not answer. */
  readonly readMetrics: () => Promise<string>;
  readonly on: (kind: 'stop' | 'retire', act: () => void) => void;
}

/** Longer than the primary waits for a worker that hangs. */
const METRICS_MAX_MS = 5_000;

/** Connects a worker to its primary; undefined in a process that is no worker. */
export const findPrimary = (): Primary | undefined => {
  // A manager of processes may have forked Moa, too.
  if (!cluster.isWorker || !process.argv.includes(WORKER)) return undefined;
  const messages = new EventEmitter();
  process.on('message', (message: ToWorker) => messages.emit(message.kind, message));

  /** Resolves when the message is written, or the primary is gone. */
  const send = (message: ToPrimary): Promise<void> =>
    new Promise((resolve) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
      else resolve();
    });
  const sendMetrics = async (registry: Registry): Promise<void> =>
    send({ kind: 'metrics', metrics: await registry.getMetricsAsJSON() });

  const readMetrics = async (): Promise<string> => {
    const signal = AbortSignal.timeout(METRICS_MAX_MS);
    const answered = once(messages, 'sums', { signal }) as Promise<[{ text: string }]>;
    void send({ kind: 'read-metrics' });
    const [{ text }] = await answered;
    return text;
  };

  return {
    begin: async () => {
      const answered = once(messages, 'begin') as Promise<[Assignment]>;
      void send({ kind: 'started' });
      const [assignment] = await answered;
      return assignment;
    },
    reportListening: (url) => send({ kind: 'listening', url }),
    reportRetired: () => send({ kind: 'retired' }),
    reportFailure: (reason) => send({ kind: 'failed', reason }),
    shareMetrics: (registry) => {
      // Without an answer the primary counts the figures of an earlier one.
      messages.on('collect', () => void sendMetrics(registry).catch(() => undefined));
    },
    leaveMetrics: sendMetrics,
    readMetrics,
    on: (kind, act) => messages.on(kind, act),
  };
};
