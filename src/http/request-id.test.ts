import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExchange, type Exchange } from '../../test/support/client.ts';
import { startTestServer, type TestServer } from '../../test/support/http-server.ts';
import { problemIn } from '../../test/support/problem.ts';

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
  'a request with %j has the id %s in answers, problems and the log',
  async ([given, id]) => {
    expect((await read('/healthz', given)).headers['x-request-id']).toBe(id);
    expect((await read('/v1/outcomes/replayed', given)).headers['x-request-id']).toBe(id);
    const crash = await read('/v1/outcomes/crash', given);
    expect(problemIn(crash)).toBe('internal_error');
    expect(crash.headers['x-request-id']).toBe(id);
    expect(server.logged.join('')).toContain(`"reqId":"${id}"`);
  },
);

test('a request without a valid id gets a new id', async () => {
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
