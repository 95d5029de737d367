import type { ProcessorUse } from './report.ts';
import type { Sample } from './sample.ts';
import type { SubjectName } from './scenario.ts';

/** The rounds of a subject at a number of connections: medians, and what happened at all. */
export interface Summary {
  readonly subject: SubjectName;
  readonly connections: number;
  readonly perSecond: number;
  /** The lowest and the highest of the rounds. */
  readonly perSecondRange: readonly [number, number];
  /** In ms; `max` is that of all rounds. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly max: number | undefined;
  /** µs of one operation. */
  readonly processor: ProcessorUse | undefined;
  readonly walBytes: number;
  /** The highest of the rounds. */
  readonly stealPercent: number | undefined;
  /** All answers with an unexpected status. */
  readonly unexpected: Readonly<Record<string, number>>;
  readonly extra: Readonly<Record<string, number>>;
}

/** The middle value, or the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
};

const defined = (values: readonly (number | undefined)[]): number[] =>
  values.filter((value) => value !== undefined);

const ifAny = (
  values: readonly (number | undefined)[],
  combine: (values: readonly number[]) => number,
): number | undefined => {
  const some = defined(values);
  return some.length === 0 ? undefined : combine(some);
};

const highest = (values: readonly number[]): number => Math.max(...values);

/** Summarises the samples of each subject at each number of connections. */
export const summariseSamples = (samples: readonly Sample[]): Summary[] =>
  [...Map.groupBy(samples, ({ subject, connections }) => `${connections} ${subject}`).values()]
    .map(summariseRounds)
    .toSorted((a, b) => a.connections - b.connections);

const summariseRounds = (rounds: readonly Sample[]): Summary => {
  const { subject, connections } = rounds[0]!;
  const perSecond = rounds.map(({ operations, seconds }) => operations / seconds);
  const unexpected: Record<string, number> = {};
  for (const round of rounds) {
    for (const [status, count] of Object.entries(round.unexpected)) {
      unexpected[status] = (unexpected[status] ?? 0) + count;
    }
  }
  const names = Object.keys(rounds[0]!.extra);
  const extra = names.map((name) => [name, median(rounds.map((each) => each.extra[name]!))]);
  return {
    subject,
    connections,
    perSecond: median(perSecond),
    perSecondRange: [Math.min(...perSecond), highest(perSecond)],
    p50: ifAny(
      rounds.map(({ latency }) => latency?.p50),
      median,
    ),
    p95: ifAny(
      rounds.map(({ latency }) => latency?.p95),
      median,
    ),
    p99: ifAny(
      rounds.map(({ latency }) => latency?.p99),
      median,
    ),
    max: ifAny(
      rounds.map(({ latency }) => latency?.max),
      highest,
    ),
    processor: summariseUse(rounds),
    walBytes: median(rounds.map(({ walBytes }) => walBytes)),
    stealPercent: ifAny(
      rounds.map(({ stealPercent }) => stealPercent),
      highest,
    ),
    unexpected,
    extra: Object.fromEntries(extra) as Record<string, number>,
  };
};

const summariseUse = (rounds: readonly Sample[]): ProcessorUse | undefined => {
  const uses = rounds.map(({ processor }) => processor).filter((each) => each !== undefined);
  if (uses.length === 0) return undefined;
  return {
    selling: median(uses.map(({ selling }) => selling)),
    others: median(uses.map(({ others }) => others)),
    postgres: median(uses.map(({ postgres }) => postgres)),
    load: ifAny(
      uses.map(({ load }) => load),
      median,
    ),
  };
};
