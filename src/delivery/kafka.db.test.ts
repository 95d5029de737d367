import { readFile } from 'node:fs/promises';
import { Kafka, type CloudEventV1, type Message } from 'cloudevents';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { PLAIN_USER, findReason, needsKafka, startKafka } from '../../test/support/kafka/kafka.ts';
import type { KafkaServer } from '../../test/support/kafka/kafka.ts';
import { createScramUser, createTopic, readTopic } from '../../test/support/kafka/kafka-reader.ts';
import { waitUntil } from '../../test/support/wait.ts';
import type { Channel, OutgoingEvent, SendResult } from './channel.ts';
import { createToCloudEvent } from './cloud-event.ts';
import { openKafka } from './kafka.ts';

/** One broker for all cases: its start takes four seconds of a processor. */
let server: KafkaServer;
const onEnd: (() => Promise<void>)[] = [];

beforeAll(async () => {
  if ((await findReason()) !== undefined) return;
  const [started] = await startKafka({ onEnd: (end) => onEnd.push(end) });
  if (started === undefined) return;
  server = started;
  await createTopic(server.open, 'ready');
  await untilReady();
});
afterAll(async () => {
  for (const end of onEnd.toReversed()) await end();
});
beforeEach(needsKafka);

const DELIVERED = { kind: 'delivered' };
const PUBLIC_URL = 'https://shop.example';
const toOutgoing = createToCloudEvent({ source: '/moa', publicUrl: PUBLIC_URL });

/** Events of some subjects in turn, of two types. */
const createEvents = (count: number, subjects = 7): OutgoingEvent[] => {
  const ids = Array.from({ length: subjects }, () => v7());
  return Array.from({ length: count }, (_, position) =>
    toOutgoing({
      position,
      eventId: v7(),
      type: position % 3 === 0 ? 'wallet.charged.v1' : 'order.paid.v1',
      subject: ids[position % subjects] ?? '',
      time: new Date(),
      data: `{"amount":${position}}`,
    }),
  );
};

interface Fields {
  readonly secret?: string;
  readonly ca?: string;
  readonly timeoutMs?: number;
}

const open = (url: string, { secret, ca, ...limits }: Fields = {}): Channel => {
  const channel = openKafka({ url, secret: secret ?? null, ca: ca ?? null, ...limits });
  onTestFinished(channel.close);
  return channel;
};

const send = (channel: Channel, events: readonly OutgoingEvent[]): Promise<SendResult> =>
  channel.send(events, new AbortController().signal);

/** Some seconds after its start, a broker can give out the ids of producers. */
const untilReady = async (): Promise<void> => {
  const channel = openKafka({ url: `kafka://${server.open}/ready`, secret: null, ca: null });
  await waitUntil(async () => (await send(channel, createEvents(1))).kind === 'delivered', 'Kafka');
  await channel.close();
};

const idsOf = (events: readonly { readonly id: string }[]) => events.map(({ id }) => id);

/** The ids of a topic's events by subject, in the order of the topic. */
const readIds = async (topic: string): Promise<Map<string, string[]>> => {
  const ids = new Map<string, string[]>();
  for (const { key, headers } of await readTopic(server.open, topic)) {
    ids.set(key, [...(ids.get(key) ?? []), headers['ce_id'] ?? '']);
  }
  return ids;
};

const idsBySubject = (events: readonly OutgoingEvent[]): Map<string, string[]> =>
  new Map(
    Object.entries(Object.groupBy(events, ({ subject }) => subject)).map(([subject, own = []]) => [
      subject,
      idsOf(own),
    ]),
  );

test('events arrive in order for each subject, and the CloudEvents library reads them', async () => {
  await createTopic(server.open, 'binary', { partitions: 3 });
  const channel = open(`kafka://${server.open}/binary`);
  const events = createEvents(300);
  expect(await send(channel, events.slice(0, 200))).toEqual(DELIVERED);
  expect(await send(channel, events.slice(200))).toEqual(DELIVERED);

  expect(await readIds('binary')).toEqual(idsBySubject(events));
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
  const channel = open(`kafka://${server.open}/by-%7Btype%7D`);
  const events = createEvents(50);
  expect(await send(channel, events)).toEqual(DELIVERED);
  for (const type of ['moa.order.paid.v1', 'moa.wallet.charged.v1']) {
    const own = events.filter((event) => event.type === type);
    expect(await readIds(`by-${type}`)).toEqual(idsBySubject(own));
  }
});

