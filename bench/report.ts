import type { CheckoutBench, Engine, Measurement, Spread } from './checkout.ts';
import { percentile } from './load.ts';

const median = (values: readonly number[]): number => percentile(values, 50);

/** The median over the rounds. */
const summarise = (
  measurements: readonly Measurement[],
  engine: Engine,
  spread: Spread,
): Pick<Measurement, 'perSecond' | 'p50Ms' | 'p99Ms'> => {
  const own = measurements.filter((each) => each.engine === engine && each.spread === spread);
  return {
    perSecond: median(own.map(({ perSecond }) => perSecond)),
    p50Ms: median(own.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(own.map(({ p99Ms }) => p99Ms)),
  };
};

/** The table that the bench prints: figures and their baselines. */
export const renderReport = ({ measurements, lone }: CheckoutBench): string => {
  const uniform = summarise(measurements, 'group commit', 'uniform');
  const hot = summarise(measurements, 'group commit', 'hot');
  const uniformOne = summarise(measurements, 'batches of one', 'uniform');
  const hotOne = summarise(measurements, 'batches of one', 'hot');

  const row = (name: string, one: typeof hot, group: typeof hot): string =>
    `| ${name} | ${perSecond(one)} | ${perSecond(group)} | ` +
    `${times(group.perSecond / one.perSecond)} | ${ms(one.p99Ms)} | ${ms(group.p99Ms)} |`;

  return [
    '| paid orders over HTTP | batches of one | group commit | ratio | p99 of one | p99 of group |',
    '|---|---:|---:|---:|---:|---:|',
    row('spread over 1,000 products', uniformOne, uniform),
    row('everyone buys one product', hotOne, hot),
    '',
    `Hot against uniform, group commit: ${times(hot.perSecond / uniform.perSecond)}`,
    `On an idle service, a single order: ${ms(lone.orderP50Ms)}, a bare insert with COMMIT: ${ms(lone.insertP50Ms)}, ` +
      `ratio ${times(lone.orderP50Ms / lone.insertP50Ms)} (medians)`,
  ].join('\n');
};

const perSecond = ({ perSecond: value }: { perSecond: number }): string =>
  `${Math.round(value).toLocaleString('en')}/s`;
const times = (value: number): string => `${value.toFixed(2)} ×`;
const ms = (value: number): string => `${value.toFixed(2)} ms`;
