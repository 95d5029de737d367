import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** The last minute in parts: what is older than a minute is dropped part by part. */
const PARTS = 12;
const PART_MS = 5_000;

/** Microseconds with two significant digits, up to a minute: a histogram of about 20 kB. */
const RANGE = { lowest: 1, highest: 60_000_000, figures: 2 };
const MICROSECONDS = 1_000;

interface Part {
  readonly number: number;
  readonly histogram: RecordableHistogram;
}

/** Keeps the distribution of durations of the last minute, of this process. */
export const watchDurations = (now: () => number = () => performance.now()) => {
  let parts: Part[] = [];
  return {
    record: (durationMs: number): void => {
      const number = Math.floor(now() / PART_MS);
      if (parts.at(-1)?.number !== number) {
        parts = [...parts.slice(1 - PARTS), { number, histogram: createHistogram(RANGE) }];
      }
      const value = Math.round(durationMs * MICROSECONDS);
      parts.at(-1)?.histogram.record(Math.min(RANGE.highest, Math.max(RANGE.lowest, value)));
    },
    /** 99 of 100 durations of the last 55 to 60 seconds were at most so long; null without one. */
    p99Ms: (): number | null => {
      const oldest = Math.floor(now() / PART_MS) - PARTS;
      const sum = createHistogram(RANGE);
      for (const { number, histogram } of parts) if (number > oldest) sum.add(histogram);
      return sum.count === 0 ? null : sum.percentile(99) / MICROSECONDS;
    },
  };
};
