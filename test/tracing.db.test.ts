import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import { expectStatus } from './support/api-calls.ts';
import { createClient } from './support/client.ts';
import { startCollector, type CollectedSpan, type Collector } from './support/collector.ts';
import { createTestDatabase } from './support/database.ts';
import { queryColumn } from './support/queries.ts';
import { SECRET, startReceiver } from './support/receiver.ts';
import {
  startTestService,
  temporaryDirectory,
  tokenFor,
  type RunningService,
} from './support/service.ts';
import { waitUntil } from './support/wait.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;
const WATCH = new URL('support/loaded-modules.mjs', import.meta.url).pathname;

type Environment = Readonly<Record<string, string>>;

/** What a service needs to send spans as JSON soon. */
const exportTo = (url: string): Environment => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_BSP_SCHEDULE_DELAY: '20',
});

/** A service on a new database, with a product and a user who can pay for it. */
const openShop = async (environment: Environment) => {
  const databaseUrl = await createTestDatabase();
  const directory = await temporaryDirectory();
  const service = await startTestService({
    DATABASE_URL: databaseUrl,
    MOA_DATA_DIR: directory,
    MOA_WEBHOOK_ALLOW_PRIVATE: 'on',
    ...environment,
  });
  const token = await tokenFor(directory, 'service', 'shop');
  const client = createClient(service.url, token);
  const userId = `marker-user-${v7()}`;
  expectStatus(201, await client.put(`/v1/users/${userId}`, {}));
  expectStatus(201, await client.post(`/v1/users/${userId}/wallet/charges`, { amount: 100_000 }));
  const product = { name: 'Mug', price: 10, stock: 1_000, description: 'marker-description' };
  const { body } = expectStatus(201, await client.post('/v1/products', product));
  const order = { userId, items: [{ productId: body['productId'], quantity: 1 }] };
  const buy = async (headers: Environment = {}) =>
    expectStatus(201, await client.call('POST', '/v1/checkout', order, headers));
  return { service, client, databaseUrl, token, userId, buy };
};

const REQUESTS = 'moa_http_requests_total';
const CHECKOUT = { operation: 'checkout', status: '201' };

/** The value of a series in the last export of the metrics. */
const valueOf = (collector: Collector, name: string, labels: Environment): number | undefined => {
  const metric = collector.metrics().find((each) => each.name === name);
  const wanted = JSON.stringify(labels);
  return metric?.points.find(({ attributes }) => JSON.stringify(attributes) === wanted)?.value;
};

/** The server spans of orders. */
const ordersIn = ({ spans }: Collector): CollectedSpan[] =>
  spans.filter(({ name }) => name === 'POST /v1/checkout');

/** The modules of the SDK that a service has loaded; the client of the metrics loads its API. */
const loadedBy = ({ output }: RunningService): string[] =>
  [...output().matchAll(/^loaded (.+)$/gm)]
    .map(([, url = '']) => url)
    .filter((url) => !url.includes('@opentelemetry/api/'));

/** The span that serves a request: the one that they link to each other. */
const batchOf = ({ spans }: Collector, request: CollectedSpan): CollectedSpan | undefined =>
  spans.find(
    ({ name, links, spanId }) =>
      name === 'group commit' &&
      links.some((link) => link.spanId === request.spanId) &&
      request.links.some((link) => link.spanId === spanId),
  );

