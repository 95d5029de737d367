import { expect, onTestFinished, test } from 'vitest';
import {
  createMoa,
  MoaFault,
  type LiveEvent,
  type LiveOptions,
  type MoaOptions,
  type Waiting,
} from '../src/index.ts';
import { waitUntil } from '../../../test/support/wait.ts';
import { startScriptedServer, type Step } from './scripted-server.ts';

const stock = (units: number, id?: number): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: stock\ndata: {"stock":${units}}\n\n`;
const SOON = 'retry: 1\n\n';

const lost = (stream: string): Step => ({ stream: SOON + stream, after: 'lose the connection' });
const silent = (stream: string): Step => ({ stream: SOON + stream, after: 'stay silent' });
const refused = (status: number, code: string, retryAfter = '0'): Step => ({
  status,
  body: { code, status },
  headers: { 'retry-after': retryAfter },
});

/** A scripted service, and a client whose streams end with the test. */
const start = async (script: Step[], options: MoaOptions = {}) => {
  const server = await startScriptedServer(...script);
  const waits: Waiting[] = [];
  const page = new AbortController();
  onTestFinished(() => page.abort());
  const moa = createMoa({ url: server.url, retry: { firstWaitMs: 1 }, ...options });
  const live = (request: LiveOptions = { products: ['a product'] }) =>
    moa.live({ signal: page.signal, onWait: (waiting) => waits.push(waiting), ...request });
  return { ...server, waits, page, moa, live };
};

/** The first events of a stream, which is then left. */
const take = async (events: AsyncIterable<LiveEvent>, count: number): Promise<LiveEvent[]> => {
  const taken: LiveEvent[] = [];
  for await (const event of events) if (taken.push(event) === count) break;
  return taken;
};

const unitsIn = (events: readonly LiveEvent[]): number[] =>
  events.flatMap((each) => (each.event === 'stock' ? [each.data.stock] : []));

const faultOf = async (events: AsyncIterable<LiveEvent>): Promise<unknown> => {
  try {
    await take(events, 1_000);
  } catch (error) {
    return error;
  }
  return undefined;
};

test('a stream asks for its topics and has the events with their parsed data', async () => {
  const { live, received } = await start([silent(stock(5, 1) + stock(4))], { token: 'a token' });
  const request = { products: ['a', 'b'], bestSellers: true, orders: true, lastEventId: '7' };
  expect(await take(live({ ...request, wallet: true, operations: false }), 2)).toEqual([
    { event: 'stock', data: { stock: 5 }, lastEventId: '1' },
    { event: 'stock', data: { stock: 4 }, lastEventId: '1' },
  ]);
  const [{ url, headers }] = received as [(typeof received)[0]];
  const query = new URL(url, 'http://moa.test').searchParams;
  expect([...query]).toEqual([
    ['products', 'a,b'],
    ['topics', 'best-sellers,orders,wallet'],
  ]);
  expect(headers).toMatchObject({ authorization: 'Bearer a token', 'last-event-id': '7' });
  expect(headers.accept).toBe('text/event-stream');
});

test('a stream whose iteration is left closes its connection', async () => {
  const { live, received } = await start([silent(stock(5))]);
  expect(await take(live(), 1)).toHaveLength(1);
  await waitUntil(() => received[0]?.isLeft() === true, 'a closed connection');
});

test('a lost or ended stream continues after the last complete id, with the token of then', async () => {
  const tokens = ['first', 'second', 'third', 'fourth'];
  const script: Step[] = [
    lost(`${stock(5, 1)}id: 2\n\nid: 3\nevent: stock\n`),
    'lose the connection',
    { stream: stock(4), after: 'end' },
    silent(stock(3)),
  ];
  const { live, received, waits } = await start(script, { token: () => tokens.shift() });
  expect(unitsIn(await take(live(), 3))).toEqual([5, 4, 3]);
  expect(received.map(({ headers }) => headers['last-event-id'])).toEqual([
    undefined,
    '2',
    '2',
    '2',
  ]);
  const sent = received.map(({ headers }) => headers.authorization);
  expect(sent).toEqual(['Bearer first', 'Bearer second', 'Bearer third', 'Bearer fourth']);
  expect(waits.map(({ reason, attempt }) => [reason, attempt])).toEqual([
    ['no_connection', 1],
    ['no_connection', 2],
    ['no_connection', 1],
  ]);
  expect(waits[0]?.error).toBeInstanceOf(Error);
});

test('the next connection is opened no sooner than `retry` says', async () => {
  const { live, received, waits } = await start([
    { stream: `retry: 300\n\n${stock(5)}`, after: 'end' },
    silent(stock(4)),
  ]);
  await take(live(), 2);
  expect(waits[0]?.waitMs).toBeGreaterThanOrEqual(300);
  expect(received[1]!.at - received[0]!.at).toBeGreaterThan(290);
});

test('waits are as long as `Retry-After` says, and grow at random while no event arrives', async () => {
  const busy = refused(503, 'overloaded', '1');
  const once = await start([lost(''), busy, refused(429, 'rate_limited'), silent(stock(5))]);
  await take(once.live(), 1);
  expect(once.received[2]!.at - once.received[1]!.at).toBeGreaterThan(990);
  expect(once.waits.map(({ reason, status, attempt }) => [reason, status, attempt])).toEqual([
    ['no_connection', undefined, 1],
    ['busy', 503, 2],
    ['busy', 429, 3],
  ]);
  const script = [...Array.from({ length: 9 }, () => lost('')), silent(stock(5))];
  const { live, waits } = await start(script, { retry: { firstWaitMs: 2 } });
  await take(live(), 1);
  const longest = waits.map(({ attempt }) => 1 + 2 * 2 ** (attempt - 1));
  for (const [index, { waitMs }] of waits.entries()) {
    expect(waitMs).toBeGreaterThanOrEqual(1);
    expect(waitMs).toBeLessThan(longest[index]!);
  }
  expect(new Set(waits.map(({ waitMs }) => waitMs)).size).toBe(9);
});

test('a problem that another attempt would not change ends the stream', async () => {
  for (const [status, code] of [
    [400, 'invalid_request'],
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'product_not_found'],
  ] as const) {
    const { live, received } = await start([refused(status, code)]);
    const fault = await faultOf(live());
    expect(fault).toBeInstanceOf(MoaFault);
    expect(fault).toMatchObject({ reason: 'problem', problem: { code, status } });
    expect(received).toHaveLength(1);
  }
});

test('an answer that is no stream of Moa ends the stream', async () => {
  for (const step of [
    { status: 200, body: '<p>Sign in</p>', type: 'text/html' },
    { status: 404, body: '<p>Not here</p>', type: 'text/html' },
    { status: 204 },
    silent('event: stock\ndata: {"half"\n\n'),
  ]) {
    const { live } = await start([step]);
    expect(await faultOf(live())).toMatchObject({ reason: 'unexpected_answer' });
  }
});

test('an answer that is no stream and has no end is left', async () => {
  const page: Step = { stream: '<p>Sign in</p>', type: 'text/html', after: 'send comments' };
  // Node.js closes the connection of an answer that nobody holds any more.
  const held: Response[] = [];
  const { live, received } = await start([page], {
    fetch: async (url, init) => {
      const answer = await fetch(url, init);
      held.push(answer);
      return answer;
    },
  });
  expect(await faultOf(live())).toMatchObject({ reason: 'unexpected_answer' });
  await waitUntil(() => received[0]?.isLeft() === true, 'a closed connection');
  expect(held).toHaveLength(1);
});

test('a connection that stays silent is given up, and so is one that is not answered', async () => {
  const script: Step[] = [silent(stock(5, 1)), 'hang', silent(stock(4))];
  const { live, received, waits } = await start(script, {
    retry: { firstWaitMs: 1, attemptMs: 500 },
  });
  const request = { products: ['a product'], silenceMs: 500 };
  expect(unitsIn(await take(live(request), 2))).toEqual([5, 4]);
  expect(received[1]?.headers['last-event-id']).toBe('1');
  expect(waits.map(({ error }) => String(error))).toEqual([
    'Error: nothing arrived within 500 ms',
    'Error: nothing arrived within 500 ms',
  ]);
});

test('comments keep a connection open', async () => {
  const { live, page, waits } = await start([{ stream: stock(5), after: 'send comments' }]);
  setTimeout(() => page.abort(), 1_300);
  const request = { products: ['a product'], silenceMs: 1_000 };
  expect(unitsIn(await take(live(request), 2))).toEqual([5]);
  expect(waits).toEqual([]);
});

test('the time that a slow reader needs for an event is no silence', async () => {
  const { live, waits } = await start([silent(stock(5) + stock(4))]);
  const seen: LiveEvent[] = [];
  for await (const event of live({ products: ['a product'], silenceMs: 500 })) {
    await new Promise((resolve) => {
      setTimeout(resolve, 700);
    });
    if (seen.push(event) === 2) break;
  }
  expect(unitsIn(seen)).toEqual([5, 4]);
  expect(waits).toEqual([]);
});

test('an aborted signal ends an iteration: before it, within it and while it waits', async () => {
  const { live, received, page, waits } = await start([silent(stock(5))]);
  const seen: LiveEvent[] = [];
  for await (const event of live()) {
    seen.push(event);
    setTimeout(() => page.abort(), 20);
  }
  expect(unitsIn(seen)).toEqual([5]);
  expect(await take(live(), 1)).toEqual([]);
  expect(received).toHaveLength(1);
  expect(waits).toEqual([]);
  await waitUntil(() => received[0]?.isLeft() === true, 'a closed connection');

  const waiting = await start([refused(503, 'overloaded', '99')]);
  const leave = () => setTimeout(() => waiting.page.abort(), 10);
  expect(await take(waiting.live({ products: ['a product'], onWait: leave }), 1)).toEqual([]);
});

test('listeners get the data of their event until they are stopped', async () => {
  const { live, received } = await start([
    silent(`event: gift\ndata: {}\n\nevent: wallet\ndata: {"balance":7}\n\n${stock(5)}`),
  ]);
  const seen: unknown[] = [];
  const states: string[] = [];
  const request = { wallet: true, onOpen: () => states.push('open') };
  const stop = live(request).listen({
    stock: (data) => seen.push(data.stock),
    wallet: (data) => seen.push(data.balance),
    failed: (fault) => seen.push(fault),
  });
  await waitUntil(() => seen.length === 2, 'two events');
  expect(seen).toEqual([7, 5]);
  expect(states).toEqual(['open']);
  stop();
  await waitUntil(() => received[0]?.isLeft() === true, 'a closed connection');
  expect(seen).toEqual([7, 5]);
});

test('a stopped listener gets no event that has arrived before', async () => {
  const { live, received } = await start([silent(stock(5) + stock(4))]);
  const seen: number[] = [];
  const stop = live().listen({
    stock: ({ stock: units }) => {
      seen.push(units);
      stop();
    },
    failed: () => seen.push(-1),
  });
  await waitUntil(() => received[0]?.isLeft() === true, 'a closed connection');
  expect(seen).toEqual([5]);
});

test('a listener learns why its stream failed', async () => {
  const { live } = await start([refused(401, 'unauthenticated')]);
  const { promise, resolve } = Promise.withResolvers<MoaFault>();
  live().listen({ failed: resolve });
  expect((await promise).problem?.code).toBe('unauthenticated');
});

test('an address that is none is an error at once', async () => {
  const moa = createMoa({ url: 'nowhere' });
  await expect(take(moa.live({ bestSellers: true }), 1)).rejects.toThrow('Invalid URL');
});

test('a page without a token sends its cookies to its own origin, and no Authorization', async () => {
  const sent: { url: string; init: RequestInit }[] = [];
  const page = globalThis as { location?: object };
  page.location = { origin: 'https://shop.test' };
  onTestFinished(() => {
    delete page.location;
  });
  const moa = createMoa({
    fetch: (url, init) => {
      sent.push({ url, init });
      const status = { status: 401, headers: { 'content-type': 'application/problem+json' } };
      return Promise.resolve(new Response('{"code":"unauthenticated"}', status));
    },
  });
  await moa.wallet().get();
  await moa.checkout({ cart: true });
  await faultOf(moa.live({ wallet: true }));
  expect(sent.map(({ url }) => url)).toEqual([
    'https://shop.test/v1/users/me/wallet',
    'https://shop.test/v1/checkout',
    'https://shop.test/v1/stream?topics=wallet',
  ]);
  for (const { init } of sent) {
    expect(init.credentials).toBe('same-origin');
    expect(new Headers(init.headers).has('authorization')).toBe(false);
  }
});
