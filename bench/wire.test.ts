import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { get } from './scenario.ts';
import { sendAll } from './wire.ts';

test.each(['content-length', 'Content-Length'])(
  'an answer ends after the bytes of its %s, also in several parts',
  async (name) => {
    const server = createServer((request, response) => {
      const body = `${request.url} `.repeat(3_000);
      response.setHeader(name, body.length);
      response.write(body.slice(0, 10));
      setImmediate(() => response.end(body.slice(10)));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    const answers = await sendAll(url, [get('/one'), get('/two'), get('/three')], 2);
    expect(answers.map(({ status, body }) => [status, body.slice(0, 6), body.length])).toEqual([
      [200, '/one /', 15_000],
      [200, '/two /', 15_000],
      [200, '/three', 21_000],
    ]);
  },
);
