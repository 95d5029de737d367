import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderChart } from '../chart.ts';
import { renderFacts, type Facts } from '../machine.ts';
import { roundNumbers } from '../results.ts';
import type { Summary } from '../summary.ts';
import type { StoragePerOrder } from './storage.ts';

/** The summaries of a scenario, one for each size, the first size first. */
export interface GrowthScenario {
  readonly name: string;
  readonly title: string;
  readonly summaries: readonly Summary[];
}

export interface GrowthResults {
  readonly facts: Facts;
  readonly scenarios: readonly GrowthScenario[];
  /** Empty if all shops have the same number of orders. */
  readonly storage: readonly StoragePerOrder[];
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const optional = (value: number | undefined, digits: number): string =>
  value === undefined ? '–' : value.toFixed(digits);

const HEAD = [
  'shop | per second | rounds | against the first | p50 ms | p99 ms | µs selling thread',
  'PostgreSQL | WAL bytes | refused',
].join(' | ');

const rowOf = (summary: Summary, first: number): string => {
  const { subject, perSecond, perSecondRange, p50, p99, processor, walBytes } = summary;
  return [
    subject,
    whole(perSecond),
    perSecondRange.map(whole).join('–'),
    `${(perSecond / first).toFixed(2)} ×`,
    optional(p50, 1),
    optional(p99, 1),
    optional(processor?.selling, 0),
    optional(processor?.postgres, 0),
    whole(walBytes),
    Object.entries(summary.unexpected)
      .map(([status, count]) => `${status}: ${count}`)
      .join(' '),
  ].join(' | ');
};

/** The table of a scenario in Markdown; µs and bytes are those of one operation. */
export const renderGrowth = ({ name, title, summaries }: GrowthScenario): string => {
  const first = summaries[0]?.perSecond ?? NaN;
  return [
    `## ${name}: ${title}`,
    '',
    `| ${HEAD} |`,
    `|---|${'---:|'.repeat(HEAD.split(' | ').length - 1)}`,
    ...summaries.map((summary) => `| ${rowOf(summary, first)} |`),
  ].join('\n');
};

/** What an order adds to the database, table by table, in Markdown. */
export const renderStorage = (storage: readonly StoragePerOrder[]): string => {
  const sum = (of: (each: StoragePerOrder) => number): number =>
    storage.reduce((total, each) => total + of(each), 0);
  const row = (name: string, table: number, indexes: number): string =>
    `| ${name} | ${whole(table)} | ${whole(indexes)} | ${whole(table + indexes)} |`;
  return [
    '## Bytes of one order',
    '',
    '| table | rows | indexes | together |',
    '|---|---:|---:|---:|',
    ...storage.map(({ name, table, indexes }) => row(name, table, indexes)),
    row(
      '**all**',
      sum(({ table }) => table),
      sum(({ indexes }) => indexes),
    ),
  ].join('\n');
};

const renderPage = ({ facts, scenarios, storage }: GrowthResults): string =>
  [
    '# Results of `npm run bench:growth`',
    '',
    'The service on shops of different sizes: all run at the same time, and the load visits them by',
    'turns. The auditor does not run. Why the first orders of a history that was loaded at once are slower:',
    '[scale](../../docs/scale.md#growth).',
    '',
    renderFacts(facts),
    '',
    '![Operations a second](growth.svg)',
    '',
    ...scenarios.flatMap((scenario) => [renderGrowth(scenario), '']),
    ...(storage.length === 0 ? [] : [renderStorage(storage), '']),
  ].join('\n');

/** The names of sizes without what all of them share. */
const labelsOf = (names: readonly string[]): Map<string, string> => {
  const parts = names.map((name) => name.split(/(?<=orders), /));
  const differ = [0, 1].filter((at) => new Set(parts.map((each) => each[at])).size > 1);
  return new Map(
    names.map((name, index) => {
      const label = differ.map((at) => parts[index]?.[at]).join(', ');
      return [name, label === '' ? name : label];
    }),
  );
};

const drawGrowth = ({ facts, scenarios }: GrowthResults): string =>
  renderChart({
    title: 'Operations a second on shops of different sizes',
    note: `${facts['date'] ?? ''}; ${facts['processors'] ?? ''}`,
    groups: scenarios.map(({ title, summaries }) => {
      const labels = labelsOf(summaries.map(({ subject }) => subject));
      return {
        title,
        bars: summaries.map(({ subject, perSecond }) => ({
          label: labels.get(subject) ?? '',
          parts: [{ value: perSecond, series: 'operations a second' }],
          text: `${whole(perSecond)}/s`,
        })),
      };
    }),
  });

/** Writes `GROWTH.md`, `growth.json` and the chart into a folder. */
export const writeGrowth = async (folder: string, results: GrowthResults): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const files = {
    'GROWTH.md': renderPage(results),
    'growth.json': `${JSON.stringify(roundNumbers(results), undefined, 2)}\n`,
    'growth.svg': drawGrowth(results),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
};
