import type { MetricObjectWithValues, MetricValue } from '@prometheus-io/client';

/** The metrics of one process, with their values. */
export type Metrics = MetricObjectWithValues<MetricValue<string>>[];

/** The argument of a worker, also for whoever lists processes. */
export const WORKER = '--worker';

/** What a worker serves. */
export interface Assignment {
  readonly databaseUrl: string;
  readonly port: number;
}

/**
 * What the primary sends to a worker. After a rolling restart a worker may be newer than its
 * primary: a message keeps its meaning, and each side ignores a kind that it does not know.
 */
export type ToWorker =
  /** Answers `started`. */
  | ({ readonly kind: 'begin' } & Assignment)
  /** Drain and end, with the whole service. */
  | { readonly kind: 'stop' }
  /** End without losing a request: another worker has taken the place. */
  | { readonly kind: 'retire' }
  /** Send the metrics of this process. */
  | { readonly kind: 'collect' }
  /** Answers `read-metrics`. */
  | { readonly kind: 'sums'; readonly text: string };

/** What a worker sends to the primary. */
export type ToPrimary =
  | { readonly kind: 'started' }
  | { readonly kind: 'listening'; readonly url: string }
  /** The start failed; the worker ends. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Answers `retire`: the worker accepts no more connections. */
  | { readonly kind: 'retired' }
  /** Answers `collect`; also the last message of a worker. */
  | { readonly kind: 'metrics'; readonly metrics: Metrics }
  /** A client asks this worker for the metrics. */
  | { readonly kind: 'read-metrics' };
