import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createExchange, type Exchange } from '../../test/support/client.ts';
import { problemIn } from '../../test/support/problem.ts';
import { fakeRoutes, startTestServer, type TestServer } from '../../test/support/http-server.ts';

let server: TestServer;
let exchange: Exchange;
beforeAll(async () => {
  server = await startTestServer();
  exchange = createExchange(server.url);
});
afterAll(() => server.close());

const read = (path: string, headers: Record<string, string> = {}) =>
  exchange({ method: 'GET', path, headers });

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACE_PARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

test.for([
  [{ 'x-request-id': 'from-the-client.1' }, 'from-the-client.1'],
  [{ traceparent: TRACE_PARENT }, TRACE_ID],
  [{ 'x-request-id': 'mine', traceparent: TRACE_PARENT }, 'mine'],
] as const)(
  'a request with %j is called %s in answers, problems and the log',
  async ([given, id]) => {
    expect((await read('/healthz', given)).headers['x-request-id']).toBe(id);
    expect((await read('/v1/outcomes/replayed', given)).headers['x-request-id']).toBe(id);
    const crash = await read('/v1/outcomes/crash', given);
    expect(problemIn(crash)).toBe('internal_error');
    expect(crash.headers['x-request-id']).toBe(id);
    expect(server.logged.join('')).toContain(`"reqId":"${id}"`);
  },
);

test('a request that brings no usable name gets one of its own', async () => {
  const given = [
    {},
    { 'x-request-id': 'x'.repeat(65) },
    { 'x-request-id': 'a b' },
    { 'x-request-id': '<script>' },
    { 'x-request-id': '' },
    { traceparent: `00-${TRACE_ID}` },
    { traceparent: `00-${TRACE_ID.toUpperCase()}-00f067aa0ba902b7-01` },
  ];
  const ids: unknown[] = [];
  for (const headers of given) ids.push((await read('/healthz', headers)).headers['x-request-id']);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{8}-[0-9a-z]+$/);
  expect(new Set(ids).size).toBe(given.length);
});

test('answers of operations forbid to guess their type', async () => {
  const { headers } = await read('/v1/outcomes/replayed');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['x-powered-by']).toBeUndefined();
  expect(headers['server']).toBeUndefined();
});

test('pages carry what protects the browser', async () => {
  for (const path of ['/docs', '/problems', '/problems/not-found']) {
    const { status, headers } = await read(path);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/html/);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    // A shop in its own network has no TLS to upgrade to.
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-frame-options']).toBe('SAMEORIGIN');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['strict-transport-security']).toBeUndefined();
  }
});

test('the documentation brings everything that it shows', async () => {
  const { text } = await read('/docs');
  const assets = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => String(path));
  expect(assets.length).toBeGreaterThan(2);
  for (const asset of assets) {
    const { pathname } = new URL(asset, `${server.url}/docs`);
    expect(await read(pathname)).toMatchObject({ status: 200 });
  }
});

interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { name: string; in: string; required: boolean }[];
  readonly responses: Readonly<Record<string, { content: object }>>;
}

test('the OpenAPI document describes every operation as it is served', async () => {
  const { text } = await read('/openapi.json');
  const document = JSON.parse(text) as {
    openapi: string;
    info: { version: string };
    paths: Record<string, Record<string, Operation>>;
  };
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  for (const route of fakeRoutes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    const operation = document.paths[path]?.[route.method.toLowerCase()];
    expect(operation?.operationId).toBe(route.operation);
    expect(operation?.security !== undefined).toBe(route.access !== 'public');
    const key = operation?.parameters?.find(({ name }) => name === 'Idempotency-Key');
    expect(key?.required).toBe(route.keyed);
    for (const status of ['400', '429', '500', '503']) {
      expect(operation?.responses[status]?.content).toHaveProperty(['application/problem+json']);
    }
  }
});

test('the process is up as long as it answers', async () => {
  expect(await read('/healthz')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
});

test('readiness tells what was looked at', async () => {
  expect(JSON.parse((await read('/readyz')).text)).toEqual({
    ready: true,
    checks: { database: 'reachable' },
  });
  const checks = { database: 'away' };
  const away = await startTestServer({ ready: () => Promise.resolve({ ready: false, checks }) });
  onTestFinished(away.close);
  const answer = await createExchange(away.url)({ method: 'GET', path: '/readyz' });
  expect(answer.status).toBe(503);
  expect(JSON.parse(answer.text)).toEqual({ ready: false, checks });
});

test('metrics count every answer by operation and status', async () => {
  const own = await startTestServer();
  onTestFinished(own.close);
  const send = createExchange(own.url);
  const get = (path: string) => send({ method: 'GET', path });
  for (const path of ['replayed', 'replayed', 'refused', 'crash'])
    await get(`/v1/outcomes/${path}`);
  await get('/v1/users/alice/wallet');
  await get('/v1/nothing/a-secret-id');
  const { headers, text } = await get('/metrics');
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  for (const line of [
    'moa_http_requests_total{operation="getOutcome",status="201"} 2',
    'moa_http_requests_total{operation="getOutcome",status="409"} 1',
    'moa_http_requests_total{operation="getOutcome",status="500"} 1',
    'moa_http_requests_total{operation="getWallet",status="401"} 1',
    'moa_http_requests_total{operation="none",status="404"} 1',
    'moa_http_request_seconds_count{operation="getOutcome"} 4',
  ]) {
    expect(text).toContain(line);
  }
  // Addresses would make a series each.
  expect(text).not.toContain('a-secret-id');
});
