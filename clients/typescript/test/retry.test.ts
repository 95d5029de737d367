import { expect, test } from 'vitest';
import { createMoa, MoaFault, type RetryOptions, type Waiting } from '../src/index.ts';
import { overloaded, paid, startScriptedServer, type Step } from './scripted-server.ts';

const FAST: RetryOptions = { firstWaitMs: 1 };

const start = async (steps: Step[], retry: RetryOptions = FAST) => {
  const server = await startScriptedServer(...steps);
  return { ...server, moa: createMoa({ url: server.url, token: 'a token', retry }) };
};

const faultOf = async (call: Promise<unknown>): Promise<MoaFault> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MoaFault)) throw new Error(`no fault: ${String(error)}`);
  return error;
};

const abortable = (reason: Error) => {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(reason) };
};

const overloadedFor = (seconds: number): ResponseInit => ({
  status: 503,
  headers: { 'content-type': 'application/problem+json', 'retry-after': String(seconds) },
});

test('a POST is sent again with its key and body until it is answered', async () => {
  const { moa, received } = await start([
    'lose the connection',
    'lose the connection within the answer',
    overloaded(),
    { status: 429, body: { code: 'rate_limited' } },
    { status: 502, body: 'a page of a proxy', type: 'text/html' },
    paid({ 'idempotency-replayed': 'true' }),
  ]);
  const result = await moa.checkout({ cart: true });
  expect(result).toMatchObject({ ok: true, replayed: true, data: { status: 'paid' } });
  expect(received).toHaveLength(6);
  const requests = received.map(({ method, url, key, body, headers }) => ({
    request: [method, url, body, headers.authorization, headers['content-type']],
    key,
  }));
  expect(new Set(requests.map(({ key }) => key)).size).toBe(1);
  expect(requests[0]?.key).toMatch(/^[0-9a-f]{32}$/);
  for (const { request } of requests) {
    const body = '{"cart":true,"userId":"me"}';
    expect(request).toEqual(['POST', '/v1/checkout', body, 'Bearer a token', 'application/json']);
  }
});

test('every POST has a key of its own, or the one that is given', async () => {
  const { moa, received } = await start([paid()]);
  await moa.checkout({ cart: true });
  await moa.checkout({ cart: true });
  await moa.calls.post('/v1/checkout', { body: { userId: 'bob', cart: true }, key: 'given' });
  const keys = received.map(({ key }) => key);
  expect(new Set(keys).size).toBe(3);
  expect(keys[2]).toBe('given');
});

test('a GET is sent again, a PUT, a PATCH and a DELETE are not', async () => {
  const { moa, received } = await start([overloaded(), { status: 200, body: { balance: 5 } }]);
  expect(await moa.wallet().get()).toMatchObject({ ok: true, data: { balance: 5 } });
  expect(received.map(({ method }) => method)).toEqual(['GET', 'GET']);

  const busy = await start([overloaded()]);
  const product = { path: { productId: 'a product' }, body: { price: 1_000 } };
  for (const call of [
    busy.moa.cart().set('a product', 2),
    busy.moa.cart().clear({ version: 7 }),
    busy.moa.calls.patch('/v1/products/{productId}', product),
  ]) {
    expect(await call).toMatchObject({ ok: false, problem: { code: 'overloaded' } });
  }
  expect(busy.received.map(({ method }) => method).sort()).toEqual(['DELETE', 'PATCH', 'PUT']);
  const cleared = busy.received.find(({ method }) => method === 'DELETE');
  expect(cleared?.headers['if-match']).toBe('"7"');
  expect(cleared?.key).toBeUndefined();
});

test('a problem that another attempt would not change is not sent again', async () => {
  const problem = { code: 'insufficient_balance', balance: 1, required: 3 };
  const { moa, received } = await start([{ status: 409, body: problem }]);
  expect(await moa.checkout({ cart: true })).toEqual({ ok: false, problem });
  expect(received).toHaveLength(1);
});

test('the next attempt waits as long as `Retry-After` says, in seconds or until a date', async () => {
  // A date has whole seconds: at least one second from now.
  const date = new Date(Date.now() + 2_000).toUTCString();
  const inSeconds = await start([overloaded({ 'retry-after': '1' }), paid()]);
  const byDate = await start([overloaded({ 'retry-after': date }), paid()]);
  await Promise.all([inSeconds.moa.checkout({ cart: true }), byDate.moa.checkout({ cart: true })]);
  for (const [limit, { received }] of [
    [990, inSeconds],
    [500, byDate],
  ] as const) {
    expect(received).toHaveLength(2);
    expect(received[1]!.at - received[0]!.at).toBeGreaterThan(limit);
  }
});

