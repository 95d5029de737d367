import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { v7 } from 'uuid';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/support/service.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { needsDuckdb, startPlatform, startPlatformHere, startProcess } from '../test-process.ts';
import {
  eventOf,
  headersOf,
  newSecret,
  nowInSeconds,
  paid,
  post,
  refunded,
  send,
  signatureOf,
} from '../test-sender.ts';
import type { Report } from './report.ts';

beforeEach(needsDuckdb);

const MAIN = new URL('./main.ts', import.meta.url);
const MUG = '01980000-0000-7000-8000-00000000000a';
const BOWL = '01980000-0000-7000-8000-00000000000b';

const mugs = (quantity: number) => ({ productId: MUG, quantity, unitPrice: 100 });
const bowls = (quantity: number) => ({
  productId: BOWL,
  name: 'Bowl',
  quantity,
  unitPrice: 1_000,
});

/** The calls of a platform. */
const callsOf = (url: string, secret: string) => {
  const events = `${url}/events`;
  return {
    secret,
    events,
    send: async (batch: readonly object[]) => (await send(events, secret, batch)).status,
    post: async (body: string, headers?: Record<string, string>) =>
      (await post(events, secret, body, headers)).status,
    report: async () => (await (await fetch(`${url}/report`)).json()) as Report,
  };
};

const start = async () => {
  const secret = newSecret();
  const platform = await startPlatformHere(secret);
  return { ...platform, ...callsOf(platform.url, secret) };
};

/** A platform in a process of its own, which stores events in a file. */
const startOn = async (file: string) => {
  const secret = newSecret();
  const environment = { MOA_WEBHOOK_SECRET: secret, DATA_PLATFORM_FILE: file };
  const platform = await startPlatform(environment);
  return { ...platform, ...callsOf(platform.url, secret) };
};

describe('the report', () => {
  test('counts payments per minute and per product', async () => {
    const platform = await start();
    expect(await platform.report()).toMatchObject({
      currency: null,
      totals: { events: 0, orders: 0, refunds: 0, revenue: 0 },
      ordersPerMinute: [],
      products: [],
    });
    const batch = [
      paid([mugs(1), bowls(1)], '2026-11-23T10:00:00.000Z'),
      paid([mugs(2)], '2026-11-23T10:00:59.999Z'),
      paid([{ ...mugs(1), name: 'Cup' }], '2026-11-23T10:01:00.000Z'),
      eventOf('wallet.charged.v1', 'alice', {
        userId: 'alice',
        chargeId: v7(),
        amount: 5,
        balance: 5,
      }),
    ];
    expect(await platform.send(batch)).toBe(204);
    expect(await platform.report()).toEqual({
      asOf: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
      currency: 'KRW',
      totals: { events: 4, orders: 3, refunds: 0, revenue: 1_400 },
      ordersPerMinute: [
        { minute: '2026-11-23T10:00Z', orders: 2, revenue: 1_300 },
        { minute: '2026-11-23T10:01Z', orders: 1, revenue: 100 },
      ],
      products: [
        { productId: BOWL, name: 'Bowl', units: 1, revenue: 1_000 },
        { productId: MUG, name: 'Cup', units: 4, revenue: 400 },
      ],
    });
  });

  test('names a product as its last sale does, by sequence and not by time', async () => {
    const platform = await start();
    const sell = (name: string) =>
      paid([
        { ...mugs(1), name },
        { ...bowls(1), name },
      ]);
    const [first, second, third] = [sell('old'), sell('newer'), sell('newest')];
    expect(new Set([first, second, third].map(({ time }) => time)).size).toBe(1);
    expect(await platform.send([second, third, first])).toBe(204);
    const names = (await platform.report()).products.map(({ name }) => name);
    expect(names).toEqual(['newest', 'newest']);
  });

  test('subtracts refunds', async () => {
    const platform = await start();
    const order = paid([mugs(3), bowls(1)]);
    expect(await platform.send([order, refunded([mugs(2)], order.subject)])).toBe(204);
    expect(await platform.send([refunded([bowls(1)], order.subject)])).toBe(204);
    const { totals, products } = await platform.report();
    expect(totals).toEqual({ events: 3, orders: 1, refunds: 2, revenue: 100 });
    expect(products).toEqual([
      { productId: MUG, name: 'Mug', units: 1, revenue: 100 },
      { productId: BOWL, name: 'Bowl', units: 0, revenue: 0 },
    ]);
  });

  test('is exact beyond what a floating point number holds', async () => {
    const platform = await start();
    const most = { productId: MUG, quantity: 1, unitPrice: Number.MAX_SAFE_INTEGER };
    expect(await platform.send([paid([most]), paid([most]), paid([mugs(1)])])).toBe(204);
    const text = await (await fetch(`${platform.url}/report`)).text();
    expect(text).toContain(`"revenue":${BigInt(Number.MAX_SAFE_INTEGER) * 2n + 100n}`);
  });

  test('is also a page, which escapes names', async () => {
    const platform = await start();
    const name = `<script>alert("1")</script> & 'Mug'`;
    expect(await platform.send([paid([{ ...mugs(1), name }])])).toBe(204);
    const response = await fetch(platform.url);
    expect(response.headers.get('content-type')).toContain('text/html');
    const html = await response.text();
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;Mug&#39;');
    expect(html).not.toContain('<script');
  });
});

