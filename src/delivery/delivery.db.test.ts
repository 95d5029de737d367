import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openDeliveryShop } from '../../test/support/delivery-shop.ts';
import { needsNats, startNats } from '../../test/support/nats.ts';
import { runSql } from '../../test/support/queries.ts';
import { SECRET, startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitUntil } from '../../test/support/wait.ts';

const paidIn = (receiver: Receiver): string[] =>
  receiver.taken.filter(({ type }) => type === 'moa.order.paid.v1').map(({ subject }) => subject);

const untilTaken = (receiver: Receiver, count: number) =>
  waitUntil(() => paidIn(receiver).length >= count, `${count} orders at the receiver`);

test('every paid order reaches a webhook, signed, once and in order', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  const destinationId = await shop.addWebhook(receiver.url);
  const orders = await shop.buy(50);
  await untilTaken(receiver, 50);
  expect(paidIn(receiver)).toEqual(orders);
  expect(receiver.unsigned()).toBe(0);
  expect(receiver.taken.at(-1)).toMatchObject({
    specversion: '1.0',
    source: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
    partitionkey: orders.at(-1),
    datacontenttype: 'application/json',
    data: { orderId: orders.at(-1), total: 1 },
  });
  await waitUntil(async () => (await shop.status(destinationId))['pending'] === 0, 'no more');
  expect(await shop.status(destinationId)).toEqual({
    delivered: receiver.taken.length,
    pending: 0,
    lagSeconds: 0,
    lastAttempt: { at: expect.any(String), outcome: 'delivered', detail: '' },
    nextAttemptAt: null,
    deadLetters: 0,
  });
});

test('a destination receives only later events, and only the requested types', async () => {
  const shop = await openDeliveryShop();
  await shop.buy(3);
  const receiver = await startReceiver();
  await shop.addWebhook(receiver.url, { types: ['moa.order.paid.v1'] });
  await shop.ask('createProduct', { body: { name: 'Cup', price: 1, stock: 1 } });
  const orders = await shop.buy(3);
  await untilTaken(receiver, 3);
  expect(receiver.taken.map(({ subject }) => subject)).toEqual(orders);
});

test('a failed request is repeated with the same id and body, and no event is lost', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  let failures = 0;
  receiver.answerWith(() => {
    failures++;
    if (failures > 6) return { status: 200 };
    return failures % 3 === 0 ? 'reset' : { status: failures % 3 === 1 ? 500 : 302 };
  });
  const destinationId = await shop.addWebhook(receiver.url);
  const [first] = await shop.buy(1);
  await waitUntil(() => failures > 0, 'an attempt');
  const others = await shop.buy(20);
  await untilTaken(receiver, 21);
  expect(paidIn(receiver)).toEqual([first, ...others]);
  const [attempt, ...repeated] = receiver.requests.slice(0, 7);
  for (const { id, body } of repeated)
    expect({ id, body }).toEqual({ id: attempt?.id, body: attempt?.body });
  expect((await shop.status(destinationId))['deadLetters']).toBe(0);
});

test('the status reports an unreachable destination; its events arrive later', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  const destinationId = await shop.addWebhook(receiver.url);
  await receiver.stop();
  const orders = await shop.buy(30);
  await waitUntil(
    async () => (await shop.status(destinationId))['lastAttempt'] !== null,
    'a failed attempt',
  );
  expect(await shop.status(destinationId)).toMatchObject({
    delivered: 0,
    pending: 30,
    lastAttempt: { outcome: 'failed', detail: expect.stringContaining('ECONNREFUSED') },
  });
  await receiver.start();
  await untilTaken(receiver, 30);
  expect(paidIn(receiver)).toEqual(orders);
});

test('no request is sent before the time of Retry-After', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  receiver.answerWith(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
  const destinationId = await shop.addWebhook(receiver.url);
  await shop.buy(1);
  await waitUntil(
    async () => (await shop.status(destinationId))['nextAttemptAt'] !== null,
    'a pause',
  );
  const { nextAttemptAt } = await shop.status(destinationId);
  expect(Date.parse(String(nextAttemptAt)) - Date.now()).toBeGreaterThan(3_500_000);
});

