import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Type } from 'typebox';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openStream } from '../../test/support/event-stream.ts';
import { startTestServer } from '../../test/support/http-server.ts';
import { problemIn } from '../../test/support/problem.ts';
import { createExchange } from '../../test/support/client.ts';
import { waitUntil, withinTime } from '../../test/support/wait.ts';
import { defineRoute, type EventSink } from '../contract/index.ts';
import { issueToken } from '../identity/index.ts';
import type { ServerOptions } from './server.ts';

const start = async (options: Partial<ServerOptions> = {}) => {
  const sinks = new Set<EventSink>();
  const route = defineRoute({
    method: 'GET',
    path: '/v1/stream',
    operation: 'streamFakes',
    summary: 'Stream',
    tag: 'Fakes',
    access: 'public',
    identifies: true,
    streams: true,
    answers: { 200: Type.String() },
    problems: ['unauthenticated'],
    handle: () =>
      Promise.resolve({
        kind: 'answer',
        status: 200,
        body: '',
        stream: (sink) => {
          sinks.add(sink);
          return () => sinks.delete(sink);
        },
      }),
  });
  const server = await startTestServer({ routes: [route], ...options });
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= server.close());
  onTestFinished(close);
  return { ...server, sinks, close };
};

/** A client that sends a request and reads no answer. */
const openUnread = (url: string, headers = ''): void => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined).pause();
  socket.write(`GET /v1/stream HTTP/1.1\r\nHost: moa\r\n${headers}\r\n`);
};

/** A server whose intervals and date are the test's, the responses of it, and their errors. */
const startTimed = async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  const server = await start({ connections: { answerMs: 600_000 } });
  onTestFinished(() => void vi.useRealTimers());
  const responses: ServerResponse[] = [];
  const errors: Error[] = [];
  server.app.server.on('request', (_request, response: ServerResponse) => {
    responses.push(response);
    response.on('error', (error) => errors.push(error));
  });
  return { ...server, responses, errors };
};

const TWO_HEARTBEATS_MS = 30_000;

const event = Buffer.from('event: fake\ndata: {}\n\n');

test('a stream has the headers of a stream, of CORS and of the request', async () => {
  const origin = 'https://shop.example';
  const { url, sinks, app } = await start({ corsOrigins: [origin], answerMs: 1 });
  const stream = await openStream(url, '', { origin, 'accept-encoding': 'gzip, br' });
  for (const sink of sinks) sink.send([event]);
  await stream.until('fake');
  expect(Object.fromEntries(stream.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'access-control-allow-origin': origin,
    'x-request-id': expect.stringMatching(/./) as string,
  });
  expect(stream.headers.has('content-encoding')).toBe(false);
  const [, retry] = /^retry: (\d+)\n\n/.exec(stream.text()) ?? [];
  expect(Number(retry)).toBeGreaterThanOrEqual(1_000);
  expect(Number(retry)).toBeLessThanOrEqual(5_000);
  stream.close();
  await waitUntil(() => sinks.size === 0, 'the end of the stream');
  expect((await app.inject({ method: 'HEAD', url: '/v1/stream' })).statusCode).toBe(200);
  expect(sinks.size).toBe(0);
});

test('further streams than the limit are refused until one ends', async () => {
  const { url, sinks } = await start({ streamsMax: 2 });
  const exchange = createExchange(url);
  const [first] = [await openStream(url, ''), await openStream(url, '')];
  const refused = await exchange({ method: 'GET', path: '/v1/stream' });
  expect(problemIn(refused)).toBe('overloaded');
  expect(refused.headers).toMatchObject({ 'retry-after': '1' });
  first.close();
  await waitUntil(() => sinks.size === 1, 'the end of a stream');
  expect((await openStream(url, '')).status).toBe(200);
});

test('one customer has a limited number of streams, a service has not', async () => {
  const { url, alice, shop } = await start({ rateLimit: true });
  const open = (authorization: string) => openStream(url, '', { authorization });
  for (let count = 0; count < 100; count++) expect((await open(alice)).status).toBe(200);
  const refused = await open(alice);
  expect(refused.status).toBe(429);
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    'retry-after': '5',
    'ratelimit-policy': '"streams";q=100;qu="concurrent-requests"',
    ratelimit: '"streams";r=0;t=5',
  });
  expect((await open(shop)).status).toBe(200);
  expect((await openStream(url, '')).status).toBe(200);
});

