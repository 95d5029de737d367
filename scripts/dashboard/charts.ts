/** The ids that Grafana gives to units. */
type Unit = 'short' | 'ops' | 'reqps' | 's' | 'bytes' | 'percentunit';

/** A line or lines of a chart; `legend` names the labels that differ between the lines. */
interface Line {
  readonly expr: string;
  readonly legend: string;
}

export interface Chart {
  readonly title: string;
  /** What the chart shows, and what to look for in it. */
  readonly description: string;
  /** A unit of Grafana. */
  readonly unit: Unit;
  readonly lines: readonly Line[];
}

export interface Row {
  readonly title: string;
  readonly charts: readonly Chart[];
}

/** The chosen processes: `$job` and `$instance` are variables of the dashboard. */
const CHOSEN = 'job="$job", instance=~"$instance"';

/** The samples of a metric of the chosen processes, with further conditions on labels. */
export const samples = (metric: string, ...conditions: readonly string[]): string =>
  `${metric}{${[CHOSEN, ...conditions].join(', ')}}`;

/** A counter's increase for each second; Grafana sets the interval so that none is missed. */
export const rate = (metric: string, ...conditions: readonly string[]): string =>
  `rate(${samples(metric, ...conditions)}[$__rate_interval])`;

/** The time or size that this share of a histogram's observations did not exceed. */
export const quantile = (share: number, histogram: string, by: readonly string[] = []): string =>
  `histogram_quantile(${share}, sum by (${['le', ...by].join(', ')}) (${rate(`${histogram}_bucket`)}))`;
