import { readFile } from 'node:fs/promises';
import { Kafka, type CloudEventV1, type Message } from 'cloudevents';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDeliveryShop } from '../../../test/support/delivery-shop.ts';
import {
  createEvents,
  deliver,
  idsOf,
  openChannel,
  readIds,
  send,
  sendDuring,
  untilReady,
  type ChannelFields,
} from '../../../test/support/kafka/kafka-events.ts';
import {
  createScramUser,
  createTopic,
  deleteTopic,
  readTopic,
} from '../../../test/support/kafka/kafka-reader.ts';
import {
  PLAIN_USER,
  findReason,
  needsKafka,
  startKafka,
  type KafkaServer,
} from '../../../test/support/kafka/kafka.ts';
import { waitUntil } from '../../../test/support/wait.ts';

/** One broker for all cases: its start takes four seconds of a processor. */
let server: KafkaServer;
const onEnd: (() => Promise<void>)[] = [];

beforeAll(async () => {
  if ((await findReason()) !== undefined) return;
  const [started] = await startKafka({ onEnd: (end) => onEnd.push(end) });
  if (started === undefined) return;
  server = started;
  await createTopic(server.open, 'ready');
  await untilReady(server.open, 'ready');
});
afterAll(async () => {
  for (const end of onEnd.toReversed()) await end();
});
beforeEach(needsKafka);

const DELIVERED = { kind: 'delivered' };

test('events arrive in order for each subject, and the CloudEvents library reads them', async () => {
  await createTopic(server.open, 'binary', { partitions: 3 });
  const channel = openChannel(`kafka://${server.open}/binary`);
  const events = createEvents(300, 40);
  expect(await send(channel, events.slice(0, 200))).toEqual(DELIVERED);
  expect(await send(channel, events.slice(200))).toEqual(DELIVERED);

  expect(await readIds(server.open, 'binary')).toEqual(idsOf(events));
  const records = await readTopic(server.open, 'binary');
  expect(new Set(records.map(({ partition }) => partition)).size).toBe(3);
  for (const { key, headers, value } of records) {
    expect(headers['content-type']).toBe('application/json');
    const message: Message = Object.assign({ headers, body: value }, { key, value });
    const read = Kafka.toEvent(message) as CloudEventV1<object>;
    const sent = events.find(({ id }) => id === read.id);
    expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(sent?.json ?? ''));
    expect(key).toBe(sent?.subject);
  }
});

test('each type has a topic of its own when the address says so', async () => {
  await createTopic(server.open, 'by-moa.order.paid.v1');
  await createTopic(server.open, 'by-moa.wallet.charged.v1');
  const channel = openChannel(`kafka://${server.open}/by-%7Btype%7D`);
  const events = createEvents(50);
  expect(await send(channel, events)).toEqual(DELIVERED);
  for (const type of ['moa.order.paid.v1', 'moa.wallet.charged.v1']) {
    const own = events.filter((event) => event.type === type);
    expect(await readIds(server.open, `by-${type}`)).toEqual(idsOf(own));
  }
});

