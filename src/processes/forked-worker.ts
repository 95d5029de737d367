import type { ChildProcess } from 'node:child_process';
import cluster from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import {
  WORKER,
  type Assignment,
  type Metrics,
  type ToPrimary,
  type ToWorker,
} from './messages.ts';

/** A worker did not start, or ended while it started. */
export class WorkerFailed extends Error {
  override readonly name = 'WorkerFailed';
}

/** `closed`: the worker answers its last connections, or has ended. */
type WorkerState = 'starting' | 'listening' | 'closed';

/** A worker, as the primary sees it. */
export interface ForkedWorker {
  readonly pid: number | undefined;
  /** The worker's address, once it listens; rejects with `WorkerFailed`. */
  readonly listening: Promise<string>;
  readonly state: () => WorkerState;
  /** Resolves when the worker accepts no more connections. */
  readonly closed: Promise<void>;
  /** Resolves to the exit code or the signal, after the worker's last message. */
  readonly ended: Promise<string>;
  readonly send: (message: ToWorker) => void;
  /** Ends the process at once. */
  readonly kill: () => void;
}

export interface ForkOptions {
  /** Called when the worker has loaded its code. */
  readonly assign: () => Assignment;
  readonly onMetrics: (metrics: Metrics) => void;
  /** Called when a client asks the worker for the metrics of all. */
  readonly onReadMetrics: () => void;
}

/** Starts a process with the code that is on disk now, and the environment of this process. */
export const forkWorker = ({ assign, onMetrics, onReadMetrics }: ForkOptions): ForkedWorker => {
  cluster.setupPrimary({ args: [WORKER] });
  const worker = cluster.fork();
  const child = worker.process;
  closeHandedOver(child);
  const listening = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<void>();
  let state: WorkerState = 'starting';
  let reason: string | undefined;

  // With a callback, a worker that has just ended is no error.
  const send = (message: ToWorker): void => void child.send(message, () => undefined);
  worker.on('message', (message: ToPrimary) => {
    if (message.kind === 'started') send({ kind: 'begin', ...assign() });
    else if (message.kind === 'listening') {
      state = 'listening';
      listening.resolve(message.url);
    } else if (message.kind === 'retired') {
      state = 'closed';
      closed.resolve();
    } else if (message.kind === 'failed') reason = message.reason;
    else if (message.kind === 'metrics') onMetrics(message.metrics);
    else if (message.kind === 'read-metrics') onReadMetrics();
  });

  const ended = endOf(child).then((how) => {
    state = 'closed';
    closed.resolve();
    listening.reject(new WorkerFailed(reason ?? `a worker ended while it started (${how})`));
    return how;
  });
  // The end of a worker that has listened is reported by `ended`.
  listening.promise.catch(() => undefined);
  return {
    pid: child.pid,
    listening: listening.promise,
    state: () => state,
    closed: closed.promise,
    ended,
    send,
    kill: () => void child.kill('SIGKILL'),
  };
};

/** Node.js does not report the end of messages if a connection was being handed to the process. */
const LAST_MESSAGES_MS = 1_000;

/** How a process ended, after its last message; also of a process that could not be made. */
const endOf = async (child: ChildProcess): Promise<string> => {
  const exited = Promise.withResolvers<string>();
  const disconnected = Promise.withResolvers<void>();
  child.once('exit', (code, signal) => exited.resolve(signal ?? `code ${code}`));
  child.once('disconnect', disconnected.resolve);
  // Also emitted when a message cannot be sent; then the end of the process follows.
  child.on('error', (error) => {
    if (child.pid !== undefined) return;
    exited.resolve(error.message);
    disconnected.resolve();
  });
  const how = await exited.promise;
  await Promise.race([disconnected.promise, delay(LAST_MESSAGES_MS)]);
  return how;
};

/**
 * Closes the connection that was being handed to a worker when the worker ended. Node.js forgets
 * such a connection without closing it, so its client would wait without end.
 */
const closeHandedOver = (child: ChildProcess): void => {
  let last: unknown;
  const send = child.send.bind(child) as (...sent: unknown[]) => boolean;
  child.send = (...sent: unknown[]): boolean => {
    const [, connection] = sent;
    if (typeof connection === 'object') last = connection;
    return send(...sent);
  };
  // A second close has no effect.
  child.once('exit', () => (last as { close?: () => void } | undefined)?.close?.());
};