describe('an event that is sent again', () => {
  test('counts once, also within a batch and in batches at once', async () => {
    const platform = await start();
    const first = paid([mugs(1)]);
    const second = paid([bowls(1)]);
    expect(await platform.send([first, first])).toBe(204);
    const again = Array.from({ length: 10 }, () => platform.send([first, second]));
    expect(await Promise.all(again)).toEqual(again.map(() => 204));
    const { totals } = await platform.report();
    expect(totals).toEqual({ events: 2, orders: 2, refunds: 0, revenue: 1_100 });
  });

  test('counts once after the process was killed, and a stored event is kept', async () => {
    const file = join(await temporaryDirectory(), 'platform.duckdb');
    const order = paid([mugs(1)]);
    const first = await startOn(file);
    expect(await first.send([order])).toBe(204);
    await first.end('SIGKILL');

    const second = await startOn(file);
    expect((await second.report()).totals).toMatchObject({ events: 1, revenue: 100 });
    expect(await second.send([order, paid([mugs(2)])])).toBe(204);
    expect(await second.end('SIGTERM')).toBe(0);

    const third = await startOn(file);
    expect((await third.report()).totals).toMatchObject({ events: 2, revenue: 300 });
  });
});

describe('a signature', () => {
  const body = JSON.stringify([paid([mugs(1)])]);

  test('of another secret, body, id or time is refused', async () => {
    const { url, events, secret, post: postSigned, report } = await start();
    const now = nowInSeconds();
    const wrong: Record<string, string>[] = [
      headersOf(newSecret(), body),
      headersOf(secret, `${body} `),
      headersOf(secret, body, String(now - 600)),
      headersOf(secret, body, String(now + 600)),
      { ...headersOf(secret, body), 'webhook-id': v7() },
      { ...headersOf(secret, body), 'webhook-timestamp': String(now - 1) },
      { ...headersOf(secret, body), 'webhook-signature': 'v1' },
      { ...headersOf(secret, body), 'webhook-signature': 'v1,' },
      { ...headersOf(secret, body), 'webhook-signature': 'v1a,AAAA v2,BBBB ,,, v1,=' },
      { ...headersOf(secret, body), 'webhook-timestamp': 'now' },
    ];
    for (const headers of wrong)
      expect([headers, await postSigned(body, headers)]).toEqual([headers, 401]);
    const unsigned = await fetch(events, { method: 'POST', body });
    expect(unsigned.status).toBe(401);
    expect((await report()).totals.events).toBe(0);
    expect((await fetch(url)).status).toBe(200);
  });

  test('is one of several while a secret is rotated', async () => {
    const { secret, post: postSigned } = await start();
    const id = v7();
    const timestamp = String(nowInSeconds());
    const signatures = [newSecret(), secret].map((each) =>
      signatureOf(each, { id, timestamp, body }),
    );
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatures.join(' '),
    };
    expect(await postSigned(body, headers)).toBe(204);
  });
});

