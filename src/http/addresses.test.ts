import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { fakeRoutes, startTestServer } from '../../test/support/http-server.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { ConfigError } from '../config.ts';
import { listen } from '../listen.ts';
import { listenAlso } from './addresses.ts';

/** Another address of this machine: Linux has all of 127.0.0.0/8. */
const OTHER = '127.0.0.2';
/** No machine's (RFC 5737). */
const NOWHERE = '192.0.2.1';

const start = async () => {
  const server = await startTestServer();
  onTestFinished(server.close);
  return { ...server, port: Number(new URL(server.url).port) };
};

test.skipIf(process.platform !== 'linux')(
  'a further address serves the same routes, and the end waits for its answers',
  async () => {
    let calls = 0;
    const routes = fakeRoutes.map((route) => ({
      ...route,
      handle: (request: Parameters<typeof route.handle>[0]) => {
        calls++;
        return route.handle(request);
      },
    }));
    const server = await startTestServer({ routes });
    const port = Number(new URL(server.url).port);
    await listenAlso(server.app.server, { host: OTHER, port });
    const answer = fetch(`http://${OTHER}:${port}/v1/outcomes/slow`);
    await waitUntil(() => calls === 1, 'the request');
    await server.close();
    expect(await (await answer).text()).toBe('{"slow":true}');
    await expect(fetch(`http://${OTHER}:${port}/healthz`)).rejects.toThrow('fetch failed');
  },
);

test('an address that the machine lacks is left out', async () => {
  const { app, port, url } = await start();
  await listenAlso(app.server, { host: NOWHERE, port });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test.skipIf(process.platform !== 'linux')(
  'a port in use on a further address is reported',
  async () => {
    const { app } = await start();
    const taken = createServer().listen(0, OTHER);
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await expect(listenAlso(app.server, { host: OTHER, port })).rejects.toThrow('EADDRINUSE');
  },
);

test('a host without an address is explained', async () => {
  const { app } = await start();
  const started = listen(app, { host: 'a..b', port: 0, name: 'Moa', variable: 'PORT' });
  await expect(started).rejects.toThrow(ConfigError);
  await expect(started).rejects.toThrow(/^HOST has no address: getaddrinfo ENOTFOUND a\.\.b\.$/);
});
