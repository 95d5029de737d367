import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startRealServer } from '../../../test/http/real-server.ts';
import { openDeliveryShop, type DeliveryShop } from '../../../test/support/delivery-shop.ts';
import { needsNats, startNats } from '../../../test/support/nats.ts';
import { queryColumn } from '../../../test/support/queries.ts';
import { startReceiver } from '../../../test/support/receiver.ts';
import { waitUntil } from '../../../test/support/wait.ts';
import { recordFailure } from '../queries.gen.ts';

interface Page {
  readonly items: readonly Record<string, unknown>[];
  readonly nextCursor: string | null;
}

const start = async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  const types = ['moa.order.paid.v1'];
  const destinationId = await shop.addWebhook(receiver.url, { types });
  return { shop, receiver, params: { destinationId } };
};

const listAttempts = async (shop: DeliveryShop, params: object, query: object = {}) =>
  (await shop.ask('listAttempts', {
    params: { ...params },
    query: { ...query },
  })) as unknown as Page;

test('the attempts tell what was tried and answered, a series of deliveries as one', async () => {
  const { shop, receiver, params } = await start();
  const buyOne = async () => {
    const count = receiver.requests.length;
    await shop.buy(1);
    await waitUntil(() => receiver.requests.length > count, 'a request');
  };
  receiver.answerWith(() => ({ status: 200, body: 'thank you' }));
  for (let round = 0; round < 3; round++) await buyOne();
  let failures = 0;
  receiver.answerWith(() =>
    failures++ < 2 ? { status: 503, body: `busy ${failures}` } : { status: 204 },
  );
  await buyOne();
  await waitUntil(() => receiver.taken.length === 4, 'four orders');
  await waitUntil(async () => (await listAttempts(shop, params)).items.length === 4, 'attempts');

  const ids = receiver.taken.map(({ id }) => id);
  const sent = { at: expect.any(String), lastAt: expect.any(String), events: 1, requests: 1 };
  const fourth = { ...sent, eventId: ids[3] };
  expect((await listAttempts(shop, params)).items).toEqual([
    { ...fourth, outcome: 'delivered', detail: '', status: 204, body: '' },
    { ...fourth, outcome: 'failed', detail: 'answered 503', status: 503, body: 'busy 2' },
    { ...fourth, outcome: 'failed', detail: 'answered 503', status: 503, body: 'busy 1' },
    {
      ...sent,
      outcome: 'delivered',
      detail: '',
      status: 200,
      body: 'thank you',
      eventId: ids[2],
      events: 3,
      requests: 3,
    },
  ]);
});

test('an attempt without an answer has neither status nor body', async () => {
  const { shop, receiver, params } = await start();
  receiver.answerWith(() => 'reset');
  await shop.buy(1);
  await waitUntil(async () => (await listAttempts(shop, params)).items.length > 0, 'an attempt');
  const [attempt] = (await listAttempts(shop, params)).items;
  expect(attempt).toMatchObject({ outcome: 'failed', status: null, body: null });
});

test('a destination keeps its last 1000 attempts, which cursors list once each', async () => {
  const { shop, receiver, params } = await start();
  receiver.answerWith(() => ({ status: 500 }));
  await shop.buy(1);
  await waitUntil(async () => (await listAttempts(shop, params)).items.length > 0, 'an attempt');
  await shop.ask('changeDestination', { params, body: { status: 'paused' } });
  await waitUntil(async () => {
    const count = receiver.requests.length;
    await shop.buy(1);
    return receiver.requests.length === count;
  }, 'a paused destination');
  const failure = { ...params, outcome: 'failed', detail: 'x', nextAttemptAt: null, events: 1 };
  const columns = { ...failure, status: 500, body: '', eventId: null };
  for (let round = 0; round < 1_010; round++) await recordFailure(shop.system.reads, columns);

  const [last] = await queryColumn(shop.url, 'select attempts from delivery.progress');
  const kept = await queryColumn(shop.url, 'select number from delivery.attempts order by 1');
  expect([kept.length, Number(kept.at(-1))]).toEqual([1_000, Number(last)]);
  const [pages, seen] = [[] as number[], [] as Record<string, unknown>[]];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const { items, nextCursor } = await listAttempts(shop, params, query);
    pages.push(items.length);
    seen.push(...items);
    cursor = nextCursor;
  }
  expect(pages).toEqual(Array.from({ length: 10 }, () => 100));
  const times = seen.map(({ at }) => String(at));
  expect(times.toSorted().toReversed()).toEqual(times);
});