test.for(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('records are compressed: %s', async (codec) => {
  await createTopic(server.open, codec);
  const events = createEvents(50);
  const channel = open(`kafka://${server.open}/${codec}?compression=${codec}`);
  expect(await send(channel, events)).toEqual(DELIVERED);
  expect(await readIds(codec)).toEqual(idsBySubject(events));
});

test('a kill of the broker in mid-batch loses, repeats and reorders nothing', async () => {
  await createTopic(server.open, 'killed', { partitions: 3 });
  const channel = open(`kafka://${server.open}/killed`, { timeoutMs: 3_000 });
  const sent: OutgoingEvent[] = [];
  const sendAll = async (events: readonly OutgoingEvent[]): Promise<number> => {
    let attempts = 0;
    await waitUntil(async () => {
      attempts++;
      return (await send(channel, events)).kind === 'delivered';
    }, 'a delivery');
    return attempts;
  };
  expect(await send(channel, createEvents(1))).toEqual(DELIVERED);
  const ahead = await readIds('killed');
  // Some batches are on their way at the time of the kill, under all of the load that there is.
  let isOver = false;
  let interrupted = 0;
  const sending = (async () => {
    while (!isOver || interrupted === 0) {
      const events = createEvents(200);
      sent.push(...events);
      if ((await sendAll(events)) > 1) interrupted++;
    }
  })();
  await waitUntil(() => sent.length > 1_000, 'some load');
  await server.kill();
  await server.restart();
  await untilReady();
  isOver = true;
  await sending;
  expect(interrupted).toBeGreaterThan(0);
  expect(await readIds('killed')).toEqual(new Map([...ahead, ...idsBySubject(sent)]));
});

test('an event that is too large is refused, and those of the same request are sent', async () => {
  await createTopic(server.open, 'large', { partitions: 2 });
  const channel = open(`kafka://${server.open}/large?compression=none`);
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
  expect(await readIds('large')).toEqual(idsBySubject([first, third]));
});

test('a topic that does not exist fails by its name, and its events arrive once it exists', async () => {
  const channel = open(`kafka://${server.open}/later`);
  const events = createEvents(5);
  expect(await send(channel, events)).toEqual({ kind: 'failed', detail: 'Unknown topic later.' });
  await createTopic(server.open, 'later');
  await waitUntil(async () => (await send(channel, events)).kind === 'delivered', 'a delivery');
  expect(await readIds('later')).toEqual(idsBySubject(events));
});

test('SASL and TLS are accepted with the right password and certificate', async () => {
  await createTopic(server.open, 'secure');
  await createScramUser(server.open, 'shop', 'scram-password');
  const ca = await readFile(server.certificate, 'utf8');
  const plain = `${PLAIN_USER.name}:${PLAIN_USER.password}`;
  const scram = 'shop:scram-password';
  const accepted: [url: string, fields: Fields][] = [
    [`kafkas://${server.tls}/secure`, { ca }],
    [`kafkas://${server.safe}/secure?mechanism=plain`, { ca, secret: plain }],
    [`kafka://${server.sasl}/secure?mechanism=scram-sha-256`, { secret: scram }],
    [`kafkas://${server.safe}/secure?mechanism=SCRAM-SHA-512`, { ca, secret: scram }],
    [`kafka://${server.sasl}/secure`, { secret: scram }],
  ];
  const sent = createEvents(accepted.length);
  for (const [index, [url, fields]] of accepted.entries()) {
    const channel = open(url, fields);
    const own = sent.slice(index, index + 1);
    // A user is known a moment after it was created.
    await waitUntil(async () => (await send(channel, own)).kind === 'delivered', url);
  }
  expect(await readIds('secure')).toEqual(idsBySubject(sent));
});

test('a wrong password, mechanism, certificate or protocol fails with a name', async () => {
  await createTopic(server.open, 'insecure');
  const ca = await readFile(server.certificate, 'utf8');
  const path = 'insecure?mechanism=plain';
  const wrong = 'moa:a-wrong-password';
  const refused: [url: string, fields: Fields, detail: RegExp][] = [
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
    const result = await send(open(url, { ...fields, timeoutMs: 3_000 }), events);
    expect(result).toEqual({ kind: 'failed', detail: expect.stringMatching(detail) });
    expect(JSON.stringify(result)).not.toContain('a-wrong-password');
  }
  expect(await readIds('insecure')).toEqual(new Map());
});