test('a client that does not read is cut off; others are not', async () => {
  const { url, sinks } = await start();
  const reading = await openStream(url, '');
  openUnread(url);
  await waitUntil(() => sinks.size === 2, 'both streams');
  const large = Buffer.from(`event: large\ndata: {"text":"${'x'.repeat(50_000)}"}\n\n`);
  let sent = 0;
  await waitUntil(async () => {
    for (const sink of sinks) sink.send([large]);
    sent += 1;
    await waitUntil(() => reading.events.length === sent, 'the event');
    return sinks.size === 1;
  }, 'the end of the slow stream');
  expect(reading.isEnded()).toBe(false);
});

test('the stream of an expired token ends', async () => {
  const { url, key } = await start();
  const claims = { role: 'customer', userId: 'alice', expiresInSeconds: 2 } as const;
  const token = await issueToken(key, claims);
  const stream = await openStream(url, '', { authorization: `Bearer ${token}` });
  const open = await openStream(url, '');
  expect(stream.status).toBe(200);
  await waitUntil(stream.isEnded, 'the end of the stream');
  expect(open.isEnded()).toBe(false);
});

test('the stream of an expired token is closed although its client does not read', async () => {
  const { url, key, sinks, responses, errors } = await startTimed();
  const claims = { role: 'customer', userId: 'alice', expiresInSeconds: 60 } as const;
  openUnread(url, `Authorization: Bearer ${await issueToken(key, claims)}\r\n`);
  await waitUntil(() => sinks.size === 1, 'the stream');
  for (const sink of sinks) sink.send([Buffer.alloc(16 * 1024 * 1024, '\n')]);
  vi.setSystemTime(Date.now() + 120_000);
  await waitUntil(() => {
    vi.advanceTimersByTime(1_000);
    return responses.every(({ writableEnded, destroyed }) => writableEnded || destroyed);
  }, 'the end of the stream');
  vi.advanceTimersByTime(TWO_HEARTBEATS_MS);
  await new Promise(setImmediate);
  expect(errors).toEqual([]);
  await waitUntil(() => sinks.size === 0, 'the end of the connection');
});

test('no heartbeat follows the end of a stream', async () => {
  const { url, sinks, errors } = await startTimed();
  const stream = await openStream(url, '');
  for (const sink of sinks) sink.end();
  // The response is not closed yet.
  expect(sinks.size).toBe(1);
  vi.advanceTimersByTime(TWO_HEARTBEATS_MS);
  await waitUntil(stream.isEnded, 'the end of the stream');
  expect(errors).toEqual([]);
});

test('an invalid token is refused although no token is needed', async () => {
  const { url } = await start();
  const headers = { authorization: 'Bearer a.b.c' };
  const answer = await createExchange(url)({ method: 'GET', path: '/v1/stream', headers });
  expect(problemIn(answer)).toBe('unauthenticated');
});

test('a shutdown ends every stream, also of a client that does not read', async () => {
  // Only the shutdown can end the stream of a client that does not read.
  const { url, sinks, close } = await start({ connections: { answerMs: 600_000 } });
  const stream = await openStream(url, '');
  openUnread(url);
  await waitUntil(() => sinks.size === 2, 'both streams');
  for (const sink of sinks) sink.send([Buffer.alloc(16 * 1024 * 1024, '\n')]);
  await withinTime(close(), 'the end of the server');
  await waitUntil(stream.isEnded, 'the end of the stream');
  expect(sinks.size).toBe(0);
});

test('a request is counted and timed when its stream begins', async () => {
  const { url, sinks } = await start();
  const before = performance.now();
  const stream = await openStream(url, '');
  const openedMs = performance.now() - before;
  await new Promise((resolve) => {
    setTimeout(resolve, openedMs + 50);
  });
  for (const sink of sinks) sink.end();
  await waitUntil(stream.isEnded, 'the end of the stream');
  const send = createExchange(url);
  const find = async (name: string) => {
    const { text } = await send({ method: 'GET', path: '/metrics' });
    return new RegExp(`^${name}{operation="streamFakes".*} (.*)$`, 'm').exec(text)?.[1];
  };
  expect(await find('moa_http_requests_total')).toBe('1');
  expect(await find('moa_http_request_seconds_count')).toBe('1');
  const seconds = Number(await find('moa_http_request_seconds_sum'));
  expect(seconds * 1_000).toBeGreaterThan(0);
  expect(seconds * 1_000).toBeLessThanOrEqual(openedMs);
});
