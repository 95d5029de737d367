import { ValueType, type Attributes, type HrTime } from '@opentelemetry/api';
import {
  AggregationTemporality,
  DataPointType,
  type DataPoint,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import type { Metric } from './metrics.ts';

/** The time that the values count from, and the time of the values. */
export interface Period {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

const attributesOf = ({ labels }: Metric['values'][number]): Attributes =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));

interface Parts {
  readonly attributes: Attributes;
  /** Cumulative counts by their upper bounds. */
  readonly buckets: { readonly bound: number; readonly count: number }[];
  sum: number;
  count: number;
}

/** The series of a histogram, put together from their parts. */
const seriesOf = ({ values }: Metric): Parts[] => {
  const series = new Map<string, Parts>();
  for (const point of values) {
    const { le, ...attributes } = attributesOf(point);
    const key = JSON.stringify(attributes);
    let parts = series.get(key);
    if (parts === undefined) {
      series.set(key, (parts = { attributes, buckets: [], sum: 0, count: 0 }));
    }
    if (le !== undefined) {
      const bound = le === '+Inf' ? Infinity : Number(le);
      parts.buckets.push({ bound, count: point.value });
    } else if (point.metricName?.endsWith('_sum') === true) parts.sum = point.value;
    else if (point.metricName?.endsWith('_count') === true) parts.count = point.value;
  }
  return [...series.values()];
};

/** The counts of the buckets themselves; those of Prometheus include all lower buckets. */
const histogramOf = ({ buckets, sum, count }: Parts): Histogram => {
  const finite = buckets
    .filter(({ bound }) => bound !== Infinity)
    .sort((a, b) => a.bound - b.bound);
  const upTo = [...finite.map((bucket) => bucket.count), count];
  const counts = upTo.map((total, index) => total - (upTo[index - 1] ?? 0));
  return { buckets: { boundaries: finite.map(({ bound }) => bound), counts }, sum, count };
};

/**
 * A metric of the registry as OTLP metric data: a counter as a monotonic cumulative sum, a gauge, a
 * histogram with its buckets (OpenTelemetry specification, "Prometheus and OpenMetrics
 * compatibility"). Names stay as they are. Undefined for a summary, whose quantiles OTLP only keeps
 * for old systems.
 */
export const toMetricData = (metric: Metric, period: Period): MetricData | undefined => {
  const { name, help: description, type } = metric;
  const base = {
    descriptor: { name, description, unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const numbers = (): DataPoint<number>[] =>
    metric.values.map((point) => ({
      ...period,
      attributes: attributesOf(point),
      value: point.value,
    }));
  switch (type) {
    case 'counter':
      return {
        ...base,
        dataPointType: DataPointType.SUM,
        isMonotonic: true,
        dataPoints: numbers(),
      };
    case 'gauge':
      return { ...base, dataPointType: DataPointType.GAUGE, dataPoints: numbers() };
    case 'histogram':
      return {
        ...base,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: seriesOf(metric).map((parts) => ({
          ...period,
          attributes: parts.attributes,
          value: histogramOf(parts),
        })),
      };
    default:
      return undefined;
  }
};