test('a trace leads from a request over its batch and its statements to its webhook', async () => {
  const collector = await startCollector();
  const receiver = await startReceiver();
  const shop = await openShop({
    ...exportTo(collector.url),
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_METRIC_EXPORT_INTERVAL: '100',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    MOA_WEBHOOK_URL: receiver.url,
    MOA_WEBHOOK_SECRET: SECRET,
  });
  const probes = ['/healthz', '/readyz', '/metrics'];
  const reading = ['/marker-path', '/v1/products?search=marker-query', '/v1/users/marker-u'];
  for (const path of [...probes, ...reading]) {
    await fetch(shop.service.url + path, { headers: { 'user-agent': 'marker-agent' } });
  }
  const key = `marker-key-${v7()}`;
  await shop.buy({ traceparent: TRACEPARENT, 'idempotency-key': key });
  const isOrder = ({ type }: { type: string }): boolean => type === 'moa.order.paid.v1';
  const sendOf = (): CollectedSpan | undefined =>
    collector.spans.find(
      ({ name, links }) =>
        name === 'send webhook' && links.some(({ traceId }) => traceId === TRACE),
    );
  const servedOf = (): CollectedSpan | undefined =>
    ordersIn(collector).find((each) => batchOf(collector, each) !== undefined);
  // Two threads export them.
  await waitUntil(
    () => sendOf() !== undefined && servedOf() !== undefined,
    'the spans of the order',
  );

  const request = servedOf();
  expect(request).toMatchObject({ traceId: TRACE, parentSpanId: PARENT, status: 0 });
  expect(request?.attributes).toEqual({
    'http.request.method': 'POST',
    'http.route': '/v1/checkout',
    'http.response.status_code': 201,
    'url.scheme': 'http',
    'network.protocol.version': '1.1',
  });
  const batch = batchOf(collector, request!);
  expect(batch?.attributes).toEqual({
    'moa.lane': 'lane 1',
    'moa.batch.commands': 1,
    'moa.batch.operations': ['checkout'],
  });
  const statements = collector.spans.filter(({ parentSpanId }) => parentSpanId === batch?.spanId);
  const names = statements.map(({ name }) => name);
  expect([names.at(0), names.at(-1)]).toEqual(['begin', 'commit']);
  expect(names.join(' ')).toMatch(/LockWallets.*FindEffects.*InsertEvents.*InsertOrders/);
  for (const { attributes } of statements) {
    expect(attributes['db.system.name']).toBe('postgresql');
  }

  const traceparent = `00-${TRACE}-${request?.spanId}-01`;
  const events = receiver.taken.filter(isOrder);
  expect(events).toMatchObject([{ traceparent }]);
  const list = async (): Promise<readonly object[]> => {
    const path = '/v1/events?type=moa.order.paid.v1';
    return expectStatus(200, await shop.client.get(path)).body['items'] as unknown as object[];
  };
  await waitUntil(async () => (await list()).length > 0, 'the event in the list');
  expect(await list()).toMatchObject([{ traceparent }]);
  const carrying = receiver.requests.filter(({ events: sent }) => sent.some(isOrder));
  for (const { events: sent, headers } of carrying) {
    expect(headers['traceparent']).toBe(sent.length === 1 ? traceparent : undefined);
  }
  expect(sendOf()?.attributes).toMatchObject({
    'moa.delivery.outcome': 'delivered',
    'http.response.status_code': 204,
  });
  expect(collector.resource()).toMatchObject({
    'service.name': 'moa',
    'deployment.environment.name': 'test',
  });

  const paid = (): number | undefined => valueOf(collector, REQUESTS, CHECKOUT);
  await waitUntil(() => paid() === 1, 'the metrics of the order');

  const reads = () =>
    new Set(collector.spans.map(({ name }) => name).filter((name) => name.startsWith('GET')));
  await waitUntil(() => reads().has('GET /v1/events'), 'the spans of all reads');
  expect([...reads()]).toEqual([
    'GET',
    'GET /v1/products',
    'GET /v1/users/:userId',
    'GET /v1/events',
  ]);

  // Nothing that a client sends, and no secret, is exported.
  expect(collector.received()).not.toContain('marker-');
  for (const secret of [shop.token, shop.userId, key, SECRET, receiver.url]) {
    expect(collector.received()).not.toContain(secret);
  }
});