test('a permanently refused event becomes a dead letter, others are delivered', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  const destinationId = await shop.addWebhook(receiver.url, { status: 'paused' });
  const orders = await shop.buy(40);
  const poison = orders[17];
  receiver.answerWith(({ events }) => ({
    status: events.some(({ subject }) => subject === poison) ? 422 : 200,
  }));
  await shop.ask('changeDestination', { params: { destinationId }, body: { status: 'active' } });
  await untilTaken(receiver, 39);
  expect(paidIn(receiver)).toEqual(orders.filter((id) => id !== poison));
  await waitUntil(
    async () => (await shop.status(destinationId))['pending'] === 0,
    'recorded deliveries',
  );
  expect(await shop.status(destinationId)).toMatchObject({ deadLetters: 1 });

  receiver.answerWith(() => ({ status: 200 }));
  await shop.ask('replayEvents', { params: { destinationId }, body: { deadLetters: true } });
  await untilTaken(receiver, 40);
  expect(paidIn(receiver).at(-1)).toBe(poison);
  await waitUntil(
    async () => (await shop.status(destinationId))['deadLetters'] === 0,
    'no dead letter',
  );
});

test('410 pauses a destination, and a resume continues at the same event', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  receiver.answerWith(() => ({ status: 410 }));
  const destinationId = await shop.addWebhook(receiver.url);
  const read = () => shop.ask('getDestination', { params: { destinationId } });
  const orders = await shop.buy(2);
  await waitUntil(async () => (await read())['status'] === 'paused', 'a pause');
  receiver.answerWith(() => ({ status: 200 }));
  await shop.ask('changeDestination', { params: { destinationId }, body: { status: 'active' } });
  await untilTaken(receiver, 2);
  expect(paidIn(receiver)).toEqual(orders);
});

test('for a day after a change both secrets sign', async () => {
  const shop = await openDeliveryShop();
  const next = `whsec_${Buffer.alloc(24, 'new').toString('base64')}`;
  const receivers = [await startReceiver([SECRET]), await startReceiver([next])] as const;
  const destinationId = await shop.addWebhook(receivers[0].url);
  const change = (body: Readonly<Record<string, unknown>>) =>
    shop.ask('changeDestination', { params: { destinationId }, body });
  expect(JSON.stringify(await change({ secret: next }))).not.toContain('whsec');
  await shop.buy(1);
  await untilTaken(receivers[0], 1);
  expect(receivers[0].requests.at(-1)?.signatures).toHaveLength(2);
  await change({ url: receivers[1].url });
  await shop.buy(1);
  await untilTaken(receivers[1], 1);
});

test('a replay sends the events of a time range again with the same ids', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  const destinationId = await shop.addWebhook(receiver.url);
  await shop.buy(5);
  await untilTaken(receiver, 5);
  const { time: from } = receiver.taken[1]!;
  const { time: to } = receiver.taken[3]!;
  const wanted = receiver.taken.filter(({ time }) => time >= from && time <= to);
  await shop.ask('replayEvents', { params: { destinationId }, body: { from, to } });
  await untilTaken(receiver, 5 + wanted.length);
  expect(receiver.taken.slice(5)).toEqual(wanted);
});

test('a request has at most a megabyte, also of Korean text', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  const destinationId = await shop.addWebhook(receiver.url, { status: 'paused' });
  // 60 kB each.
  await runSql(
    shop.url,
    `insert into journal.events (event_id, type, subject, time, data)
    select gen_random_uuid(), 'order.paid.v1', 'long', now(),
      json_build_object('text', repeat('모', 20000))
    from generate_series(1, 40)`,
  );
  await shop.ask('changeDestination', { params: { destinationId }, body: { status: 'active' } });
  await untilTaken(receiver, 40);
  const bytes = receiver.requests.map(({ body }) => Buffer.byteLength(body));
  expect(bytes).toHaveLength(3);
  // The brackets and commas of the batch do not count.
  expect(Math.max(...bytes)).toBeLessThan(1_000_300);
});

test('new events do not wait while a replayed event is refused', async () => {
  const retry = { firstMs: 3_600_000, mostMs: 3_600_000 };
  const shop = await openDeliveryShop(undefined, { retry });
  const receiver = await startReceiver();
  const destinationId = await shop.addWebhook(receiver.url, { types: ['moa.order.paid.v1'] });
  const [old] = await shop.buy(1);
  await untilTaken(receiver, 1);
  receiver.answerWith(({ events }) => ({
    status: events.some(({ subject }) => subject === old) ? 422 : 200,
  }));
  const from = '2000-01-01T00:00:00Z';
  await shop.ask('replayEvents', { params: { destinationId }, body: { from } });
  const isRefused = async () =>
    JSON.stringify((await shop.status(destinationId))['lastAttempt']).includes('refused');
  await waitUntil(isRefused, 'a refusal');
  const { nextAttemptAt } = await shop.status(destinationId);
  expect(Date.parse(String(nextAttemptAt)) - Date.now()).toBeGreaterThan(1_500_000);
  const orders = await shop.buy(2);
  await untilTaken(receiver, 3);
  expect(paidIn(receiver)).toEqual([old, ...orders]);
});

