import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Type } from 'typebox';
import { expect, onTestFinished, test } from 'vitest';
import { readAnswers } from '../../test/support/problem.ts';
import { waitUntil, withinTime } from '../../test/support/wait.ts';
import { fakeRoutes, startTestServer } from '../../test/support/http-server.ts';
import { defineRoute } from '../contract/index.ts';
import type { ConnectionLimits } from './connections.ts';

/** More than the operating system buffers for a client that does not read. */
const LARGE_BYTES = 32 * 1024 * 1024;

const large = defineRoute({
  method: 'GET',
  path: '/v1/large',
  operation: 'getLarge',
  summary: 'Return a large answer',
  tag: 'Fakes',
  access: 'public',
  answers: { 200: Type.String() },
  problems: [],
  handle: () =>
    Promise.resolve({ kind: 'answer', status: 200, body: JSON.stringify('x'.repeat(LARGE_BYTES)) }),
});

const start = async (connections: Partial<ConnectionLimits>, rateLimit = false) => {
  const routes = [...fakeRoutes, large];
  const server = await startTestServer({ routes, rateLimit, connections });
  onTestFinished(server.close);
  const open = (): Socket => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    // A closed connection may be reset.
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    return socket;
  };
  return { ...server, open };
};

const request = (line: string, ...headers: string[]): string =>
  [`${line} HTTP/1.1`, 'Host: moa', ...headers, '', ''].join('\r\n');

/** Reads one whole answer and returns its status. */
const readAnswer = async (socket: Socket): Promise<number> => {
  let received = Buffer.alloc(0);
  let end: number | undefined;
  let bytes = 0;
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (end === undefined) {
      received = Buffer.concat([received, chunk]);
      const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(received.toString('latin1')) ?? [];
      const head = received.indexOf('\r\n\r\n') + 4;
      if (head >= 4) end = head + Number(length);
    }
    if (bytes === end) return Number(/\d{3}/.exec(received.toString('latin1'))?.[0]);
  }
  throw new Error(`closed after ${bytes} bytes`);
};

test('the connection of a client that does not read its answer is closed', async () => {
  const { app, open } = await start({ answerMs: 300, checkEveryMs: 20 });
  const opened = once(app.server, 'connection') as Promise<[Socket]>;
  const socket = open();
  socket.pause();
  socket.write(request('GET /v1/large'));
  const [served] = await opened;
  await withinTime(once(served, 'close'), 'the server to close the connection');
  expect(served.bytesWritten).toBeGreaterThan(LARGE_BYTES);
});

test('a client that reads one answer after the other keeps the connection', async () => {
  const answerMs = 2_000;
  const { open } = await start({ answerMs, checkEveryMs: 20 });
  const socket = open();
  const begin = performance.now();
  while (performance.now() - begin < 2.5 * answerMs) {
    socket.write(request('GET /v1/large'));
    expect(await readAnswer(socket)).toBe(200);
  }
});

test('a connection beyond the limit is closed, and the end of another makes room', async () => {
  const { app, open } = await start({ max: 2 });
  const ask = (socket: Socket) => {
    socket.write(request('GET /healthz'));
    return readAnswer(socket);
  };
  const [first, second] = [open(), open()];
  expect(await Promise.all([ask(first), ask(second)])).toEqual([200, 200]);
  await expect(ask(open())).rejects.toThrow('closed after 0 bytes');
  expect(await ask(second)).toBe(200);
  const { body } = await app.inject({ url: '/metrics' });
  expect(body).toContain('moa_http_connections_refused_total 1\n');

  first.destroy();
  const isServed = () => ask(open()).then(Boolean, () => false);
  await waitUntil(isServed, 'room for a connection');
});

/** Sends the head of a request and then its body, byte by byte, until the server closes. */
const drip = async (socket: Socket, head: string): Promise<string> => {
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString('latin1')));
  socket.write(head);
  const timer = setInterval(() => socket.write('x'), 5);
  try {
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await withinTime(closed, 'the server to close the connection');
  } finally {
    clearInterval(timer);
  }
  return received;
};

const JSON_TYPE = 'Content-Type: application/json';
const LENGTH = 'Content-Length: 100000';
const KEY = 'Idempotency-Key: key';

/** The rate limit of a customer per minute. */
const CALLS_MAX = 1_200;

test.for([
  [200, 'GET /healthz', [LENGTH]],
  [400, 'POST /v1/checkout', [JSON_TYPE, LENGTH]],
  [400, 'POST /v1/users/%ff/wallet', [JSON_TYPE, LENGTH]],
  [401, 'POST /v1/checkout', ['Authorization: none', KEY, JSON_TYPE, LENGTH]],
  [401, 'POST /v1/checkout', ['Authorization: none', KEY, 'Transfer-Encoding: chunked']],
  [403, 'POST /v1/staff-only', [KEY, JSON_TYPE, LENGTH]],
  [404, 'POST /v1/nothing', [JSON_TYPE, LENGTH]],
  [405, 'PUT /v1/checkout', [JSON_TYPE, LENGTH]],
  [413, 'POST /v1/checkout', [KEY, JSON_TYPE, 'Content-Length: 1000000']],
  [415, 'POST /v1/checkout', [KEY, 'Content-Type: text/plain', LENGTH]],
  [429, 'POST /v1/checkout', [KEY, JSON_TYPE, LENGTH]],
] as const)('a slow body after the answer %i to %s has its connection closed', async (given) => {
  const [status, line, headers] = given;
  const { open, alice, app } = await start({ lingerMs: 100 }, status === 429);
  const calls = status === 429 ? CALLS_MAX + 1 : 0;
  for (let called = 0; called < calls; called += 1) {
    await app.inject({ url: '/v1/users/me/wallet', headers: { authorization: alice } });
  }
  const isNamed = headers.some((header) => header.startsWith('Authorization'));
  const known = isNamed ? headers : [...headers, `Authorization: ${alice}`];
  // The bytes that follow belong to a chunk; a server that reads late takes them for nothing else.
  const chunk = headers.some((header) => header.endsWith('chunked')) ? 'fffff\r\n' : '';
  const answers = readAnswers(await drip(open(), request(line, ...known) + chunk));
  expect(answers.map((answer) => answer.status)).toEqual([status]);
});

test('a slow body of a valid request times out', async () => {
  const { open, alice } = await start({ requestMs: 300, checkEveryMs: 20 });
  const head = request('POST /v1/checkout', `Authorization: ${alice}`, KEY, JSON_TYPE, LENGTH);
  const answers = readAnswers(await drip(open(), head));
  expect(answers.map((answer) => answer.status)).toEqual([408]);
});

test('a connection stays open once the whole request was read, with any status', async () => {
  const lingerMs = 20;
  const { open, alice } = await start({ lingerMs });
  const body = '{"userId":"me","items":[]}';
  const post = (...headers: string[]) =>
    request('POST /v1/checkout', JSON_TYPE, `Content-Length: ${body.length}`, ...headers) + body;
  const socket = open();
  const begin = performance.now();
  while (performance.now() - begin < 20 * lingerMs) {
    for (const [status, sent] of [
      [200, request('GET /healthz')],
      [401, request('GET /v1/users/me/wallet')],
      [401, post()],
      [400, post(`Authorization: ${alice}`, KEY)],
      [404, request('GET /v1/nothing')],
    ] as const) {
      socket.write(sent);
      expect(await readAnswer(socket)).toBe(status);
    }
  }
});
