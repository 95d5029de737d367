import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Type } from 'typebox';
import { expect, onTestFinished, test } from 'vitest';
import { waitUntil, withinTime } from '../../test/support/wait.ts';
import { startTestServer } from '../../test/support/http-server.ts';
import { defineRoute, strictObject, type Reply } from '../contract/index.ts';
import { retireConnections } from './connections.ts';

/** Long after the body was read, so that a waiting client is not mistaken for one that left. */
const WORK_MS = 200;

/** A server with one operation, which the test implements. */
const start = async (handle: (signal: AbortSignal) => Promise<Reply>) => {
  const route = defineRoute({
    method: 'POST',
    path: '/v1/wait',
    operation: 'wait',
    summary: 'Wait',
    tag: 'Fakes',
    access: 'public',
    body: strictObject({ n: Type.Integer() }),
    answers: { 200: Type.Object({}) },
    problems: [],
    handle: ({ signal }) => handle(signal!()),
  });
  const server = await startTestServer({ routes: [route] });
  onTestFinished(server.close);
  const call = (signal?: AbortSignal) =>
    fetch(`${server.url}/v1/wait`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"n":1}',
      ...(signal === undefined ? {} : { signal }),
    });
  return call;
};

test('the signal of an operation aborts when its client disconnects', async () => {
  const left = Promise.withResolvers<void>();
  let isCalled = false;
  const call = await start(async (signal) => {
    isCalled = true;
    signal.addEventListener('abort', () => left.resolve());
    await left.promise;
    return { kind: 'answer', status: 200, body: {} };
  });
  const client = new AbortController();
  const answer = call(client.signal);
  await waitUntil(() => isCalled, 'the call');
  client.abort();
  await expect(answer).rejects.toThrow('abort');
  await withinTime(left.promise, 'the abort');
});

test('the signal does not abort while the client waits', async () => {
  const call = await start(async (signal) => {
    await delay(WORK_MS, undefined, { signal });
    return { kind: 'answer', status: 200, body: {} };
  });
  expect((await call()).status).toBe(200);
});

test('a connection on which nothing was sent does not delay the end of the server', async () => {
  const server = await startTestServer();
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  await withinTime(server.close(), 'a server that ends');
  await closed;
  expect(socket.destroyed).toBe(true);
});

test('a retiring server accepts nothing new and answers one more request of each connection', async () => {
  const server = await startTestServer();
  onTestFinished(server.close);
  const { hostname: host, port } = new URL(server.url);
  const open = () => connect({ host, port: Number(port) }).setEncoding('utf8');
  const socket = open();
  const ask = async (): Promise<string> => {
    socket.write('GET /healthz HTTP/1.1\r\nHost: moa\r\n\r\n');
    const [answer] = (await withinTime(once(socket, 'data'), 'an answer')) as [string];
    return answer;
  };
  expect(await ask()).toMatch(/^HTTP\/1\.1 200 [^]*connection: keep-alive/i);

  let isOver = false;
  const retired = retireConnections(server.app.server, new AbortController().signal).then(() => {
    isOver = true;
  });
  await expect(once(open(), 'connect')).rejects.toThrow('ECONNREFUSED');
  await delay(WORK_MS);
  expect([isOver, socket.destroyed]).toEqual([false, false]);
  expect(await ask()).toMatch(/^HTTP\/1\.1 200 [^]*connection: close/i);
  await withinTime(retired, 'the end of the last connection');
});

test('a retiring server that is stopped no longer waits for idle connections', async () => {
  const server = await startTestServer();
  const { hostname: host, port } = new URL(server.url);
  const socket = connect({ host, port: Number(port) });
  await once(socket, 'connect');
  const stopping = new AbortController();
  const retired = retireConnections(server.app.server, stopping.signal);
  stopping.abort();
  await withinTime(retired, 'the end of the wait');
  expect(socket.destroyed).toBe(false);
  await withinTime(server.close(), 'a server that ends');
});
