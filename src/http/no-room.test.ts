import { once } from 'node:events';
import { connect } from 'node:net';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { createExchange } from '../../test/support/client.ts';
import { fakeRoutes, sendRaw, startTestServer } from '../../test/support/http-server.ts';
import { problemIn, readAnswers } from '../../test/support/problem.ts';
import type { RequestSpan, Tracer } from '../tracing/index.ts';
import { endConnections } from './connections.ts';

type TracedRequest = Parameters<Tracer['startRequest']>[0];

const SHOP = 'https://shop.example';

/** A server whose POST routes have no room until `free`. */
const startFull = async (options: Parameters<typeof startTestServer>[0] = {}) => {
  let full = true;
  const isFull = () => full;
  const routes = fakeRoutes.map((route) =>
    route.method === 'POST' ? { ...route, isFull } : route,
  );
  const own = await startTestServer({ routes, ...options });
  onTestFinished(own.close);
  return { ...own, exchange: createExchange(own.url), free: () => void (full = false) };
};

const ORDER = { method: 'POST', path: '/v1/checkout', body: '{"userId":' };

test('without room for a command nothing of its request is read or checked', async () => {
  const own = await startFull();
  const answer = await own.exchange(ORDER);
  expect(problemIn(answer, '/v1/checkout')).toBe('overloaded');
  expect(answer.headers['retry-after']).toBe('1');
  own.free();
  expect(problemIn(await own.exchange(ORDER), '/v1/checkout')).toBe('unauthenticated');
});

test('other requests are served while there is no room', async () => {
  const { exchange, alice } = await startFull();
  const statusOf = async (method: string, path: string): Promise<number> =>
    (await exchange({ method, path, headers: { authorization: alice } })).status;
  expect(await statusOf('GET', '/v1/users/me/wallet')).toBe(201);
  expect(await statusOf('GET', '/healthz')).toBe(200);
  expect(await statusOf('PUT', '/v1/checkout')).toBe(405);
  expect(await statusOf('POST', '/v1/checkout/x')).toBe(404);
  expect(await statusOf('POST', '/v1/checkout?now=1')).toBe(503);
});

test('the answer without room is the one that routes give', async () => {
  const own = await startFull({ corsOrigins: [SHOP] });
  for (const origin of [SHOP, 'https://other.example', undefined]) {
    const headers = { 'x-request-id': 'mine', ...(origin === undefined ? {} : { origin }) };
    const early = await own.exchange({ ...ORDER, headers });
    expect(problemIn(early, '/v1/checkout')).toBe('overloaded');
    const usual = await own.exchange({ method: 'GET', path: '/v1/outcomes/overloaded', headers });
    expect(usual.status).toBe(503);
    const earlyHeaders = { ...early.headers, date: 'now' };
    const usualHeaders = { ...usual.headers, date: 'now' };
    const length = Number(usual.headers['content-length']) - '/v1/outcomes/overloaded'.length;
    expect(earlyHeaders).toEqual({
      ...usualHeaders,
      'content-length': String(length + '/v1/checkout'.length),
    });
    expect(early.text).toBe(usual.text.replace('/v1/outcomes/overloaded', '/v1/checkout'));
  }
});

const createSpans = () => {
  const spans: (TracedRequest & { status: number | undefined })[] = [];
  const startRequest = (request: TracedRequest): RequestSpan => ({
    traceparent: '',
    link: () => undefined,
    end: (status) => spans.push({ ...request, status }),
  });
  const within = (_span: RequestSpan, work: () => void) => work();
  return { spans, tracer: { startRequest, within } as never };
};

test('answers without room are counted, timed, logged and traced', async () => {
  const logged: string[] = [];
  const { spans, tracer } = createSpans();
  const own = await startFull({
    log: pino({ level: 'debug' }, { write: (line: string) => logged.push(line) }),
    tracer,
  });
  for (const id of ['one', 'two'])
    await own.exchange({ ...ORDER, headers: { 'x-request-id': id } });
  const { text } = await own.exchange({ method: 'GET', path: '/metrics' });
  expect(text).toContain('moa_http_requests_total{operation="checkout",status="503"} 2');
  expect(text).toContain('moa_http_request_seconds_count{operation="checkout"} 2');
  const line = logged.find((each) => each.includes('"reqId":"two"')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({ operation: 'checkout', status: 503 });
  const span = {
    method: 'POST',
    route: '/v1/checkout',
    scheme: 'http',
    httpVersion: '1.1',
    traceparent: undefined,
    status: 503,
  };
  expect(spans.slice(0, 2)).toEqual([span, span]);
});

test.for([
  [true, 'https'],
  [false, 'http'],
] as const)(
  'with a trusted proxy: %s, the scheme of a span is %s',
  async ([trustProxy, scheme]) => {
    const { spans, tracer } = createSpans();
    const { exchange, free } = await startFull({ trustProxy, tracer });
    const headers = { 'x-forwarded-proto': 'http, https' };
    await exchange({ ...ORDER, headers });
    free();
    await exchange({ ...ORDER, headers });
    await expect
      .poll(() => spans)
      .toMatchObject([
        { scheme, status: 503 },
        { scheme, status: 401 },
      ]);
  },
);

const head = (...headers: string[]): string =>
  ['POST /v1/checkout HTTP/1.1', 'Host: moa', ...headers, '', ''].join('\r\n');
const LAST = 'GET /healthz HTTP/1.1\r\nHost: moa\r\nConnection: close\r\n\r\n';

test.for([
  ['of one packet', [head('Content-Length: 2') + '{}']],
  [
    'of several packets',
    [head('Content-Length: 200000'), 'x'.repeat(100_000), 'x'.repeat(100_000)],
  ],
  ['in chunks', [head('Transfer-Encoding: chunked'), '2\r\n{}\r\n0\r\n\r\n']],
] as const)('a connection is usable after a refusal with a body %s', async ([, parts]) => {
  const { url } = await startFull();
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let received = '';
  socket.on('data', (bytes: Buffer) => (received += bytes.toString('latin1')));
  const [first, ...rest] = parts;
  socket.write(first);
  await expect.poll(() => received).toContain('"code":"overloaded"');
  for (const part of rest) socket.write(part);
  socket.write(LAST);
  await once(socket, 'close');
  expect(readAnswers(received).map(({ status }) => status)).toEqual([503, 200]);
});

test('requests in one packet are refused in their order', async () => {
  const { url } = await startFull();
  const order = (id: string) => head(`X-Request-Id: ${id}`, 'Content-Length: 2') + '{}';
  const answers = readAnswers(await sendRaw(url, order('a') + order('b') + LAST));
  expect(answers.map(({ headers }) => headers['x-request-id']).slice(0, 2)).toEqual(['a', 'b']);
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 200]);
});

test('a connection ends with its refusal when the server drains', async () => {
  const { url, app } = await startFull();
  endConnections(app.server);
  const [answer] = readAnswers(await sendRaw(url, head('Content-Length: 0')));
  expect(answer).toMatchObject({ status: 503, headers: { connection: 'close' } });
});
