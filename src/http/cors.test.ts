import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExchange, type Exchange } from '../../test/support/client.ts';
import { startTestServer, type TestServer } from '../../test/support/http-server.ts';

const SHOP = 'https://shop.example';
const CORS = /^access-control-/;

let server: TestServer;
let closed: TestServer;
let exchange: Exchange;
beforeAll(async () => {
  server = await startTestServer({ corsOrigins: [SHOP, 'http://localhost:5173'], rateLimit: true });
  closed = await startTestServer();
  exchange = createExchange(server.url);
});
afterAll(() => Promise.all([server.close(), closed.close()]));

const namesOf = (text: unknown): string[] => String(text).split(', ');

const corsHeaders = (headers: object): string[] =>
  Object.keys(headers).filter((name) => CORS.test(name));

const preflight = (origin: string, path = '/v1/staff-only', method = 'POST') => ({
  method: 'OPTIONS',
  path,
  headers: {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': 'authorization,content-type,idempotency-key,if-match',
  },
});

test('a page of a listed origin may send every header that the API reads', async () => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    const { status, headers } = await exchange(preflight(SHOP, '/v1/staff-only', method));
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe(SHOP);
    expect(namesOf(headers['access-control-allow-methods'])).toContain(method);
    expect(namesOf(headers['access-control-allow-headers'])).toEqual(
      expect.arrayContaining(['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match']),
    );
    expect(headers['access-control-max-age']).toBe('600');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  }
});

test('a page of a listed origin can read answers, problems and their headers', async () => {
  const answers = await Promise.all(
    ['/v1/outcomes/replayed', '/v1/outcomes/refused', '/v1/nowhere', '/openapi.json'].map((path) =>
      exchange({ method: 'GET', path, headers: { origin: SHOP } }),
    ),
  );
  const unauthenticated = await exchange({
    method: 'POST',
    path: '/v1/staff-only',
    headers: { origin: SHOP },
  });
  expect(unauthenticated.status).toBe(401);
  for (const { headers } of [...answers, unauthenticated]) {
    expect(headers['access-control-allow-origin']).toBe(SHOP);
    expect(headers['vary']).toContain('Origin');
    expect(namesOf(headers['access-control-expose-headers'])).toEqual([
      'ETag',
      'Idempotency-Replayed',
      'Retry-After',
      'RateLimit',
      'RateLimit-Policy',
      'X-Request-Id',
    ]);
  }
});

test.for([
  'https://evil.example',
  'https://shop.example.evil.example',
  'http://shop.example',
  'https://shop.example:8443',
  'null',
])('a page of %s may not call', async (origin) => {
  const refused = await exchange(preflight(origin));
  expect(refused.status).toBe(405);
  expect(corsHeaders(refused.headers)).toEqual([]);
  const path = '/v1/outcomes/replayed';
  const answer = await exchange({ method: 'GET', path, headers: { origin } });
  expect(answer.status).toBe(201);
  expect(corsHeaders(answer.headers)).toEqual([]);
});

test('by default no page of another origin may call', async () => {
  const { status, headers } = await createExchange(closed.url)(preflight(SHOP));
  expect(status).toBe(405);
  expect(corsHeaders(headers)).toEqual([]);
});

test('without an origin, OPTIONS is answered as before', async () => {
  expect((await exchange({ method: 'OPTIONS', path: '/v1/staff-only' })).status).toBe(405);
  expect((await exchange({ method: 'OPTIONS', path: '/v1/nowhere' })).status).toBe(404);
});
