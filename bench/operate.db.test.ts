import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { operate } from './operate.ts';
import { get } from './scenario.ts';

test('an answer whose body says that nothing happened is counted apart', async () => {
  let requests = 0;
  const server = createServer((_request, response) => {
    const body = ++requests % 4 === 0 ? 'refused' : 'done';
    response.setHeader('content-length', body.length).end(body);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');

  const databaseUrl = await createTestDatabase('empty');
  const report = await operate({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: 2,
    seconds: 1,
    accounted: { service: undefined, postmaster: undefined, databaseUrl },
    begin: function* () {
      yield { request: get('/'), status: 200, accepts: (body) => body === 'done' };
    },
  });
  expect(requests).toBeGreaterThan(4);
  expect(report.unexpected).toEqual({ 200: Math.floor(requests / 4) });
  expect(report.operations).toBe(requests - Math.floor(requests / 4));
});
