import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../test/support/http-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    ensureRegistered: () => Promise.resolve({ kind: 'overloaded' }),
  });
});
afterAll(() => server.close());

test('a customer who cannot be registered now gets 503, not 404', async () => {
  const response = await fetch(`${server.url}/v1/users/me/wallet`, {
    headers: { authorization: server.alice },
  });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.json()).toMatchObject({ code: 'overloaded' });
});
