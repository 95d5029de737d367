/** A series, or a part of a histogram's series, with its value. */
interface MetricPoint {
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly value: number;
  /** Of a part of a histogram: ends in `_bucket`, `_sum` or `_count`. */
  readonly metricName?: string;
}

/** A metric of the registry with its series. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly MetricPoint[];
}

/** The metrics that a scrape would show. */
export type Metrics = readonly Metric[];
