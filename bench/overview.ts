import { renderFacts, type Facts } from './machine.ts';
import { baselineConnections } from './sample.ts';
import type { Baseline } from './scenario.ts';
import type { Summary } from './summary.ts';
import { ratioTo, renderTable, type ScenarioSummary } from './table.ts';

/** All that a run found. */
export interface Results {
  readonly facts: Facts;
  readonly scenarios: readonly ScenarioSummary[];
}

const BASELINES: readonly Baseline[] = [
  'batches of one',
  'bare Fastify',
  'without HTTP',
  'pgbench',
  'bare insert',
];

/** The measurements at the number of connections of the baselines. */
export const mainOf = ({ summaries }: ScenarioSummary): Summary[] => {
  const main = baselineConnections([...new Set(summaries.map((each) => each.connections))]);
  return summaries.filter(({ connections }) => connections === main);
};

const ms = (value: number | undefined): string =>
  value === undefined ? '–' : `${value.toFixed(1)} ms`;

const rowOf = (scenario: ScenarioSummary): string => {
  const measured = mainOf(scenario);
  const service = measured.find(({ subject }) => subject === 'service');
  const ratios = BASELINES.map((name) => {
    const baseline = measured.find(({ subject }) => subject === name);
    const ratio = baseline && ratioTo(scenario, baseline);
    return ratio === undefined ? '' : `${ratio.toFixed(2)} ×`;
  });
  const perSecond = `${Math.round(service?.perSecond ?? 0).toLocaleString('en')}/s`;
  const at = `${service?.connections ?? 0} ${scenario.counted}`;
  return [scenario.title, at, perSecond, ms(service?.p50), ms(service?.p99), ...ratios].join(' | ');
};

/** One row for each scenario: the service, and how many times as fast as each baseline it is. */
const renderOverview = (scenarios: readonly ScenarioSummary[]): string =>
  [
    `| scenario | at | the service | p50 | p99 | ${BASELINES.map((name) => `against ${name}`).join(' | ')} |`,
    `|---|---|---:|---:|---:|${'---:|'.repeat(BASELINES.length)}`,
    ...scenarios.map((scenario) => `| ${rowOf(scenario)} |`),
  ].join('\n');

/** The page of a run in Markdown: machine, overview, charts and all tables. */
export const renderPage = ({ facts, scenarios }: Results): string =>
  [
    '# Results of `npm run bench`',
    '',
    'The load was a process of its own on the same machine. Compare the ratios: what is compared took turns.',
    'What each column and each baseline means: [decision 15](../../docs/decisions/0015-bench-from-outside.md).',
    '',
    renderFacts(facts),
    '',
    renderOverview(scenarios),
    '',
    '![Operations a second](throughput.svg)',
    '',
    '![Time to the answer](latency.svg)',
    '',
    '![Processor time of one operation](processor.svg)',
    '',
    'µs of processor time and bytes of write-ahead log are those of one operation.',
    '',
    ...scenarios.flatMap((scenario) => [renderTable(scenario), '']),
  ].join('\n');