describe('a body', () => {
  test('that is not a batch of CloudEvents is refused, and none of its events is stored', async () => {
    const platform = await start();
    const order = paid([mugs(1)]);
    const { id: _, ...nameless } = order;
    const batches: unknown[] = [
      order,
      null,
      'text',
      [[]],
      [null],
      [order, {}],
      [order, nameless],
      [order, { ...order, id: 1 }],
      [order, { ...order, id: '' }],
      [order, { ...order, specversion: '0.3' }],
      [order, { ...order, time: '2026-02-30T10:00:00.000Z' }],
      [order, { ...order, data: [] }],
      [order, { ...order, data: { ...order.data, total: '100' } }],
      [order, { ...order, data: { ...order.data, items: [] } }],
      [order, { ...order, data: { ...order.data, total: 1.5 } }],
      [order, { ...order, data: { ...order.data, userId: undefined } }],
    ];
    for (const batch of batches) {
      expect([batch, await platform.post(JSON.stringify(batch))]).toEqual([batch, 400]);
    }
    for (const body of ['', '[', '[{"a":1}', '\u0000', '[1e999]', '['.repeat(100_000)]) {
      expect([body.slice(0, 20), await platform.post(body)]).toEqual([body.slice(0, 20), 400]);
    }
    const half = JSON.stringify([eventOf('new.type.v1', 'x', { name: '\ud800' })]);
    expect(await platform.post(half)).toBe(400);
    const json = { 'content-type': 'application/json' };
    expect(await platform.post(JSON.stringify([order]), json)).toBe(400);
    expect((await platform.report()).totals.events).toBe(0);
  });

  test('with unknown types and fields is stored', async () => {
    const platform = await start();
    const order = paid([mugs(1)]);
    const strange = {
      ['__proto__']: { x: 1 },
      text: '\\ud800 \u0000 \u{1f6d2}',
      nested: [[1e300]],
    };
    const batch = [
      { ...order, dataref: '/of/a/later/version', data: { ...order.data, later: true } },
      eventOf('order.paid.v2', order.subject, strange),
      eventOf("'; drop table events; --", "'", strange),
    ];
    expect(await platform.send(batch)).toBe(204);
    expect(await platform.send([])).toBe(204);
    expect((await platform.report()).totals).toMatchObject({ events: 3, orders: 1, revenue: 100 });
  });

  test('of 256 events is accepted, of more than 4 MiB refused', async () => {
    const platform = await start();
    const batch = Array.from({ length: 256 }, () => paid([mugs(1), bowls(1)]));
    expect(await platform.send(batch)).toBe(204);
    expect((await platform.report()).totals).toMatchObject({ events: 256, revenue: 281_600 });

    const [first] = batch;
    const padded = JSON.stringify([{ ...first, id: v7(), pad: '' }]);
    const fill = (size: number) =>
      padded.replace('"pad":""', `"pad":"${'x'.repeat(size - padded.length)}"`);
    const limit = 4 * 1024 * 1024;
    expect(await platform.post(fill(limit))).toBe(204);
    expect(await platform.post(fill(limit + 1))).toBe(413);
    expect((await platform.report()).totals.events).toBe(257);
  });

  test('without a content length is refused once it is too large, and read to its end', async () => {
    const platform = await start();
    const sent = request(platform.events, { method: 'POST' });
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    const chunks = Array.from({ length: 256 }, () => randomBytes(64 * 1024));
    await pipeline(Readable.from(chunks), sent);
    const [response] = await answered;
    expect(response.statusCode).toBe(413);
    response.resume();
  });

  test('that breaks off is not stored, and the next one is accepted', async () => {
    const platform = await start();
    const { port } = new URL(platform.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('POST /events HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n[{');
    await new Promise((resolve) => socket.once('ready', resolve));
    socket.destroy();
    expect(await platform.send([paid([mugs(1)])])).toBe(204);
    expect((await platform.report()).totals.events).toBe(1);
    expect(platform.faults).toEqual([]);
  });
});

test('an unknown path is 404, another method 405', async () => {
  const { url, events } = await start();
  expect((await fetch(`${url}/nothing`)).status).toBe(404);
  expect((await fetch(`${url}/__proto__`)).status).toBe(404);
  const response = await fetch(events);
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
});

test('without a secret it makes a secret and prints the command that starts Moa with it', async () => {
  const platform = await startPlatform({ MOA_WEBHOOK_SECRET: '' });
  const command = /MOA_WEBHOOK_URL=(\S+) MOA_WEBHOOK_SECRET=(whsec_\S+) npm start\n/;
  await waitUntil(() => command.test(platform.output()), 'the command');
  const [, url = '', secret = ''] = command.exec(platform.output())!;
  expect(url).toBe(`${platform.url}/events`);
  expect((await send(url, secret, [paid([mugs(1)])])).status).toBe(204);

  const other = await startPlatform({});
  await waitUntil(() => command.test(other.output()), 'the command');
  expect(command.exec(other.output())![2]).not.toBe(secret);
});

test.for([
  [{ PORT: 'x' }, 'PORT must be'],
  [{ PORT: '65536' }, 'PORT must be'],
  [{ MOA_WEBHOOK_SECRET: 'secret' }, 'MOA_WEBHOOK_SECRET must be'],
  [{ MOA_WEBHOOK_SECRET: `whsec_${'A'.repeat(28)}` }, 'MOA_WEBHOOK_SECRET must be'],
  [{ DATA_PLATFORM_FILE: '/nowhere/at/all' }, 'DATA_PLATFORM_FILE cannot be opened'],
] as const)('an invalid setting stops startup: %j', async ([environment, message]) => {
  const platform = startProcess(MAIN, { PORT: '0', ...environment });
  expect(await platform.ended).toBe(1);
  expect(platform.output()).toContain(message);
  expect(platform.output().trim().split('\n')).toHaveLength(1);
});

test('a port in use stops startup', async () => {
  const { port } = new URL((await start()).url);
  const platform = startProcess(MAIN, { PORT: port });
  expect(await platform.ended).toBe(1);
  expect(platform.output()).toBe(`cannot listen on port ${port} of 127.0.0.1: EADDRINUSE\n`);
});
