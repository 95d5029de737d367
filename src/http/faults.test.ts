import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createExchange, type Exchange } from '../../test/support/client.ts';
import { membersOf, pointersIn, problemIn } from '../../test/support/problem.ts';
import { fakeRoutes, startTestServer, type TestServer } from '../../test/support/http-server.ts';

let server: TestServer;
let exchange: Exchange;
beforeAll(async () => {
  server = await startTestServer();
  exchange = createExchange(server.url);
});
afterAll(() => server.close());

/** A server for the current test only. */
const startOwn = async (options: Parameters<typeof startTestServer>[0]) => {
  const own = await startTestServer(options);
  onTestFinished(own.close);
  return { ...own, exchange: createExchange(own.url) };
};

const read = (path: string, headers: Record<string, string> = {}) =>
  exchange({ method: 'GET', path, headers });

/** Posts an order with this body and content type. */
const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  exchange({
    method: 'POST',
    path: '/v1/checkout',
    headers: {
      authorization: server.alice,
      'idempotency-key': 'key',
      'content-type': 'application/json',
      ...headers,
    },
    body,
  });

test.for([
  ['{"userId":', 'is incomplete JSON'],
  ['{"userId": nobody}', 'is not valid JSON'],
  ['{\n"userId": "a"\n"items": []}', 'is not valid JSON at line 3, column 1'],
  ['{"__proto__": {"role": "staff"}}', '__proto__'],
  ['{"constructor": {"prototype": {}}}', 'constructor.prototype'],
  [Buffer.from([0x22, 0xff, 0x22]), 'is not well-formed UTF-8'],
] as const)('the body %j is rejected with a reason', async ([body, reason]) => {
  const answer = await post(body);
  expect(problemIn(answer, '/v1/checkout')).toBe('invalid_request');
  expect(membersOf(answer)['errors']).toMatchObject([
    { pointer: '', message: expect.stringContaining(reason) as string },
  ]);
});

test.for(['1.5', '1.00000000000000000001', '9998.99999999999999999999', '1e-400', '1e400'])(
  'a quantity of %s is rejected with its pointer',
  async (quantity) => {
    const item = '{"productId":"01980000-0000-7000-8000-000000000000","quantity":';
    const answer = await post(`{"userId":"me","items":[${item}1e1},${item}${quantity}}]}`);
    expect(problemIn(answer, '/v1/checkout')).toBe('invalid_request');
    expect(membersOf(answer)['errors']).toEqual([
      { pointer: '/items/1/quantity', message: 'must be integer' },
    ]);
  },
);

test('a rejected body is not echoed', async () => {
  const answer = await post('{"card": 4111-1111-1111-1111}');
  expect(problemIn(answer)).toBe('invalid_request');
  expect(answer.text).not.toContain('4111');
});

const fields = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 1]));

test('an answer has at most twenty errors', async () => {
  const answer = await post(JSON.stringify(fields(500)));
  expect(membersOf(answer)['errors']).toHaveLength(20);
});

const ITEM = { productId: '01980000-0000-7000-8000-000000000000', quantity: 1 };

test.for([
  ['unknown fields', () => ({ userId: 'me', items: [ITEM], ...fields(12_000) }), '/f0'],
  [
    'unknown fields of items',
    () => ({ userId: 'me', items: [fields(9_000)] }),
    '/items/0/productId',
  ],
  ['items', () => ({ userId: 'me', items: Array.from({ length: 30_000 }, () => 1) }), '/items'],
] as const)('only the first of thousands of bad %s is reported', async ([, make, pointer]) => {
  const answer = await post(JSON.stringify(make()));
  expect(problemIn(answer, '/v1/checkout')).toBe('invalid_request');
  expect(pointersIn(answer)).toEqual([pointer]);
});

test('a deeply nested item is rejected with a pointer to its beginning', async () => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    const nest = `${open.repeat(20_000)}1${close.repeat(20_000)}`;
    const answer = await post(`{"userId":"me","items":[${nest}]}`);
    expect(problemIn(answer, '/v1/checkout')).toBe('invalid_request');
    expect(pointersIn(answer)[0]).toMatch(/^\/items\/0/);
  }
});

test('an unknown path is 404 with any method and body', async () => {
  for (const path of ['/', '/v1', '/v1/nothing', '/v1/checkout/', '/V1/checkout', '//healthz']) {
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
      const answer = await exchange({
        method,
        path,
        headers: { 'content-type': 'text/plain', 'content-length': '1' },
        body: '{',
      });
      expect(problemIn(answer, path)).toBe('not_found');
    }
  }
});

test('a problem names the path without its query and cut to 200 characters', async () => {
  expect(problemIn(await read('/v1/nothing?token=secret'), '/v1/nothing')).toBe('not_found');
  const long = `/v1/${'x'.repeat(400)}`;
  expect(membersOf(await read(long))['instance']).toBe(long.slice(0, 200));
});

test.for([
  ['DELETE', '/v1/checkout', 'POST'],
  ['PUT', '/v1/users/alice/wallet', 'GET, HEAD'],
  ['OPTIONS', '/v1/checkout', 'POST'],
  ['PROPFIND', '/v1/checkout', 'POST'],
  ['POST', '/healthz', 'GET, HEAD'],
  ['POST', '/problems/not-found?x=1', 'GET, HEAD'],
] as const)('%s %s is answered with the allowed methods', async ([method, path, allowed]) => {
  const answer = await exchange({ method, path });
  expect(problemIn(answer, path.split('?', 1)[0])).toBe('method_not_allowed');
  expect(answer.headers['allow']).toBe(allowed);
});

