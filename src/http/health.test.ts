import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createExchange, type Exchange } from '../../test/support/client.ts';
import { startTestServer, type TestServer } from '../../test/support/http-server.ts';

let server: TestServer;
let exchange: Exchange;
beforeAll(async () => {
  server = await startTestServer();
  exchange = createExchange(server.url);
});
afterAll(() => server.close());

const read = (path: string) => exchange({ method: 'GET', path });

test('/healthz answers while the process runs', async () => {
  expect(await read('/healthz')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
});

test('/readyz reports its checks', async () => {
  expect(JSON.parse((await read('/readyz')).text)).toEqual({
    ready: true,
    checks: { database: 'reachable' },
  });
  const checks = { database: 'away' };
  const away = await startTestServer({ ready: () => Promise.resolve({ ready: false, checks }) });
  onTestFinished(away.close);
  const answer = await createExchange(away.url)({ method: 'GET', path: '/readyz' });
  expect(answer.status).toBe(503);
  expect(JSON.parse(answer.text)).toEqual({ ready: false, checks });
});
