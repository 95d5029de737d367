import type { components } from '@moa-commerce/client';

export type Operations = components['schemas']['Operations'];

/** The figures as they were shown at a time, in milliseconds since 1970. */
export interface Sample {
  readonly at: number;
  readonly operations: Operations;
}

/** An hour at the pace of `SAMPLE_EVERY_MS`. */
const SAMPLES_MAX = 1_800;
export const SAMPLE_EVERY_MS = 2_000;
export const MINUTE_MS = 60_000;
/** Minutes that the chart shows. */
export const MINUTES = 60;
/** A minute has the figures that were shown at its end, or up to this long before. */
const NEAR_MS = 10_000;

/** Adds a sample and drops those that no chart shows. */
export const addSample = (samples: readonly Sample[], sample: Sample): readonly Sample[] => [
  ...samples.slice(1 - SAMPLES_MAX),
  sample,
];

/** Samples of ten minutes, for the small lines. */
const RECENT = 300;
/** A line begins at two minutes and then becomes longer. */
const RECENT_MIN = 60;

/** The last values of a figure; null before the first. */
export const recentValues = (
  samples: readonly Sample[],
  valueOf: (operations: Operations) => number | null,
): (number | null)[] => {
  const recent = samples.slice(-RECENT);
  const before = Array<null>(Math.max(0, RECENT_MIN - recent.length)).fill(null);
  return [...before, ...recent.map(({ operations }) => valueOf(operations))];
};

/** What happened in the minute up to `at`; null where it is not known. */
export interface MinutePoint {
  readonly at: number;
  readonly orders: number | null;
  readonly operations: Operations | null;
}

/** Orders by the end of their minute, known from `since` (a full minute) until `until`. */
export interface OrderCounts {
  readonly since: number;
  readonly until: number;
  readonly counts: ReadonlyMap<number, number>;
}

/** The end of the minute of a time: the first full minute after it. */
const endOfMinute = (at: number): number => (Math.floor(at / MINUTE_MS) + 1) * MINUTE_MS;

/** Counts orders by minutes; all orders from `since` until `until` are in the list. */
export const countByMinute = (
  times: readonly number[],
  { since, until }: { readonly since: number; readonly until: number },
): OrderCounts => {
  const counts = new Map<number, number>();
  for (const time of times) counts.set(endOfMinute(time), (counts.get(endOfMinute(time)) ?? 0) + 1);
  return { since: Math.ceil(since / MINUTE_MS) * MINUTE_MS, until, counts };
};

/** The older counts, continued by the newer ones; these alone if minutes between are unknown. */
export const continueCounts = (older: OrderCounts | undefined, newer: OrderCounts): OrderCounts => {
  if (older === undefined || newer.since > older.until) return newer;
  const before = [...older.counts].filter(([at]) => at <= newer.since);
  const after = [...newer.counts].filter(([at]) => at > newer.since);
  const since = Math.min(older.since, newer.since);
  return { since, until: newer.until, counts: new Map([...before, ...after]) };
};

/**
 * The minutes of the last hour, the current one last: what was shown while the page was open and
 * visible, and otherwise the orders that the list of orders has.
 */
export const minutePoints = (
  samples: readonly Sample[],
  history: OrderCounts | undefined,
  now: number,
): MinutePoint[] => {
  const last = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const points = Array.from({ length: MINUTES }, (_, index): MinutePoint => {
    const at = last - (MINUTES - 1 - index) * MINUTE_MS;
    const shown = samples.findLast((sample) => sample.at <= at && sample.at > at - NEAR_MS);
    if (shown !== undefined) {
      return { at, orders: shown.operations.ordersPerMinute, operations: shown.operations };
    }
    const isKnown = history !== undefined && at - MINUTE_MS >= history.since && at <= history.until;
    return { at, orders: isKnown ? (history.counts.get(at) ?? 0) : null, operations: null };
  });
  const current = samples.at(-1);
  if (current === undefined || current.at <= last) return points;
  const { at, operations } = current;
  return [...points, { at, orders: operations.ordersPerMinute, operations }];
};
