import { expect, test } from 'vitest';
import { createProduct } from '../support/api-calls.ts';
import { readAlerts, readRecordings } from '../support/alert-rules.ts';
import { createClient } from '../support/client.ts';
import { createTestDatabase, createTestRole } from '../support/database.ts';
import { partsOf } from '../support/promql.ts';
import { queryColumn } from '../support/queries.ts';
import { SECRET, startReceiver } from '../support/receiver.ts';
import { readText } from '../support/repository.ts';
import { temporaryDirectory, tokenFor } from '../support/service.ts';
import { startServiceHere } from '../support/service-here.ts';
import { waitUntil } from '../support/wait.ts';
import { createSums } from '../../src/processes/sums.ts';

/** The labels of each metric. */
type Labels = ReadonlyMap<string, ReadonlySet<string>>;

/** Every scrape adds these. */
const TARGET = ['job', 'instance'];

/** Metrics that Moa does not expose: of Prometheus itself and of postgres_exporter. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  up: [],
  ALERTS: ['alertname', 'alertstate', 'severity'],
  pg_stat_replication_pg_wal_lsn_diff: ['server', 'application_name', 'client_addr', 'state'],
  pg_replication_slot_slot_is_active: ['slot_name', 'slot_type'],
  pg_wal_size_bytes: [],
  pg_settings_max_wal_size_bytes: ['server'],
};

/** The metrics of an answer of `/metrics`, with the labels of their samples. */
const metricsIn = (text: string): Map<string, Set<string>> => {
  const found = new Map<string, Set<string>>();
  const add = (name: string, labels: readonly string[]) =>
    found.set(name, new Set([...(found.get(name) ?? []), ...labels]));
  // A metric without a sample yet; a histogram has samples under other names.
  for (const [, name = '', kind] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    if (kind !== 'histogram') add(name, []);
    else for (const part of ['bucket', 'sum', 'count']) add(`${name}_${part}`, ['le']);
  }
  for (const [, name = '', labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    add(
      name,
      [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label),
    );
  }
  return found;
};

/** What a service exposes that has answered a request and delivered an event. */
const expose = async (databaseUrl: string): Promise<Labels> => {
  const receiver = await startReceiver();
  const directory = await temporaryDirectory();
  const service = await startServiceHere({
    DATABASE_URL: databaseUrl,
    MOA_DATA_DIR: directory,
    MOA_WEBHOOK_URL: receiver.url,
    MOA_WEBHOOK_SECRET: SECRET,
    MOA_WEBHOOK_ALLOW_PRIVATE: 'on',
  });
  const client = createClient(service.url, await tokenFor(directory, 'staff', 'operator'));
  await createProduct(client, { price: 1_000, stock: 1 });
  let metrics = new Map<string, Set<string>>();
  await waitUntil(async () => {
    metrics = metricsIn(await (await fetch(`${service.url}/metrics`)).text());
    return metrics.get('moa_delivery_events_total')?.has('destination') === true;
  }, 'a delivered event');
  // A service with several processes exposes these too.
  return new Map([...metrics, ...metricsIn(await createSums(new Set()).read())]);
};

interface Dashboard {
  readonly templating: { readonly list: readonly { readonly query: string }[] };
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
}

const readDashboard = async (): Promise<Dashboard> =>
  JSON.parse(await readText('ops/grafana/moa.json')) as Dashboard;

const targetsOf = ({ panels }: Dashboard) => panels.flatMap(({ targets = [] }) => targets);

/** The labels of a legend that the series of its query lack. */
const legendFaultsOf = (query: string, legend: string, known: Labels): readonly string[] => {
  const { selectors, grouping } = partsOf(query);
  const kept = new Set(
    grouping.length > 0
      ? grouping
      : selectors.flatMap(({ metric }) => [...TARGET, ...(known.get(metric) ?? [])]),
  );
  const isSum = /^(?:sum|max|histogram_quantile)\(/.test(query);
  return [...legend.matchAll(/\{\{(\w+)\}\}/g)]
    .map(([, label = '']) => label)
    .filter((label) => label === 'le' || !kept.has(label) || (isSum && grouping.length === 0))
    .map((label) => `${query}: no series has ${label}`);
};

/** What is wrong with a query: no PromQL, an unknown metric, or a label that the metric lacks. */
const faultsOf = (query: string, known: Labels): readonly string[] => {
  const { selectors, grouping, errors } = partsOf(query);
  const labelsOf = (metric: string) => [...TARGET, ...(known.get(metric) ?? [])];
  const unknown = selectors.filter(({ metric }) => !known.has(metric));
  const missing = selectors.flatMap(({ metric, labels }) =>
    labels.filter((label) => !labelsOf(metric).includes(label)).map((label) => [metric, label]),
  );
  const all = new Set(selectors.flatMap(({ metric }) => labelsOf(metric)));
  return [
    ...errors,
    ...unknown.map(({ metric }) => `${metric} is not exposed`),
    ...missing.map(([metric, label]) => `${metric} has no label ${label}`),
    ...grouping.filter((label) => !all.has(label)).map((label) => `${query}: no ${label}`),
  ];
};

test('rules and dashboard read only metrics and labels that exist', async () => {
  const recordings = await readRecordings();
  const known = new Map([
    ...(await expose(await createTestDatabase())),
    ...recordings.map(({ record }) => [record, new Set<string>()] as const),
    ...Object.entries(OTHERS).map(([name, labels]) => [name, new Set(labels)] as const),
  ]);
  const dashboard = await readDashboard();
  const charts = targetsOf(dashboard).map(({ expr }) => expr);
  const variables = dashboard.templating.list.flatMap(({ query }) =>
    // Grafana's own function, around a selector of Prometheus.
    [...query.matchAll(/^label_values\((.*), (\w+)\)$/g)].map(
      ([, selector, label]) => `count by (${label}) (${selector})`,
    ),
  );
  expect(variables).toHaveLength(2);
  const rules = [...recordings, ...(await readAlerts())].map(({ expr }) => expr);
  const queries = [...rules, ...charts, ...variables].map((query) =>
    query.replaceAll('$__rate_interval', '5m'),
  );
  expect(queries.flatMap((query) => faultsOf(query, known))).toEqual([]);
  const legends = targetsOf(dashboard).flatMap(({ expr, legendFormat }) =>
    legendFormat.trim() === ''
      ? [`${expr}: no legend`]
      : legendFaultsOf(expr.replaceAll('$__rate_interval', '5m'), legendFormat, known),
  );
  expect(legends).toEqual([]);
  const used = new Set(queries.flatMap((query) => partsOf(query).selectors).map((s) => s.metric));
  expect(Object.keys(OTHERS).filter((metric) => !used.has(metric))).toEqual([]);
});

test('rules and dashboard name operations that exist', async () => {
  const openapi = await readText('contracts/openapi.json');
  const known = new Set(
    [...openapi.matchAll(/"operationId": "(\w+)"/g)].map(([, operation]) => operation),
  );
  const rules = [...(await readRecordings()), ...(await readAlerts())].map(({ expr }) => expr);
  const queries = [...rules, ...targetsOf(await readDashboard()).map(({ expr }) => expr)];
  const named = queries.flatMap((query) =>
    [...query.matchAll(/operation(?:=~|!~|!=|=)"([^"]*)"/g)].flatMap(([, names = '']) =>
      names.split('|'),
    ),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((operation) => !known.has(operation))).toEqual([]);
});

test('each chart has a unit, a description and a legend', async () => {
  const { panels } = await readDashboard();
  for (const panel of panels.filter(({ targets }) => targets !== undefined)) {
    expect(panel).toMatchObject({
      title: expect.stringMatching(/^[A-Z/]/),
      description: expect.stringMatching(/^\S.*\.$/),
      fieldConfig: { defaults: { unit: expect.stringMatching(/./) } },
      options: { legend: { showLegend: true } },
    });
  }
});

test('PostgreSQL runs each query of the runbooks', async () => {
  const text = await readText('docs/runbooks.md');
  const blocks = [...text.matchAll(/^```sql\n([^`]*)^```$/gm)].map(([, sql = '']) => sql);
  const inline = [...text.matchAll(/(?<!`)`(select [^`]*)`(?!`)/g)].map(([, sql = '']) => sql);
  const queries = [...blocks, ...inline].filter((sql) => !/pg_terminate_backend|<slot>/.test(sql));
  expect(queries.length).toBeGreaterThan(5);
  const rights = 'in role pg_monitor, pg_read_all_data';
  const url = await createTestRole(await createTestDatabase(), rights);
  for (const sql of queries) {
    await expect(queryColumn(url, sql)).resolves.toBeDefined();
  }
});