test('a test sends one signed event at once and answers what the receiver answered', async () => {
  const { shop, receiver, params } = await start();
  await shop.ask('changeDestination', { params, body: { status: 'paused' } });
  receiver.answerWith(() => ({ status: 422, body: '{"error":"unknown type"}' }));
  const answer = await shop.ask('testDestination', { params });
  expect(answer).toEqual({
    eventId: expect.any(String),
    outcome: 'refused',
    detail: 'answered 422',
    status: 422,
    body: '{"error":"unknown type"}',
    tookMs: expect.any(Number),
  });
  expect(receiver.unsigned()).toBe(0);
  expect(receiver.requests.flatMap(({ events }) => events)).toMatchObject([
    {
      id: answer['eventId'],
      type: 'moa.test.v1',
      subject: params.destinationId,
      sequence: '0'.repeat(19),
      data: params,
    },
  ]);
  expect((await listAttempts(shop, params)).items).toEqual([]);
  receiver.answerWith(() => ({ status: 410 }));
  expect(await shop.ask('testDestination', { params })).toMatchObject({ outcome: 'gone' });
  await receiver.stop();
  const failed = await shop.ask('testDestination', { params });
  expect(failed).toMatchObject({ outcome: 'failed', status: null, body: null });
});

test('tests with one key at the same time send one event, even from two processes', async () => {
  const server = await startRealServer();
  const other = await openDeliveryShop(server.databaseUrl);
  const receiver = await startReceiver();
  receiver.answerWith(async () => {
    await waitUntil(() => receiver.requests.length > 1, 'the request of the other process');
    return { status: 204 };
  });
  const destinationId = await other.addWebhook(receiver.url, { status: 'paused' });
  const authorization = await server.bearer('staff', 'staff');
  const send = () =>
    server.exchange({
      method: 'POST',
      path: `/v1/destinations/${destinationId}/test`,
      headers: { authorization, 'idempotency-key': 'test' },
    });
  const route = other.system.routes.find(({ operation }) => operation === 'testDestination')!;
  const sendFromOther = () =>
    route.handle({
      params: { destinationId },
      query: {},
      body: {},
      caller: { role: 'staff', userId: 'staff' },
      idempotencyKey: 'test',
    });
  const [first, second, third] = await Promise.all([send(), send(), sendFromOther()]);
  expect(second.text).toBe(first.text);
  expect(third).toMatchObject({ body: first.text });
  const { eventId } = JSON.parse(first.text) as { eventId: string };
  const ids = receiver.requests.flatMap(({ events }) => events.map(({ id }) => id));
  expect(ids).toEqual([eventId, eventId]);
});

test('a test of a receiver that does not answer ends within the patience', async () => {
  const shop = await openDeliveryShop(undefined, { patienceMs: 200 });
  const receiver = await startReceiver();
  receiver.answerWith(() => 'hang');
  const destinationId = await shop.addWebhook(receiver.url, { status: 'paused' });
  const answer = await shop.ask('testDestination', { params: { destinationId } });
  expect(answer).toMatchObject({ outcome: 'failed', status: null });
});

test.for(['listAttempts', 'testDestination', 'listDeadLetters'])(
  '%s of an unknown destination is 404',
  async (operation) => {
    const shop = await openDeliveryShop();
    const params = { destinationId: '01980000-0000-7000-8000-000000000000' };
    const reply = await shop.call(operation, { params });
    expect(reply).toEqual({ kind: 'problem', code: 'destination_not_found' });
  },
);

describe('with NATS', () => {
  beforeEach(needsNats);

  test('a test stores one event in the stream', async () => {
    const shop = await openDeliveryShop();
    const { url } = await startNats();
    const body = { name: 'bus', kind: 'nats', url, status: 'paused' };
    const { destinationId } = await shop.ask('createDestination', { body });
    const answer = await shop.ask('testDestination', { params: { destinationId } });
    expect(answer).toMatchObject({ outcome: 'delivered', detail: '', status: null, body: null });
    const connection = await connect({ servers: url });
    onTestFinished(() => connection.close());
    const { streams } = await jetstreamManager(connection);
    const stored = await streams.getMessage('MOA', { seq: 1 });
    expect(stored?.json()).toMatchObject({ id: answer['eventId'], type: 'moa.test.v1' });
  });
});