test('requests of one batch share its span; a malformed or unsampled parent does no harm', async () => {
  const collector = await startCollector();
  const shop = await openShop(exportTo(collector.url));
  const many = Array.from({ length: 20 }, (_, index) =>
    shop.buy({ traceparent: `00-${TRACE}-${String(index + 1).padStart(16, '0')}-01` }),
  );
  await Promise.all(many);
  await shop.buy({ traceparent: '00-malformed-01' });
  await shop.buy({ traceparent: `00-${'0'.repeat(32)}-${PARENT}-01` });
  const hidden = 'a'.repeat(32);
  await shop.buy({ traceparent: `00-${hidden}-${PARENT}-00` });
  await shop.service.end('SIGTERM');

  const orders = ordersIn(collector);
  expect(orders).toHaveLength(22);
  expect(orders.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(2);
  const batches = orders.map((order) => batchOf(collector, order)?.spanId);
  expect(batches).not.toContain(undefined);
  expect(new Set(batches).size).toBeLessThan(orders.length);
  expect(collector.received()).not.toContain(hidden);
  const traced = await queryColumn(shop.databaseUrl, 'select traceparent from journal.traces');
  expect(traced.some((traceparent) => traceparent.includes(hidden))).toBe(false);
  expect(traced.filter((traceparent) => traceparent.includes(TRACE)).length).toBe(20);
});

test('a collector that answers 500 and 400 costs no order and one line of the log', async () => {
  const collector = await startCollector();
  const shop = await openShop(exportTo(collector.url));
  for (const status of [500, 400, 500, 400]) {
    collector.answerWith(status);
    const before = collector.received().length;
    await shop.buy();
    await waitUntil(() => collector.received().length > before, 'an export');
  }
  expect(await shop.service.end('SIGTERM')).toBe(0);
  const lines = shop.service.output().split('\n');
  expect(lines.filter((line) => line.includes('telemetry:'))).toHaveLength(1);
});

test('a collector that is away costs no order, and a stop does not wait for it', async () => {
  // Nothing listens on port 1.
  const shop = await openShop(exportTo('http://127.0.0.1:1'));
  for (let round = 0; round < 20; round++) await shop.buy();
  const since = performance.now();
  expect(await shop.service.end('SIGTERM')).toBe(0);
  expect(performance.now() - since).toBeLessThan(15_000);
});

test('without an address of a collector nothing of OpenTelemetry is loaded', async () => {
  const receiver = await startReceiver();
  const shop = await openShop({
    NODE_OPTIONS: `--import ${WATCH}`,
    MOA_WEBHOOK_URL: receiver.url,
    MOA_WEBHOOK_SECRET: SECRET,
  });
  await shop.buy({ traceparent: TRACEPARENT });
  await waitUntil(() => receiver.taken.length > 0, 'the first event');
  expect(loadedBy(shop.service)).toEqual([]);
  const [traces] = await queryColumn(shop.databaseUrl, 'select count(*) from journal.traces');
  expect(traces).toBe('0');
});

test('with an address, the SDK is loaded, and protobuf is the default', async () => {
  const collector = await startCollector();
  const shop = await openShop({
    NODE_OPTIONS: `--import ${WATCH}`,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/custom`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=abc',
  });
  await shop.buy();
  expect(await shop.service.end('SIGTERM')).toBe(0);
  expect(loadedBy(shop.service).join('\n')).toContain('exporter-trace-otlp-proto');
  expect(collector.received()).toMatch(/^\/custom .*"x-collector-key":"abc"/);
  expect(collector.received()).toContain('application/x-protobuf');
  expect(collector.received()).toContain('POST /v1/checkout');
});

test('the sampler decides which requests are traced', async () => {
  const collector = await startCollector();
  const shop = await openShop({
    ...exportTo(collector.url),
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0',
  });
  await shop.buy();
  await shop.buy({ traceparent: TRACEPARENT });
  await shop.service.end('SIGTERM');
  const orders = ordersIn(collector);
  expect(orders).toMatchObject([{ traceId: TRACE }]);
  const batches = collector.spans.filter(({ name }) => name === 'group commit');
  expect(batches).toEqual([batchOf(collector, orders[0]!)]);
});

test('the metrics of all workers are exported as one', async () => {
  const collector = await startCollector();
  const shop = await openShop({
    MOA_PROCESSES: '2',
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${collector.url}/v1/metrics`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_METRIC_EXPORT_INTERVAL: '100',
  });
  await Promise.all(Array.from({ length: 10 }, () => shop.buy({ connection: 'close' })));
  await waitUntil(() => valueOf(collector, REQUESTS, CHECKOUT) === 10, 'the sum of both');
  expect(valueOf(collector, 'moa_workers', {})).toBe(2);
  const metricOf = (name: string) => collector.metrics().find((each) => each.name === name);
  expect(metricOf(REQUESTS)).toMatchObject({ kind: 'sum', isMonotonic: true });
  expect(metricOf('moa_commit_queue_commands')).toMatchObject({ kind: 'gauge' });
  const histogram = metricOf('moa_commit_batch_commands');
  const [point] = histogram?.points ?? [];
  expect(histogram?.kind).toBe('histogram');
  expect(point?.explicitBounds).toEqual([1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]);
  expect(point?.bucketCounts).toHaveLength(11);
  expect(point?.bucketCounts.reduce((sum, count) => sum + count)).toBe(point?.value);
  const scraped = await (await fetch(`${shop.service.url}/metrics`)).text();
  const names = new Set([...scraped.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));
  expect(new Set(collector.metrics().map(({ name }) => name))).toEqual(names);
  // Only metrics have an address.
  expect(collector.spans).toEqual([]);
});
