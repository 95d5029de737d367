import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SECRET, startReceiver } from '../../../test/support/receiver.ts';
import type { OutgoingEvent } from '../channel.ts';
import { openWebhook } from './webhook.ts';

const event: OutgoingEvent = {
  position: 1,
  id: '0190a000-0000-7000-8000-000000000001',
  type: 'moa.order.paid.v1',
  subject: 'an order',
  sequence: '0000000000000000001',
  time: new Date(0),
  source: '/moa',
  dataschema: '/schemas/events/moa.order.paid.v1.json',
  data: '{}',
  json: '{"specversion":"1.0"}',
};

const open = (url: string, timeoutMs = 5_000) =>
  openWebhook({ url, secretsAt: () => [SECRET], allowPrivate: true, timeoutMs });

const never = new AbortController().signal;

test('a receiver that does not answer in time is a failure', async () => {
  const receiver = await startReceiver();
  receiver.answerWith(() => 'hang');
  const channel = open(receiver.url, 500);
  expect(await channel.send([event], never)).toMatchObject({ kind: 'failed' });
  receiver.answerWith(() => ({ status: 200 }));
  expect(await channel.send([event], never)).toMatchObject({ kind: 'delivered' });
  await channel.close();
});

test('an abort ends the send at once', async () => {
  const receiver = await startReceiver();
  receiver.answerWith(() => 'hang');
  const channel = open(receiver.url);
  const giveUp = new AbortController();
  const sent = channel.send([event], giveUp.signal);
  giveUp.abort();
  expect(await sent).toMatchObject({ kind: 'failed' });
  await channel.close();
});

test.for([
  [200, 'delivered'],
  [299, 'delivered'],
  [301, 'failed'],
  [307, 'failed'],
  [400, 'refused'],
  [401, 'failed'],
  [404, 'failed'],
  [408, 'failed'],
  [410, 'gone'],
  [413, 'refused'],
  [422, 'refused'],
  [429, 'failed'],
  [500, 'failed'],
  [503, 'failed'],
] as const)('an answer with %i is %s', async ([status, kind]) => {
  const receiver = await startReceiver();
  const elsewhere = await startReceiver();
  receiver.answerWith(() => ({ status, headers: { location: elsewhere.url } }));
  const channel = open(receiver.url);
  expect(await channel.send([event], never)).toMatchObject({ kind });
  expect(elsewhere.requests).toEqual([]);
  await channel.close();
});

test('the id of a request is that of its events: the same events, the same id', async () => {
  const receiver = await startReceiver();
  const channel = open(receiver.url);
  for (const batch of ['a', 'ab', 'ac', 'ab', 'ba', 'abc']) {
    const events = batch.split('').map((id) => ({ ...event, id }));
    expect(await channel.send(events, never)).toMatchObject({ kind: 'delivered' });
  }
  const ids = receiver.requests.map(({ id }) => id);
  expect(ids[3]).toBe(ids[1]);
  expect(new Set(ids).size).toBe(5);
  for (const id of ids) expect(id).toMatch(/^msg_[\w-]{43}$/);
  await channel.close();
});

test('the detail of a failure does not contain the secret', async () => {
  const channel = open('http://127.0.0.1:1/');
  const sent = await channel.send([event], never);
  expect(sent).toMatchObject({ kind: 'failed', detail: expect.stringContaining('ECONNREFUSED') });
  expect(JSON.stringify(sent)).not.toContain(SECRET);
  await channel.close();
});

/** A body that never ends: so many bytes at a time, with pauses if they are few. */
const endless = (bytes: number) =>
  Readable.from(
    (async function* () {
      for (;;) {
        yield 'x'.repeat(bytes);
        if (bytes < 1_000) await delay(20);
      }
    })(),
  );

test.for([1, 100_000])(
  'a body that never ends, %i bytes at a time, costs at most a second; the status counts',
  { timeout: 10_000 },
  async (bytes) => {
    const receiver = await startReceiver();
    for (const [status, kind] of [
      [200, 'delivered'],
      [422, 'refused'],
    ] as const) {
      receiver.answerWith(() => ({ status, body: endless(bytes) }));
      const channel = openWebhook({
        url: receiver.url,
        secretsAt: () => [SECRET],
        allowPrivate: true,
      });
      const since = performance.now();
      const sent = await channel.send([event], never);
      expect(sent).toMatchObject({ kind, answer: { status } });
      expect(sent.answer?.body).toMatch(/^x{10,1024}$/);
      expect(performance.now() - since).toBeLessThan(3_000);
      await channel.close();
    }
  },
);

test('a body that breaks off does not change what the status says', async () => {
  const receiver = await startReceiver();
  const body = Readable.from(
    (async function* () {
      yield 'half';
      await delay(20);
      throw new Error('broken');
    })(),
  );
  receiver.answerWith(() => ({ status: 200, headers: { 'content-length': '9' }, body }));
  const channel = open(receiver.url);
  const answer = { status: 200, body: 'half' };
  expect(await channel.send([event], never)).toEqual({ kind: 'delivered', answer });
  await channel.close();
});

test('the kept start of a body has whole characters and no NUL', async () => {
  const receiver = await startReceiver();
  receiver.answerWith(() => ({ status: 500, body: `\0${'모'.repeat(1_000)}` }));
  const channel = open(receiver.url);
  const { answer } = await channel.send([event], never);
  expect(answer).toEqual({ status: 500, body: '모'.repeat(341) });
  await channel.close();
});
