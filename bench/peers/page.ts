import type { Summary } from '../summary.ts';
import type { Measured } from './measure.ts';
import type { PeerScenario } from './peer.ts';
import type { StockCheck } from './stock.ts';

/** What a run found of a system. */
export interface SystemResult {
  readonly name: string;
  readonly version: string;
  readonly requestsPerOrder: number;
  /** What it does for an order that Moa does not; empty for Moa. */
  readonly also: string;
  readonly scenarios: readonly Measured[];
  readonly stock: StockCheck | undefined;
  /** What failed last. */
  readonly failure: string | undefined;
}

export interface PeerResults {
  /** Of the machine, by name. */
  readonly facts: Readonly<Record<string, string>>;
  readonly systems: readonly SystemResult[];
  /** Peers that were not measured, with the reason. */
  readonly skipped: Readonly<Record<string, string>>;
}

const TITLES: Readonly<Record<PeerScenario, string>> = {
  'checkout-spread': 'paid orders, spread over all products',
  'hot-product': 'paid orders, everyone buys one product',
};

const HEAD = [
  'system | orders a second | rounds | connections | tried | p50 ms | p99 ms',
  'requests per order | its processor ms | PostgreSQL processor ms | refused',
].join(' | ');

const STOCK_HEAD = [
  'system | answered as placed | orders in its database | units gone from stock',
  'ordered but still in stock | gone without an order',
].join(' | ');

/** Small figures keep a digit. */
const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
const optional = (value: number | undefined): string => (value === undefined ? '–' : figure(value));
const whole = (value: number): string => value.toLocaleString('en');
const rule = (head: string): string => head.replaceAll(/[^|]+/g, ' ---: ').replace('---:', '---');

const table = (head: string, rows: readonly (readonly string[])[]): string[] => [
  `| ${head} |`,
  `|${rule(head)}|`,
  ...rows.map((cells) => `| ${cells.join(' | ')} |`),
];

const rowOf = (
  { name, requestsPerOrder }: SystemResult,
  summary: Summary,
  trials: Readonly<Record<string, number>>,
): string[] => {
  const { processor, unexpected } = summary;
  const milliseconds = (us: number): string => (us / 1_000).toFixed(2);
  return [
    name,
    figure(summary.perSecond),
    summary.perSecondRange.map(figure).join('–'),
    String(summary.connections),
    Object.entries(trials)
      .map(([connections, perSecond]) => `${connections}: ${figure(perSecond)}`)
      .join(', '),
    optional(summary.p50),
    optional(summary.p99),
    String(requestsPerOrder),
    processor ? milliseconds(processor.selling + processor.others) : '–',
    processor ? milliseconds(processor.postgres) : '–',
    Object.entries(unexpected)
      .map(([status, count]) => `${status}: ${count}`)
      .join(' '),
  ];
};

/** The table of a scenario in Markdown; processor times are those of one order. */
export const renderScenario = (
  systems: readonly SystemResult[],
  scenario: PeerScenario,
): string => {
  const rows = systems.flatMap((system) =>
    system.scenarios
      .filter((each) => each.scenario === scenario)
      .flatMap(({ summary, trials }) => (summary ? [rowOf(system, summary, trials)] : [])),
  );
  return [`## ${scenario}: ${TITLES[scenario]}`, '', ...table(HEAD, rows)].join('\n');
};

const STOCK_NOTE = `\
All measurements of the run, warm-up and trials included; each order has one unit. A measurement
that failed has orders in the database whose answers nobody counted. Units that are ordered but
still in stock can be sold a second time.`;

/** What became of the stock: each order takes one unit. */
export const renderStock = (systems: readonly SystemResult[]): string => {
  const rows = systems.flatMap(({ name, stock }) => {
    if (stock === undefined) return [];
    const { answered, ordered, gone, notTaken, takenTooMuch } = stock;
    return [[name, ...[answered, ordered, gone, notTaken, takenTooMuch].map(whole)]];
  });
  return [
    '## Stock after all orders, in units',
    '',
    STOCK_NOTE,
    '',
    ...table(STOCK_HEAD, rows),
  ].join('\n');
};

const INTRODUCTION = `\
Complete paid orders through the public HTTP API of each system, on the same PostgreSQL with
durable commits, in the same run: the systems take turns, and the load is a process of its own
on keep-alive connections. Each system is one process of the same Node.js in production mode,
with its default modules and without Redis, and each has its own database with the same number
of products and buyers. Each is measured at the number of connections at which it was fastest;
"refused" counts answers that did not place an order, by HTTP status. Processor times are those
of one order.

**These systems do not do the same work.** Moa sells to registered users who pay from a prepaid
balance that Moa itself keeps, in one request; it has no taxes, promotions or shipping. The
others serve every kind of shop, and do more for each order:`;

const notesOf = ({ name, scenarios, failure }: SystemResult): string[] => {
  if (failure !== undefined) return [`- ${name} failed at ${failure}`];
  return scenarios
    .filter(({ summary }) => summary === undefined)
    .map(({ scenario }) => `- ${name}, ${scenario}: no time was left`);
};

/** The page of a run in Markdown. */
export const renderPeers = ({ facts, systems, skipped }: PeerResults): string => {
  const notes = [
    ...systems.flatMap(notesOf),
    ...Object.entries(skipped).map(([name, why]) => `- ${name} was not measured: ${why}`),
  ];
  return [
    '# Results of `npm run bench:peers`',
    '',
    INTRODUCTION,
    '',
    ...systems.flatMap(({ name, also }) => (also === '' ? [] : [`- **${name}**: ${also}`])),
    '',
    'What is compared and why: [decision 21](../../docs/decisions/0021-peers.md).',
    '',
    [...systems.map(({ name, version }) => [name, version]), ...Object.entries(facts)]
      .map(([name, value]) => `${name}: ${value}`)
      .join('; '),
    '',
    renderScenario(systems, 'checkout-spread'),
    '',
    renderScenario(systems, 'hot-product'),
    '',
    renderStock(systems),
    '',
    ...(notes.length === 0 ? [] : ['## Not measured', '', ...notes, '']),
  ].join('\n');
};
