import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderChart, type Bar, type BarGroup } from './chart.ts';
import { renderFacts, type Facts } from './machine.ts';
import { mainOf, renderPage, type Results } from './overview.ts';

const SHOWN_FACTS = ['date', 'commit', 'processors', 'Node.js', 'PostgreSQL', 'fsync'] as const;

/** Writes a page, `results.json` and the charts into a folder. */
export const writeResults = async (folder: string, results: Results): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const files = {
    'README.md': renderPage(results),
    'results.json': `${JSON.stringify(roundNumbers(results), undefined, 2)}\n`,
    'throughput.svg': drawThroughput(results),
    'latency.svg': drawLatency(results),
    'processor.svg': drawProcessor(results),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
};

const DIGITS = 4;

/** Digits that no run repeats only make differences harder to read. */
export const roundNumbers = (results: unknown): unknown =>
  JSON.parse(
    JSON.stringify(results, (_key, value: unknown) =>
      typeof value === 'number' && !Number.isInteger(value)
        ? Number(value.toPrecision(DIGITS))
        : value,
    ),
  );

const noteOf = (facts: Facts): string =>
  renderFacts(Object.fromEntries(SHOWN_FACTS.map((name) => [name, facts[name] ?? ''])));

const whole = (value: number): string => Math.round(value).toLocaleString('en');

const drawThroughput = ({ facts, scenarios }: Results): string =>
  renderChart({
    title: 'Operations a second',
    note: noteOf(facts),
    groups: scenarios.map((scenario) => {
      const measured = mainOf(scenario);
      const at = `${measured[0]?.connections ?? 0} ${scenario.counted}`;
      const bars = measured.map(({ subject, perSecond, p99 }): Bar => {
        const latency = p99 === undefined ? '' : `, p99 ${p99.toFixed(1)} ms`;
        return {
          label: subject,
          parts: [{ value: perSecond, series: subject }],
          text: `${whole(perSecond)}/s${latency}`,
        };
      });
      return { title: `${scenario.title} (${at})`, bars };
    }),
  });

const drawLatency = ({ facts, scenarios }: Results): string =>
  renderChart({
    title: 'Time to the answer of the service: p50, and from there to p99',
    note: noteOf(facts),
    groups: scenarios
      .map((scenario): BarGroup => ({
        title: scenario.title,
        bars: scenario.summaries.flatMap(({ subject, connections, p50, p99 }): Bar[] =>
          subject !== 'service' || p50 === undefined || p99 === undefined
            ? []
            : [
                {
                  label: `${connections} ${scenario.counted}`,
                  parts: [
                    { value: p50, series: 'p50' },
                    { value: p99 - p50, series: 'p99' },
                  ],
                  text: `${p50.toFixed(1)} ms, ${p99.toFixed(1)} ms`,
                },
              ],
        ),
      }))
      .filter(({ bars }) => bars.length > 0),
  });

const drawProcessor = ({ facts, scenarios }: Results): string =>
  renderChart({
    title: 'Processor time of one operation, in µs',
    note: noteOf(facts),
    groups: scenarios
      .map((scenario): BarGroup => ({
        title: scenario.title,
        bars: mainOf(scenario).flatMap(({ subject, processor }): Bar[] => {
          if (processor === undefined) return [];
          const { selling, others, postgres, load = 0 } = processor;
          return [
            {
              label: subject,
              parts: [
                { value: selling, series: 'selling thread' },
                { value: others, series: 'other threads' },
                { value: postgres, series: 'PostgreSQL' },
                { value: load, series: 'load' },
              ],
              text: [selling, others, postgres, load].map(whole).join(' + '),
            },
          ];
        }),
      }))
      .filter(({ bars }) => bars.length > 0),
  });
