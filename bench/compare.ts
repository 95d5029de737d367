import { median } from './summary.ts';
import type { Sample } from './sample.ts';
import type { SubjectName } from './scenario.ts';

/** How much faster the first subject is than the second at a number of connections. */
export interface Comparison {
  readonly connections: number;
  readonly perSecond: readonly [number, number];
  /** The median of the rounds, and the lowest and the highest. */
  readonly ratio: number;
  readonly range: readonly [number, number];
}

const rateOf = ({ operations, seconds }: Sample): number => operations / seconds;

/** Compares two subjects round by round: both sides of a round had the same conditions. */
export const compareSamples = (
  samples: readonly Sample[],
  [first, second]: readonly [SubjectName, SubjectName],
): Comparison[] =>
  [...Map.groupBy(samples, ({ connections }) => connections)].map(([connections, all]) => {
    const ratesOf = (name: SubjectName): number[] =>
      all
        .filter(({ subject }) => subject === name)
        .toSorted((a, b) => a.round - b.round)
        .map(rateOf);
    const [rates, otherRates] = [ratesOf(first), ratesOf(second)];
    const ratios = rates.map((rate, round) => rate / (otherRates[round] ?? NaN));
    return {
      connections,
      perSecond: [median(rates), median(otherRates)],
      ratio: median(ratios),
      range: [Math.min(...ratios), Math.max(...ratios)],
    };
  });

const whole = (value: number): string => Math.round(value).toLocaleString('en');

/** A row for each number of connections of a scenario. */
export const renderComparison = (name: string, comparisons: readonly Comparison[]): string[] =>
  comparisons.map(
    ({ connections, perSecond, ratio, range }) =>
      `| ${name} | ${connections} | ${perSecond.map(whole).join(' | ')} | ${ratio.toFixed(3)} × | ` +
      `${range.map((each) => each.toFixed(3)).join('–')} |`,
  );

/** The head of the table of comparisons. */
export const comparisonHead = (first: string, second: string): string[] => [
  `| scenario | connections | ${first}, per second | ${second}, per second | ratio | rounds |`,
  '|---|---:|---:|---:|---:|---:|',
];
