import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { sampleSeeded } from '../../../test/support/seed.ts';
import { waitUntil } from '../../../test/support/wait.ts';
import type { OutgoingEvent, SendResult } from '../channel.ts';
import { createToCloudEvent } from '../events/cloud-event.ts';
import { openKafka } from './kafka.ts';

const SUBJECT = '0190a000-0000-7000-8000-000000000001';
const event: OutgoingEvent = createToCloudEvent({ source: '/moa', publicUrl: 'https://shop' })({
  position: 1,
  eventId: SUBJECT,
  type: 'order.paid.v1',
  subject: SUBJECT,
  time: new Date(0),
  data: '{}',
});

/** A broker that answers each request with what `answer` makes of it. */
const startBroker = async (answer: (request: Buffer) => Buffer | undefined) => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (request) => {
      const answered = answer(request);
      if (answered !== undefined) socket.write(answered);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, connections: () => sockets.size };
};

const sendTo = async (
  address: string,
  { secret = null, timeoutMs = 5_000 }: { secret?: string | null; timeoutMs?: number } = {},
): Promise<SendResult> => {
  const url = `kafka://${address}/events`;
  const channel = openKafka({ url, secret, ca: null, timeoutMs });
  const result = await channel.send([event], new AbortController().signal);
  await channel.close();
  return result;
};

/** An answer with its length, under the number of the request. */
const answerTo = (request: Buffer, body: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 4);
  request.copy(head, 4, 8, 12);
  return Buffer.concat([head, body]);
};

const length = (bytes: number): Buffer => {
  const head = Buffer.alloc(8);
  head.writeInt32BE(bytes);
  return head;
};

test('a broker that says nothing is given up, and its connection is closed', async () => {
  const broker = await startBroker(() => undefined);
  expect(await sendTo(broker.address, { timeoutMs: 100 })).toMatchObject({ kind: 'failed' });
  await waitUntil(() => broker.connections() === 0, 'a closed connection');
});

test.for([
  ['too long', 2 ** 31 - 1],
  ['too short', 3],
  ['negative', -100],
])('an answer whose length is %s ends its connection', async ([, bytes]) => {
  const broker = await startBroker(() => length(Number(bytes)));
  const detail = 'Connection closed';
  expect(await sendTo(broker.address)).toEqual({ kind: 'failed', detail });
  await waitUntil(() => broker.connections() === 0, 'a closed connection');
});

const API_VERSIONS = 18;
/** Metadata, SASL and the ids of producers, in versions that the client knows. */
const APIS = [
  [3, 12],
  [17, 1],
  [22, 4],
  [36, 2],
] as const;

/** Says which requests the broker understands: only then the client goes on. */
const versionsFor = (request: Buffer): Buffer => {
  const isFlexible = request.readInt16BE(6) >= 3;
  const apis = APIS.map(([key, version]) => Buffer.from([0, key, 0, version, 0, version]));
  const tags = isFlexible ? [0] : [];
  const count = isFlexible ? [apis.length + 1] : [0, 0, 0, apis.length];
  return Buffer.from([
    0,
    0,
    ...count,
    ...apis.flatMap((api) => [...api, ...tags]),
    0,
    0,
    0,
    0,
    ...tags,
  ]);
};

/** Small numbers look like lengths, counts and codes without errors. */
const bodies = fc.array(
  fc.oneof({ arbitrary: fc.constant(0), weight: 6 }, fc.nat(4), fc.nat(255)),
  { maxLength: 60 },
);

test.for([
  ['without a user', null],
  ['with a user', 'user:password'],
] as const)('random answers %s are failures', async ([, secret]) => {
  const random = sampleSeeded('answers of a broker', bodies, ANSWERS);
  let used = 0;
  const broker = await startBroker((request) => {
    if (request.readInt16BE(4) === API_VERSIONS) return answerTo(request, versionsFor(request));
    return answerTo(request, Buffer.from(random[used++] ?? []));
  });
  for (let sends = 0; sends < SENDS; sends++) {
    expect(await sendTo(broker.address, { secret, timeoutMs: 100 })).toMatchObject({
      kind: 'failed',
    });
  }
  await waitUntil(() => broker.connections() === 0, 'closed connections');
});

/** A `send` asks a broker two to five times until it fails. */
const SENDS = 80;
const ANSWERS = 400;

const HANDSHAKE = 17;
const MECHANISM = 'SCRAM-SHA-512';

/** A broker whose answer to the first message of SCRAM is the text that `reply` makes of it. */
const startScramBroker = (reply: (message: string) => string) =>
  startBroker((request) => {
    const key = request.readInt16BE(4);
    if (key === API_VERSIONS) return answerTo(request, versionsFor(request));
    const name = Buffer.from(MECHANISM);
    if (key === HANDSHAKE) {
      return answerTo(request, Buffer.from([0, 0, 0, 0, 0, 1, 0, name.length, ...name]));
    }
    const text = Buffer.from(reply(request.toString()));
    const lifetime = Buffer.alloc(8);
    return answerTo(request, Buffer.from([0, 0, 0, 0, text.length + 1, ...text, ...lifetime, 0]));
  });

test('an answer to SCRAM that the client cannot read is a failure', async () => {
  const broker = await startScramBroker(() => 'nonsense');
  expect(await sendTo(broker.address, { secret: 'user:password' })).toMatchObject({
    kind: 'failed',
  });
  await waitUntil(() => broker.connections() === 0, 'a closed connection');
});

test('a broker cannot keep the processor busy with the iterations of SCRAM', async () => {
  const broker = await startScramBroker((message) => {
    const nonce = /r=([\w-]+)/.exec(message)?.[1] ?? '';
    return `r=${nonce}x,s=AAAA,i=2000000000`;
  });
  expect(await sendTo(broker.address, { secret: 'user:password' })).toEqual({
    kind: 'failed',
    detail: 'the broker asks for 2000000000 iterations',
  });
});
