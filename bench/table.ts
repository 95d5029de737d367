import type { Scenario } from './scenario.ts';
import type { Summary } from './summary.ts';

export interface ScenarioSummary {
  readonly name: string;
  readonly title: Scenario['title'];
  readonly operation: Scenario['operation'];
  /** What `connections` counts. */
  readonly counted: string;
  readonly summaries: readonly Summary[];
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const optional = (value: number | undefined, digits: number): string =>
  value === undefined ? '–' : value.toFixed(digits);

/** How much faster the service is than a baseline at the same number of connections. */
export const ratioTo = (
  { summaries }: Pick<ScenarioSummary, 'summaries'>,
  { connections, perSecond, subject }: Summary,
): number | undefined => {
  if (subject === 'service') return undefined;
  const service = summaries.find(
    (each) => each.subject === 'service' && each.connections === connections,
  );
  return service && service.perSecond / perSecond;
};

const HEAD = [
  'measured | per second | rounds | service against it | p50 ms | p95 ms | p99 ms',
  'max ms | µs selling thread | other threads | PostgreSQL | load | WAL bytes | steal | refused',
].join(' | ');

const rowOf = (scenario: ScenarioSummary, summary: Summary): string => {
  const { processor, perSecondRange } = summary;
  const ratio = ratioTo(scenario, summary);
  return [
    summary.connections,
    summary.subject,
    whole(summary.perSecond),
    perSecondRange.map(whole).join('–'),
    ratio === undefined ? '' : `${ratio.toFixed(2)} ×`,
    optional(summary.p50, 1),
    optional(summary.p95, 1),
    optional(summary.p99, 1),
    optional(summary.max, 1),
    optional(processor?.selling, 0),
    optional(processor?.others, 0),
    optional(processor?.postgres, 0),
    optional(processor?.load, 0),
    whole(summary.walBytes),
    summary.stealPercent === undefined ? '–' : `${summary.stealPercent.toFixed(1)}%`,
    Object.entries(summary.unexpected)
      .map(([status, count]) => `${status}: ${count}`)
      .join(' '),
  ].join(' | ');
};

const extraOf = ({ connections, subject, extra }: Summary): string[] =>
  Object.entries(extra).map(
    ([name, value]) => `${subject}, ${connections}: ${name} ${value.toFixed(1)}`,
  );

/** The table of a scenario in Markdown; µs and bytes are those of one operation. */
export const renderTable = (scenario: ScenarioSummary): string => {
  const extra = scenario.summaries.flatMap(extraOf);
  return [
    `## ${scenario.name}: ${scenario.title}`,
    '',
    `| ${scenario.counted} | ${HEAD} |`,
    `|${HEAD.split(' | ')
      .map((_, column) => (column === 1 ? '---' : '---:'))
      .join('|')}|`,
    ...scenario.summaries.map((summary) => `| ${rowOf(scenario, summary)} |`),
    ...(extra.length === 0 ? [] : ['', ...extra.map((line) => `- ${line}`)]),
  ].join('\n');
};
