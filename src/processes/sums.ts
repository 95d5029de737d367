import { Counter, Gauge, Registry } from '@prometheus-io/client';
import type { ForkedWorker } from './forked-worker.ts';
import type { Metrics } from './messages.ts';

/** The metrics of all workers together. */
export interface Sums {
  /** Records an answer of a worker. */
  readonly record: (worker: ForkedWorker, metrics: Metrics) => void;
  /** Counts a worker that ended although nobody stopped it. */
  readonly countFailure: () => void;
  /** Keeps the counters of a worker that has ended: a sum must not decrease. */
  readonly keep: (worker: ForkedWorker) => void;
  /** Collects and adds up; of a worker that hangs only its earlier counters. */
  readonly collect: () => Promise<Metrics>;
  /** The same as text. */
  readonly read: () => Promise<string>;
}

/** The wait for workers: longer than a healthy one takes, shorter than a scrape may take. */
const COLLECT_MAX_MS = 2_000;

const isCount = ({ type }: Metrics[number]): boolean => type === 'counter' || type === 'histogram';

/** No quantile of several processes follows from the quantiles of each. */
const canBeSummed = ({ type }: Metrics[number]): boolean => type !== 'summary';

/** Adds up the metrics of the workers that live now, and the counters of those before them. */
export const createSums = (living: ReadonlySet<ForkedWorker>): Sums => {
  const latest = new Map<ForkedWorker, Metrics>();
  const answers = new Map<ForkedWorker, (isNew: boolean) => void>();
  let kept: Metrics = [];
  const own = new Registry();
  const all = new Gauge({
    name: 'moa_workers',
    help: 'Workers that listen, and those that still answer their last connections',
    registers: [own],
  });
  const answered = new Gauge({
    name: 'moa_workers_answered',
    help: 'Workers that answered this scrape; the sums have only earlier counters of the others',
    registers: [own],
  });
  const failures = new Counter({
    name: 'moa_worker_failures_total',
    help: 'Workers that ended although nobody stopped them',
    registers: [own],
  });

  /** Whether a worker answers: false when it has ended or is late. */
  const askWorker = (worker: ForkedWorker): Promise<boolean> =>
    new Promise((resolve) => {
      answers.set(worker, resolve);
      worker.send({ kind: 'collect' });
    });

  const addUp = async (): Promise<Registry> => {
    const late = setTimeout(() => {
      for (const answer of answers.values()) answer(false);
    }, COLLECT_MAX_MS);
    const workers = [...living].filter((worker) => worker.state() !== 'starting');
    const isNew = await Promise.all(workers.map(askWorker));
    clearTimeout(late);
    answers.clear();
    const parts = workers.map((worker, index) => {
      const metrics = latest.get(worker) ?? [];
      return metrics.filter(isNew[index] === true ? canBeSummed : isCount);
    });
    parts.push(kept);
    all.set(workers.length);
    answered.set(isNew.filter((each) => each).length);
    return Registry.aggregate([await own.getMetricsAsJSON(), ...parts]);
  };
  let adding: Promise<Registry> | undefined;
  const collect = (): Promise<Registry> => (adding ??= addUp().finally(() => (adding = undefined)));

  return {
    record: (worker, metrics) => {
      latest.set(worker, metrics);
      answers.get(worker)?.(true);
    },
    countFailure: () => failures.inc(),
    keep: (worker) => {
      answers.get(worker)?.(false);
      const last = latest.get(worker) ?? [];
      latest.delete(worker);
      const counters = last.filter(isCount);
      kept = Registry.aggregate([kept, counters]).getMetricsAsArray() as Metrics;
    },
    collect: async () => (await collect()).getMetricsAsJSON(),
    read: async () => (await collect()).metrics(),
  };
};