test.for(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('records are compressed: %s', async (codec) => {
  await createTopic(server.open, codec);
  const events = createEvents(50);
  const channel = openChannel(`kafka://${server.open}/${codec}?compression=${codec}`);
  expect(await send(channel, events)).toEqual(DELIVERED);
  expect(await readIds(server.open, codec)).toEqual(idsOf(events));
});

test('a kill of the broker in mid-batch loses, repeats and reorders nothing', async () => {
  await createTopic(server.open, 'killed', { partitions: 3 });
  const channel = openChannel(`kafka://${server.open}/killed`, { timeoutMs: 3_000 });
  const { sent, repeats } = await sendDuring(channel, async () => {
    await server.kill();
    await server.restart();
    await untilReady(server.open, 'ready');
  });
  expect(repeats).toBeGreaterThan(0);
  expect(await readIds(server.open, 'killed')).toEqual(idsOf(sent));
});

test('an event that is too large is refused, and those of the same request are sent', async () => {
  await createTopic(server.open, 'large', { partitions: 2 });
  const channel = openChannel(`kafka://${server.open}/large`);
  const [first, second, third] = createEvents(3, 3);
  if (first === undefined || second === undefined || third === undefined) throw new Error('few');
  const large = { ...second, data: JSON.stringify('x'.repeat(100_000)) };
  const refused = expect.objectContaining({
    kind: 'refused',
    detail: expect.stringMatching(/^(MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE).* Topic large\.$/),
  });
  expect(await send(channel, [first, large, third])).toEqual(refused);
  expect(await send(channel, [first, large])).toEqual(refused);
  expect(await send(channel, [first])).toEqual(DELIVERED);
  expect(await send(channel, [large])).toEqual(refused);
  expect(await send(channel, [third])).toEqual(DELIVERED);
  expect(await readIds(server.open, 'large')).toEqual(idsOf([first, third]));
});

test('a topic that does not exist fails by its name, and its events arrive once it exists', async () => {
  const channel = openChannel(`kafka://${server.open}/later`);
  const events = createEvents(5);
  expect(await send(channel, events)).toEqual({ kind: 'failed', detail: 'Unknown topic later.' });
  await createTopic(server.open, 'later');
  await deliver(channel, events);
  expect(await readIds(server.open, 'later')).toEqual(idsOf(events));
});

test('a topic that was deleted and made again receives the events from then on', async () => {
  await createTopic(server.open, 'again');
  const channel = openChannel(`kafka://${server.open}/again`);
  expect(await send(channel, createEvents(5))).toEqual(DELIVERED);
  await deleteTopic(server.open, 'again');
  const events = createEvents(5);
  expect(await send(channel, events)).toMatchObject({ kind: 'failed' });
  await createTopic(server.open, 'again');
  await deliver(channel, events);
  expect(await readIds(server.open, 'again')).toEqual(idsOf(events));
});

test('SASL and TLS are accepted with the right password and certificate', async () => {
  await createTopic(server.open, 'secure');
  await createScramUser(server.open, 'shop', 'scram-password');
  const ca = await readFile(server.certificate, 'utf8');
  const plain = `${PLAIN_USER.name}:${PLAIN_USER.password}`;
  const scram = 'shop:scram-password';
  const accepted: [url: string, fields: ChannelFields][] = [
    [`kafkas://${server.tls}/secure`, { ca }],
    [`kafkas://${server.safe}/secure?mechanism=plain`, { ca, secret: plain }],
    [`kafka://${server.sasl}/secure?mechanism=scram-sha-256`, { secret: scram }],
    [`kafkas://${server.safe}/secure?mechanism=SCRAM-SHA-512`, { ca, secret: scram }],
    [`kafka://${server.sasl}/secure`, { secret: scram }],
  ];
  const sent = createEvents(accepted.length);
  for (const [index, [url, fields]] of accepted.entries()) {
    const channel = openChannel(url, fields);
    const own = sent.slice(index, index + 1);
    // A user is known a moment after it was created.
    await deliver(channel, own);
  }
  expect(await readIds(server.open, 'secure')).toEqual(idsOf(sent));
});

test('a wrong password, mechanism, certificate or protocol fails with a name', async () => {
  await createTopic(server.open, 'insecure');
  const ca = await readFile(server.certificate, 'utf8');
  const path = 'insecure?mechanism=plain';
  const wrong = 'moa:a-wrong-password';
  const refused: [url: string, fields: ChannelFields, detail: RegExp][] = [
    [`kafkas://${server.safe}/${path}`, { ca, secret: wrong }, /^SASL_AUTHENTICATION_FAILED: /],
    [`kafka://${server.sasl}/insecure`, { secret: wrong }, /^SASL_AUTHENTICATION_FAILED: /],
    [`kafkas://${server.tls}/${path}`, { ca, secret: wrong }, /^ILLEGAL_SASL_STATE: /],
    [`kafkas://${server.tls}/insecure`, {}, /self-signed certificate/],
    [`kafka://${server.tls}/insecure`, {}, /requires TLS|Connection closed/],
    [`kafkas://${server.open}/insecure`, { ca }, /TLS/],
    ['kafka://127.0.0.1:1/insecure', {}, /ECONNREFUSED/],
    ['kafka://nowhere.invalid/insecure', {}, /ENOTFOUND|EAI_AGAIN/],
  ];
  const events = createEvents(1);
  for (const [url, fields, detail] of refused) {
    const result = await send(openChannel(url, fields), events);
    expect(result).toEqual({ kind: 'failed', detail: expect.stringMatching(detail) });
    expect(JSON.stringify(result)).not.toContain('a-wrong-password');
  }
  expect(await readIds(server.open, 'insecure')).toEqual(new Map());
});

test('a shop delivers to Kafka when the topic is there, and its staff see why it waits', async () => {
  const shop = await openDeliveryShop();
  const url = `kafka://${server.open}/shop`;
  const body = { name: 'bus', kind: 'kafka', url, types: ['moa.order.paid.v1'] };
  const { destinationId } = await shop.ask('createDestination', { body });
  const params = { destinationId };
  const attempts = async () => (await shop.ask('listAttempts', { params }))['items'];
  const orders = await shop.buy(5);
  const detail = 'Unknown topic shop.';
  await waitUntil(async () => ((await attempts()) as unknown[]).length > 0, 'an attempt');
  expect(await attempts()).toContainEqual(expect.objectContaining({ outcome: 'failed', detail }));
  expect(await shop.ask('testDestination', { params })).toMatchObject({
    outcome: 'failed',
    detail,
  });

  await createTopic(server.open, 'shop', { partitions: 2 });
  orders.push(...(await shop.buy(5)));
  const isOver = async () => (await shop.status(String(destinationId)))['delivered'] === 10;
  await waitUntil(isOver, 'ten orders');
  const stored = await readIds(server.open, 'shop');
  expect([...stored.keys()].toSorted()).toEqual(orders.toSorted());
  expect(await shop.ask('testDestination', { params })).toMatchObject({ outcome: 'delivered' });

  await shop.ask('replayEvents', { params, body: { from: '2026-01-01T00:00:00Z' } });
  const isTwice = async () => (await shop.status(String(destinationId)))['delivered'] === 20;
  await waitUntil(isTwice, 'the orders once more');
  const again = await readIds(server.open, 'shop');
  for (const order of orders) expect(new Set(again.get(order))).toEqual(new Set(stored.get(order)));
});