test('a page can show that a call waits, why, and that the same key is sent again', async () => {
  const { moa, received } = await start([
    'lose the connection',
    overloaded({ 'retry-after': '1' }),
    { status: 429, body: { code: 'rate_limited' } },
    paid({ 'idempotency-replayed': 'true' }),
  ]);
  const waits: Waiting[] = [];
  const onWait = (waiting: Waiting) => void waits.push(waiting);
  const result = await moa.checkout({ cart: true }, { key: 'kept', onWait });
  expect(result).toMatchObject({ ok: true, replayed: true });
  expect(waits.map(({ attempt, reason, status, key }) => [attempt, reason, status, key])).toEqual([
    [1, 'no_connection', undefined, 'kept'],
    [2, 'busy', 503, 'kept'],
    [3, 'busy', 429, 'kept'],
  ]);
  expect(waits[0]?.error).toBeInstanceOf(Error);
  expect(waits[1]?.waitMs).toBeGreaterThanOrEqual(1_000);
  expect(received.map(({ key }) => key)).toEqual(['kept', 'kept', 'kept', 'kept']);

  const once = await start([overloaded()], { attempts: 1 });
  await once.moa.checkout({ cart: true }, { onWait });
  expect(waits).toHaveLength(3);
});

test('attempts are bounded in number; the last problem is the result', async () => {
  const { moa, received } = await start([overloaded()], { ...FAST, attempts: 3 });
  const result = await moa.checkout({ cart: true });
  expect(result).toMatchObject({ ok: false, problem: { code: 'overloaded' } });
  expect(received).toHaveLength(3);
});

test('a wait that would exceed the total time is not begun', async () => {
  const { moa, received } = await start([overloaded({ 'retry-after': '3600' })]);
  const result = await moa.checkout({ cart: true });
  expect(result).toMatchObject({ ok: false, problem: { code: 'overloaded' } });
  expect(received).toHaveLength(1);
});

test('without an answer after all attempts a fault names the key, for a later attempt', async () => {
  const { moa, received } = await start(['lose the connection'], { ...FAST, attempts: 3 });
  const fault = await faultOf(moa.checkout({ cart: true }, { key: 'kept' }));
  expect(fault).toMatchObject({ name: 'MoaFault', reason: 'no_connection', key: 'kept' });
  expect(fault.message).toContain('was sent 3 times without an answer');
  expect(fault.cause).toBeInstanceOf(Error);
  expect(received).toHaveLength(3);
});

test('a hanging attempt is given up and sent again, within the total time', async () => {
  const once = await start(['hang', paid()], { ...FAST, attemptMs: 50 });
  expect(await once.moa.checkout({ cart: true })).toMatchObject({ ok: true });
  const { moa } = await start(['hang'], { ...FAST, attemptMs: 5_000, totalMs: 100 });
  const before = performance.now();
  expect(await faultOf(moa.product('a product'))).toMatchObject({ reason: 'no_connection' });
  expect(performance.now() - before).toBeLessThan(4_000);
});

test('an abort ends an attempt at once with its own reason, and no other begins', async () => {
  const reason = new Error('the page was left');
  const { signal, abort } = abortable(reason);
  const { moa, received } = await start(['hang']);
  const call = moa.checkout({ cart: true }, { signal });
  await expect.poll(() => received.length, { timeout: 10_000 }).toBe(1);
  abort();
  await expect(call).rejects.toBe(reason);
  await expect(moa.product('a product', { signal })).rejects.toBe(reason);
  expect(received).toHaveLength(1);
});

test('an abort ends a wait at once with its own reason', async () => {
  const reason = new Error('the page was left');
  const { signal, abort } = abortable(reason);
  const answer = () => new Response('{"code":"overloaded"}', overloadedFor(50));
  const moa = createMoa({
    url: 'http://moa.test',
    fetch: () => {
      // The answer needs no time: by then the wait has begun.
      setTimeout(abort, 50);
      return Promise.resolve(answer());
    },
  });
  const before = performance.now();
  await expect(moa.checkout({ cart: true }, { signal })).rejects.toBe(reason);
  expect(performance.now() - before).toBeLessThan(10_000);
});

test('an answer that is not one of Moa is a fault', async () => {
  for (const step of [
    { status: 404, body: '<h1>Not here</h1>', type: 'text/html' },
    { status: 400, body: { error: 'of something else' } },
    { status: 200, body: '{"half":' },
  ]) {
    const { moa } = await start([step]);
    const fault = await faultOf(moa.product('a product'));
    expect(fault).toMatchObject({ reason: 'unexpected_answer', key: undefined });
    expect(fault.message).toContain(String(step.status));
  }
});

test('answers without a body and answers that are text are data', async () => {
  const { moa } = await start([
    { status: 204 },
    { status: 200, body: 'moa_up 1', type: 'text/plain' },
  ]);
  const erased = await moa.calls.delete('/v1/users/{userId}/profile', { path: { userId: 'bob' } });
  expect(erased).toEqual({ ok: true, data: undefined, replayed: false });
  expect(await moa.calls.get('/metrics')).toMatchObject({ ok: true, data: 'moa_up 1' });
});

test('a function gives the token of each call, and a given fetch sends it', async () => {
  const tokens = ['first', undefined];
  const sent: (string | null)[] = [];
  const moa = createMoa({
    url: 'http://moa.test/',
    token: () => tokens.shift(),
    fetch: (url, init) => {
      expect(url).toBe('http://moa.test/v1/best-sellers?days=7');
      sent.push(new Headers(init.headers).get('authorization'));
      return Promise.resolve(Response.json({ items: [] }));
    },
  });
  await moa.bestSellers({ days: 7 });
  await moa.bestSellers({ days: 7 });
  expect(sent).toEqual(['Bearer first', null]);
});