test('a body beyond the limit is rejected, with a length or in chunks', async () => {
  const body = JSON.stringify({ note: 'x'.repeat(128 * 1024) });
  expect(problemIn(await post(body), '/v1/checkout')).toBe('payload_too_large');
  const sentInChunks = await fetch(`${server.url}/v1/checkout`, {
    method: 'POST',
    headers: {
      authorization: server.alice,
      'idempotency-key': 'key',
      'content-type': 'application/json',
    },
    body: new Blob([body]).stream(),
    duplex: 'half',
  });
  expect(sentInChunks.status).toBe(413);
  expect(await sentInChunks.json()).toMatchObject({ code: 'payload_too_large' });
});

test('a body with a content type other than JSON is rejected', async () => {
  for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'x']) {
    const answer = await post('{}', { 'content-type': type });
    expect(problemIn(answer, '/v1/checkout')).toBe('unsupported_media_type');
  }
  for (const charset of ['utf-8', 'utf8', 'UTF8', '"Utf-8"']) {
    const answer = await post('{}', { 'content-type': `application/json; charset=${charset}` });
    expect([charset, problemIn(answer)]).toEqual([charset, 'invalid_request']);
  }
});

test('a path segment longer than any id is rejected', async () => {
  const path = `/v1/users/${'x'.repeat(501)}/wallet`;
  const answer = await read(path, { authorization: server.alice });
  expect(problemIn(answer, path)).toBe('uri_too_long');
});

test('a path that is not UTF-8 is rejected', async () => {
  for (const part of ['%', '%ff', '%C0%80', '%ED%A0%80']) {
    const path = `/v1/users/${part}/wallet`;
    const answer = await read(path, { authorization: server.alice });
    expect(problemIn(answer, path)).toBe('invalid_request');
  }
});

test('a refusal has the members that its problem page names', async () => {
  const answer = await read('/v1/outcomes/refused');
  expect(problemIn(answer, '/v1/outcomes/refused')).toBe('insufficient_balance');
  expect(membersOf(answer)).toMatchObject({ balance: 1, required: 2 });
});

test('an overload is answered with Retry-After', async () => {
  const answer = await read('/v1/outcomes/overloaded');
  expect(problemIn(answer, '/v1/outcomes/overloaded')).toBe('overloaded');
  expect(answer.headers['retry-after']).toBe('1');
});

test('an internal fault is logged with its cause, and the answer does not reveal it', async () => {
  const path = '/v1/outcomes/crash';
  const answer = await read(path, { 'x-request-id': 'trace-me' });
  expect(problemIn(answer, path)).toBe('internal_error');
  expect(JSON.stringify(answer)).not.toMatch(/secret|stack|\.ts/);
  const line = server.logged.find((each) => each.includes('trace-me'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({
    level: 50,
    reqId: 'trace-me',
    err: { message: 'a secret of the database' },
  });
});

test('a fault in the registration of a customer is an internal error', async () => {
  const ensureRegistered = () => Promise.reject(new Error('a secret of the database'));
  const own = await startOwn({ ensureRegistered });
  const path = '/v1/users/me/wallet';
  const headers = { authorization: own.alice };
  const answer = await own.exchange({ method: 'GET', path, headers });
  expect(problemIn(answer, path)).toBe('internal_error');
  expect(answer.text).not.toContain('secret');
});

test('an unreachable identity provider is 503, not 401', async () => {
  const away = Object.assign(new Error('http://keys.internal'), { code: 'KEYS_UNREACHABLE' });
  const own = await startOwn({
    tokens: { known: () => undefined, verify: () => Promise.reject(away) },
  });
  const path = '/v1/users/me/wallet';
  const answer = await own.exchange({ method: 'GET', path, headers: { authorization: 'x' } });
  expect(problemIn(answer, path)).toBe('unavailable');
  expect(answer.headers['retry-after']).toBe('2');
  expect(answer.text).not.toContain('keys.internal');
  expect(own.logged.join('')).toContain('keys.internal');
});

test('every problem has the header nosniff', async () => {
  for (const path of ['/v1/nothing', '/v1/outcomes/crash', '/v1/outcomes/refused', '/v1/%ff']) {
    expect((await read(path)).headers['x-content-type-options']).toBe('nosniff');
  }
});

test('closing waits for a running request', async () => {
  let begin = (): void => undefined;
  let end = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const ended = new Promise<void>((resolve) => (end = resolve));
  const routes = fakeRoutes.map((route) => ({
    ...route,
    handle: async (request: Parameters<typeof route.handle>[0]) => {
      begin();
      await ended;
      return route.handle(request);
    },
  }));
  const own = await startTestServer({ routes });
  const answer = createExchange(own.url)({ method: 'GET', path: '/v1/outcomes/replayed' });
  await begun;
  const closed = own.close();
  end();
  expect(await answer).toMatchObject({ status: 201, text: '{"as": "it was"}' });
  await closed;
});
