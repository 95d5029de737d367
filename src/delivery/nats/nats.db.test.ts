import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import {
  AckPolicy,
  DiscardPolicy,
  jetstream,
  jetstreamManager,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { needsNats, startNats } from '../../../test/support/nats.ts';
import { waitUntil, withinTime } from '../../../test/support/wait.ts';
import type { Channel, OutgoingEvent, SendResult } from '../channel.ts';
import { toSequence } from '../events/cloud-event.ts';
import { openNats } from './nats.ts';

beforeEach(needsNats);

const PAID = 'moa.order.paid.v1';
const CHARGED = 'moa.wallet.charged.v1';
/** Some kills come after all events are stored. */
const ROUNDS_MAX = 20;

const DELIVERED = { kind: 'delivered' };

const toOutgoing = (position: number, type: string, data: unknown): OutgoingEvent => {
  const id = randomUUID();
  const time = new Date();
  const subject = String(position);
  const sequence = toSequence(position);
  const source = '/moa';
  const json = JSON.stringify({
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time: time.toISOString(),
    sequence,
    partitionkey: subject,
    datacontenttype: 'application/json',
    data,
  });
  const text = { json, data: JSON.stringify(data) };
  return { position, id, type, subject, sequence, time, source, dataschema: '', ...text };
};

/** Events of two alternating types. */
const createEvents = (count: number): OutgoingEvent[] =>
  Array.from({ length: count }, (_, index) =>
    toOutgoing(index, index % 2 === 0 ? PAID : CHARGED, { amount: index }),
  );

const open = (url: string, options: { token?: string; timeoutMs?: number } = {}): Channel => {
  const channel = openNats({ url, token: null, ...options });
  onTestFinished(channel.close);
  return channel;
};

const send = (channel: Channel, events: readonly OutgoingEvent[]): Promise<SendResult> =>
  channel.send(events, new AbortController().signal);

const manage = async (url: string): Promise<JetStreamManager> => {
  const connection = await connect({ servers: url, reconnect: false });
  onTestFinished(() => connection.close());
  return jetstreamManager(connection);
};

interface Stored {
  readonly id: string | undefined;
  readonly type: string;
  readonly contentType: string | undefined;
  readonly sequence: string | undefined;
  readonly partitionKey: string | undefined;
  readonly json: string;
}

/** All messages of a stream, in order. */
const readStream = async (url: string, stream = 'MOA'): Promise<Stored[]> => {
  const connection = await connect({ servers: url, reconnect: false });
  const { consumers, streams } = await jetstreamManager(connection);
  const { messages } = (await streams.info(stream)).state;
  const { name } = await consumers.add(stream, { name: 'reader', ack_policy: AckPolicy.None });
  const consumer = await jetstream(connection).consumers.get(stream, name);
  const stored: Stored[] = [];
  for await (const message of await consumer.fetch({ max_messages: messages })) {
    const { subject: type, headers } = message;
    const contentType = headers?.get('Content-Type');
    const id = headers?.get('Nats-Msg-Id');
    const sequence = headers?.get('ce-sequence');
    const partitionKey = headers?.get('ce-partitionkey');
    stored.push({ id, type, contentType, sequence, partitionKey, json: message.string() });
    if (message.info.pending === 0) break;
  }
  await consumers.delete(stream, name);
  await connection.close();
  return stored;
};

const idsOf = (events: readonly { readonly id: string | undefined }[]) =>
  events.map(({ id }) => id);

/** Accepts connections and sends nothing. */
const startSilentServer = async () => {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((socket) => {
    accepted++;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `nats://127.0.0.1:${port}`,
    accepted: () => accepted,
    connections: () => sockets.size,
  };
};

test('events arrive in order with id, subject, content type and payload', async () => {
  const { url } = await startNats();
  const channel = open(url);
  const events = createEvents(500);
  expect(await send(channel, events.slice(0, 300))).toEqual(DELIVERED);
  expect(await send(channel, events.slice(300))).toEqual(DELIVERED);
  const contentType = 'application/cloudevents+json';
  expect(await readStream(url)).toEqual(
    events.map(({ id, type, subject, sequence, json }) => {
      return { id, type, contentType, sequence, partitionKey: subject, json };
    }),
  );
});

test('the same batch sent again is stored once', async () => {
  const { url } = await startNats();
  const channel = open(url);
  const events = createEvents(100);
  expect(await send(channel, events)).toEqual(DELIVERED);
  expect(await send(channel, events)).toEqual(DELIVERED);
  expect(await send(open(url), events)).toEqual(DELIVERED);
  expect(idsOf(await readStream(url))).toEqual(idsOf(events));
});

test('a retry after a kill in mid-batch stores each event once and in order', async () => {
  const server = await startNats();
  const channel = open(server.url);
  const sent: OutgoingEvent[] = [];
  let interrupted = 0;
  for (let round = 0; interrupted < 2 && round < ROUNDS_MAX; round++) {
    const batch = createEvents(3_000);
    sent.push(...batch);
    const seen = await countMessages(server.url);
    const sending = send(channel, batch);
    await seen.reach(1);
    await server.kill();
    if ((await sending).kind === 'failed') interrupted++;
    expect(await send(channel, batch)).toMatchObject({ kind: 'failed' });
    await server.restart();
    await waitUntil(async () => (await send(channel, batch)).kind === 'delivered', 'a delivery');
  }
  expect(interrupted).toBe(2);
  expect(idsOf(await readStream(server.url))).toEqual(idsOf(sent));
});

/** Counts published messages, stored or not. */
const countMessages = async (url: string) => {
  const connection = await connect({ servers: url, reconnect: false });
  onTestFinished(() => connection.close());
  let count = 0;
  let wake = (): void => undefined;
  connection.subscribe('moa.>', {
    callback: () => {
      count++;
      wake();
    },
  });
  await connection.flush();
  const reach = async (target: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = () => {
      if (count >= target) resolve();
    };
    wake();
    await withinTime(promise, `${target} messages`);
  };
  const end = async (): Promise<number> => {
    await connection.drain();
    return count;
  };
  return { reach, end };
};

test('after an event that is not stored, no later one is stored until the retry', async () => {
  const { url } = await startNats();
  const { streams } = await manage(url);
  const limits = { max_bytes: 100_000, discard: DiscardPolicy.New };
  await streams.add({ name: 'TIGHT', subjects: ['moa.>'], ...limits });
  const [first, , ...others] = createEvents(30);
  const big = toOutgoing(1, CHARGED, 'x'.repeat(200_000));
  const events = [first, big, ...others].filter((event) => event !== undefined);

  const channel = open(url);
  const failed = { kind: 'failed', detail: 'maximum bytes exceeded' };
  expect(await send(channel, events)).toEqual(failed);
  expect(await send(channel, events)).toEqual(failed);
  expect(idsOf(await readStream(url, 'TIGHT'))).toEqual(idsOf(events.slice(0, 1)));

  await streams.update('TIGHT', { max_bytes: 1_000_000 });
  expect(await send(channel, events)).toEqual(DELIVERED);
  expect(idsOf(await readStream(url, 'TIGHT'))).toEqual(idsOf(events));
});

test('messages of another publisher in the stream do not block delivery', async () => {
  const { url } = await startNats();
  const channel = open(url);
  const events = createEvents(60);
  for (const sent of [10, 20, 60]) {
    // The last event of the previous attempt is no longer the last message of the stream.
    expect(await send(channel, events.slice(0, sent))).toEqual(DELIVERED);
    const connection = await connect({ servers: url, reconnect: false });
    await jetstream(connection).publish('moa.remark', 'hello');
    await connection.close();
  }
  const stored = await readStream(url);
  expect(stored).toHaveLength(63);
  expect(idsOf(stored).filter(Boolean)).toEqual(idsOf(events));
});

test('two streams that share the subjects store each event once and in order', async () => {
  const { url } = await startNats();
  const { streams } = await manage(url);
  await streams.add({ name: 'ORDERS', subjects: ['moa.order.>'] });
  await streams.add({ name: 'WALLETS', subjects: ['moa.wallet.>'] });
  const channel = open(url);
  const events = createEvents(400);
  expect(await send(channel, events.slice(0, 100))).toEqual(DELIVERED);
  const seen = await countMessages(url);
  expect(await send(channel, events)).toEqual(DELIVERED);
  // The channel now knows the stream of each subject, so no publish is out of order.
  expect(await seen.end()).toBe(events.length);
  const ofType = (wanted: string) => idsOf(events.filter(({ type }) => type === wanted));
  expect(idsOf(await readStream(url, 'ORDERS'))).toEqual(ofType(PAID));
  expect(idsOf(await readStream(url, 'WALLETS'))).toEqual(ofType(CHARGED));

  const other = toOutgoing(400, 'moa.product.created.v1', {});
  expect(await send(channel, [other])).toEqual({
    kind: 'failed',
    detail: 'no stream has the subject moa.product.created.v1',
  });
});

test('a missing stream is created, and created again after it was deleted', async () => {
  const { url } = await startNats();
  const { streams } = await manage(url);
  const channel = open(url);
  const events = createEvents(2);
  expect(await send(channel, events)).toEqual(DELIVERED);
  const { config } = await streams.info('MOA');
  expect(config).toMatchObject({
    subjects: ['moa.>'],
    storage: 'file',
    duplicate_window: 10 * 60 * 1e9,
    discard: 'old',
    retention: 'limits',
    max_msgs: -1,
    max_bytes: -1,
    max_age: 0,
  });

  await streams.delete('MOA');
  expect(await send(channel, events)).toMatchObject({ kind: 'failed' });
  expect(await send(channel, events)).toEqual(DELIVERED);
  expect(idsOf(await readStream(url))).toEqual(idsOf(events));
});

test('an existing stream is not changed', async () => {
  const { url } = await startNats();
  const { streams } = await manage(url);
  const { config } = await streams.add({
    name: 'SHOP',
    subjects: ['moa.order.>', 'moa.wallet.>', 'else'],
    max_msgs: 1_000,
  });
  expect(await send(open(url), createEvents(4))).toEqual(DELIVERED);
  expect((await streams.info('SHOP')).config).toEqual(config);
  expect(await streams.names().next()).toEqual(['SHOP']);
});

test('an event that is too large is refused, alone or with others', async () => {
  const { url } = await startNats();
  const channel = open(url);
  const [first, second] = createEvents(2).map((event) => [event]);
  if (first === undefined || second === undefined) throw new Error('no events');
  const large = [toOutgoing(2, PAID, 'x'.repeat(1_100_000))];
  const refused = { kind: 'refused', detail: 'too large for the server' };
  expect(await send(channel, [...first, ...large, ...second])).toEqual(refused);
  expect(await send(channel, first)).toEqual(DELIVERED);
  expect(await send(channel, large)).toEqual(refused);
  expect(await send(channel, second)).toEqual(DELIVERED);
  expect(idsOf(await readStream(url))).toEqual(idsOf([...first, ...second]));

  const { streams } = await manage(url);
  await streams.update('MOA', { max_msg_size: 1_000 });
  expect(await send(channel, [toOutgoing(3, PAID, 'x'.repeat(1_000))])).toEqual(refused);
});

test('a wrong token fails and is not in the error', async () => {
  const { url } = await startNats({ token: 'sesame' });
  const events = createEvents(1);
  for (const token of ['Violation', undefined]) {
    const sent = await send(open(url, token === undefined ? {} : { token }), events);
    expect(sent).toEqual({ kind: 'failed', detail: expect.stringMatching(/^Authorization/) });
    expect(JSON.stringify(sent)).not.toContain(token ?? 'sesame');
  }
  expect(await send(open(url, { token: 'sesame' }), events)).toEqual(DELIVERED);
});

test('without a server a send fails; once the server runs it delivers', async () => {
  const server = await startNats();
  await server.stop();
  const channel = open(server.url);
  const events = createEvents(3);
  expect(await send(channel, events)).toEqual({
    kind: 'failed',
    detail: expect.stringMatching(/ECONNREFUSED/),
  });
  await server.restart();
  expect(await send(channel, events)).toEqual(DELIVERED);
  await server.stop();
  expect(await send(channel, createEvents(3))).toMatchObject({ kind: 'failed' });
  await server.restart();
  expect(await send(channel, events)).toEqual(DELIVERED);
  expect(idsOf(await readStream(server.url))).toEqual(idsOf(events));
});

test('a silent server is a failure after the timeout, and its connection is closed', async () => {
  const server = await startSilentServer();
  const channel = open(server.url, { timeoutMs: 100 });
  const failed = { kind: 'failed', detail: 'no answer within 100 ms' };
  expect(await send(channel, createEvents(1))).toEqual(failed);
  expect(await send(channel, createEvents(1))).toEqual(failed);
  await waitUntil(() => server.accepted() === 2, 'both connections');
  await waitUntil(() => server.connections() === 0, 'the connections to end');
});

test('an abort fails the send at once', async () => {
  const server = await startSilentServer();
  const channel = open(server.url);
  const abort = new AbortController();
  const sending = channel.send(createEvents(1), abort.signal);
  await waitUntil(() => server.connections() === 1, 'a connection');
  abort.abort();
  const aborted = { kind: 'failed', detail: 'aborted' };
  expect(await sending).toEqual(aborted);
  expect(await channel.send(createEvents(1), abort.signal)).toEqual(aborted);

  const { url } = await startNats();
  const connected = open(url);
  const events = createEvents(300);
  expect(await send(connected, events.slice(0, 10))).toEqual(DELIVERED);
  const again = new AbortController();
  const sendingMore = connected.send(events, again.signal);
  again.abort();
  expect(await sendingMore).toEqual(aborted);
  expect(await send(connected, events)).toEqual(DELIVERED);
  expect(idsOf(await readStream(url))).toEqual(idsOf(events));
});

test('close does not wait, and later sends fail', async () => {
  const closed = { kind: 'failed', detail: 'closed' };
  const silent = await startSilentServer();
  const waiting = open(silent.url);
  const sending = send(waiting, createEvents(1));
  await waitUntil(() => silent.connections() === 1, 'a connection');
  await waiting.close();
  expect(await sending).toEqual(closed);

  const server = await startNats();
  const channel = open(server.url);
  expect(await send(channel, createEvents(1))).toEqual(DELIVERED);
  const sendingMore = send(channel, createEvents(300));
  await withinTime(channel.close(), 'a close');
  expect(await sendingMore).toEqual(closed);
  expect(await send(channel, createEvents(1))).toEqual(closed);
  await channel.close();

  const unused = open(server.url);
  await unused.close();
  expect(await send(unused, createEvents(1))).toEqual(closed);
});
