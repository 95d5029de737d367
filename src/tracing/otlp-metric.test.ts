import { Counter, Gauge, Histogram, Registry, Summary } from '@prometheus-io/client';
import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { toMetricData } from './otlp-metric.ts';

const PERIOD = { startTime: [1, 0], endTime: [2, 0] } as const;

/** What OTLP gets of a registry; twice aggregated, as the sums of two processes are. */
const convert = async (registry: Registry) => {
  const metrics = await registry.getMetricsAsJSON();
  const sums = await Registry.aggregate([metrics, metrics]).getMetricsAsJSON();
  return [metrics, sums].map((each) =>
    each.map((metric) =>
      toMetricData(metric, { startTime: [...PERIOD.startTime], endTime: [...PERIOD.endTime] }),
    ),
  );
};

test('a counter is a monotonic sum since the start, a gauge is a gauge', async () => {
  const registers = [new Registry()];
  const labelNames = ['kind', 'number'];
  const counter = new Counter({ name: 'sold_total', help: 'Sold units', labelNames, registers });
  counter.inc({ kind: 'a', number: 1 }, 3);
  counter.inc({ kind: 'b', number: 2 }, 4);
  new Gauge({ name: 'waiting', help: 'Waiting', registers }).set(-1.5);
  const [alone = [], both = []] = await convert(registers[0]!);
  expect(alone).toMatchObject([
    {
      descriptor: { name: 'sold_total', description: 'Sold units' },
      dataPointType: DataPointType.SUM,
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      isMonotonic: true,
      dataPoints: [
        { ...PERIOD, attributes: { kind: 'a', number: '1' }, value: 3 },
        { ...PERIOD, attributes: { kind: 'b', number: '2' }, value: 4 },
      ],
    },
    { dataPointType: DataPointType.GAUGE, dataPoints: [{ attributes: {}, value: -1.5 }] },
  ]);
  expect(both).toMatchObject([
    { dataPoints: [{ value: 6 }, { value: 8 }] },
    { dataPoints: [{ value: -3 }] },
  ]);
});

test('each series of a histogram has its own buckets, each with its own count', async () => {
  const registers = [new Registry()];
  const buckets = [0.5, 1, 10];
  const histogram = new Histogram({
    name: 'seconds',
    help: 'Seconds',
    labelNames: ['kind'],
    buckets,
    registers,
  });
  for (const value of [0.1, 0.5, 0.7, 5, 11, 12]) histogram.observe({ kind: 'a' }, value);
  histogram.observe({ kind: 'b' }, 1);
  const [alone = [], both = []] = await convert(registers[0]!);
  const shown = (counts: number[], count: number, sum: number) => ({
    buckets: { boundaries: buckets, counts },
    count,
    sum: expect.closeTo(sum, 9) as number,
  });
  expect(alone).toMatchObject([
    {
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: [
        { attributes: { kind: 'a' }, value: shown([2, 1, 1, 2], 6, 29.3) },
        { attributes: { kind: 'b' }, value: shown([0, 1, 0, 0], 1, 1) },
      ],
    },
  ]);
  expect(both).toMatchObject([
    {
      dataPoints: [{ value: shown([4, 2, 2, 4], 12, 58.6) }, { value: shown([0, 2, 0, 0], 2, 2) }],
    },
  ]);
});

test('a summary is left out', async () => {
  const registers = [new Registry()];
  new Summary({ name: 'lag_summary', help: 'Lag', registers }).observe(1);
  const [alone] = await convert(registers[0]!);
  expect(alone).toEqual([undefined]);
});