test('refusals of a replayed event do not count for a new event', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  const destinationId = await shop.addWebhook(receiver.url, { types: ['moa.order.paid.v1'] });
  const [old] = await shop.buy(1);
  await untilTaken(receiver, 1);
  let later: string | undefined;
  receiver.answerWith(async () => {
    later ??= (await shop.buy(1))[0];
    return { status: 422 };
  });
  const from = '2000-01-01T00:00:00Z';
  await shop.ask('replayEvents', { params: { destinationId }, body: { from } });
  const deadLetters = async () => (await shop.status(destinationId))['deadLetters'];
  await waitUntil(async () => (await deadLetters()) === 2, 'two dead letters');
  const refused = receiver.requests.slice(1).map(({ events }) => events[0]?.subject);
  expect(refused.filter((subject) => subject === later)).toHaveLength(3);
  expect(refused.filter((subject) => subject === old)).toHaveLength(3);
});

test('a non-public address is not called, neither by IP nor by host name', async () => {
  const shop = await openDeliveryShop(undefined, { allowPrivate: false });
  const receiver = await startReceiver();
  const made = { name: 'x', kind: 'webhook', secret: SECRET };
  for (const url of [receiver.url, 'http://[::ffff:10.0.0.1]/', 'http://2130706433/']) {
    expect(await shop.call('createDestination', { body: { ...made, url } })).toMatchObject({
      code: 'invalid_request',
      members: { errors: [{ pointer: '/url' }] },
    });
  }
  const nats = { name: 'x', kind: 'nats', url: 'nats://127.0.0.1:1', status: 'paused' };
  expect(await shop.call('createDestination', { body: nats })).toMatchObject({ status: 201 });
  const destinationId = await shop.addWebhook(receiver.url.replace('127.0.0.1', 'localhost'));
  await shop.buy(1);
  await waitUntil(
    async () => (await shop.status(destinationId))['lastAttempt'] !== null,
    'an attempt',
  );
  expect(await shop.status(destinationId)).toMatchObject({
    lastAttempt: { outcome: 'failed', detail: expect.stringContaining('not public') },
  });
  expect(receiver.requests).toEqual([]);
});

test('one of several processes sends, and another takes over when it stops', async () => {
  const first = await openDeliveryShop();
  const second = await openDeliveryShop(first.url);
  const receiver = await startReceiver();
  const destinationId = await first.addWebhook(receiver.url);
  const orders = [...(await first.buy(10)), ...(await second.buy(10))];
  // An answer that arrives during the stop may be lost; then the events are sent again.
  const delivered = async () => (await first.status(destinationId))['delivered'];
  await waitUntil(async () => (await delivered()) === 20, '20 delivered events');
  await first.system.delivery.stop();
  orders.push(...(await second.buy(10)));
  await untilTaken(receiver, 30);
  expect(paidIn(receiver)).toEqual(orders);
});

test('an event that commits after events of higher positions is delivered', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  await shop.addWebhook(receiver.url);
  await shop.buy(1);
  await untilTaken(receiver, 1);
  const late = new Client({ connectionString: shop.url });
  await late.connect();
  onTestFinished(() => late.end());
  await late.query('begin');
  await late.query(`insert into journal.events (event_id, type, subject, time, data)
    select gen_random_uuid(), type, 'late', now(), data from journal.events
    where type = 'order.paid.v1' limit 1`);
  await shop.buy(5);
  await late.query('commit');
  await untilTaken(receiver, 7);
  expect(paidIn(receiver)[1]).toBe('late');
});

describe('with NATS', () => {
  beforeEach(needsNats);

  test('every event is in the stream once, also events before the server start', async () => {
    const nats = await startNats();
    await nats.stop();
    const shop = await openDeliveryShop();
    const made = { name: 'stream', kind: 'nats', url: nats.url };
    const { destinationId } = await shop.ask('createDestination', { body: made });
    await shop.buy(20);
    await nats.restart();
    await shop.buy(20);
    const isOver = async () => {
      const { pending, delivered } = await shop.status(String(destinationId));
      return pending === 0 && delivered === 40;
    };
    await waitUntil(isOver, '40 orders in the stream');
    const connection = await connect({ servers: nats.url });
    onTestFinished(() => connection.close());
    const streams = await jetstreamManager(connection);
    const { state } = await streams.streams.info('MOA', { subjects_filter: '>' });
    expect(state.subjects).toEqual({ 'moa.order.paid.v1': 40 });
  });
});
