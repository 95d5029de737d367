import { setTimeout as delay } from 'node:timers/promises';
import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { assertInvariants } from '../support/database.ts';
import { createDataDirectory, freezePostgres } from '../support/embedded.ts';
import { openBusyShop, settle } from '../support/load.ts';
import { startTestService, tokenFor } from '../support/service.ts';
import { createProduct, registerUsers } from '../support/api-calls.ts';
import { LATE_MS, timed } from '../support/timed.ts';
import { waitUntil } from '../support/wait.ts';

const ANSWER_MS = 1_000;
const READY_MAX_MS = 800 + LATE_MS;

/** A service with an embedded PostgreSQL that can be frozen. */
const start = async (environment: Readonly<Record<string, string>> = {}) => {
  const directory = await createDataDirectory();
  const token = await tokenFor(directory.path, 'service', 'shop');
  const service = await startTestService({
    MOA_DATA_DIR: directory.path,
    MOA_DEMO: 'off',
    MOA_ANSWER_SECONDS: String(ANSWER_MS / 1_000),
    ...environment,
  });
  const freeze = async () => freezePostgres((await directory.postmaster())!);
  return { directory, service, client: createClient(service.url, token), freeze };
};

test.runIf(process.platform === 'linux')(
  'a database that hangs after an idle time only causes 503 in time',
  async () => {
    const { directory, service, client, freeze } = await start();
    const startLoad = await openBusyShop(client);
    const load = startLoad(client);
    await load.paid(100);
    await load.stop();
    const [userId] = await registerUsers(client, 1, 100_000);
    const productId = await createProduct(client, { price: 10, stock: 1_000 });

    // Longer than every timeout that could have run since the last request.
    await delay(ANSWER_MS * 3);
    const thaw = await freeze();
    const items = [{ productId, quantity: 1 }];
    const sent = Array.from({ length: 10 }, () => ({ key: v7(), body: { userId, items } }));
    for (let wave = 0; wave < 2; wave++) {
      const writes = sent.map(({ key, body }) => timed(client.post('/v1/checkout', body, key)));
      const reads = [
        `/v1/users/${userId}/wallet`,
        `/v1/users/${userId}/wallet/entries`,
        `/v1/users/${userId}/cart`,
        `/v1/users/${userId}/orders`,
        `/v1/products/${productId}`,
        '/v1/products',
        '/v1/products?query=mug',
        '/v1/best-sellers',
      ].map((path) => timed(client.get(path)));
      const ready = timed(client.get('/readyz'));
      for (const { answer, tookMs } of await Promise.all([...writes, ...reads])) {
        expect(answer.status).toBe(503);
        expect(tookMs).toBeLessThan(ANSWER_MS + LATE_MS);
      }
      const { answer, tookMs } = await ready;
      expect([answer.status, answer.body['checks']]).toMatchObject([
        503,
        { database: 'unreachable' },
      ]);
      expect(tookMs).toBeLessThan(READY_MAX_MS);
    }

    thaw();
    await waitUntil(
      async () => (await client.get('/readyz')).status === 200,
      'the service to be ready',
    );
    const orders = sent.map((order) => ({ ...order, answer: undefined, tookMs: 0 }));
    await settle(client, [...load.sent, ...orders]);
    await assertInvariants(await directory.databaseUrl());
    expect(await service.end('SIGTERM')).toBe(0);
  },
);

test.runIf(process.platform === 'linux')(
  'a service whose database hangs stops within its shutdown time',
  async () => {
    const shutdownMs = 2_000;
    const { service, client, freeze } = await start({
      MOA_SHUTDOWN_SECONDS: String(shutdownMs / 1_000),
    });
    await freeze();
    const reading = client.get('/v1/products').catch(() => undefined);
    // The read has its connection before this call, which needs no database, is answered.
    await client.get('/healthz');
    const started = performance.now();
    expect(await service.end('SIGTERM')).toBe(1);
    expect(performance.now() - started).toBeLessThan(shutdownMs + LATE_MS);
    expect((await reading)?.status).toBe(503);
    expect(service.output()).toContain('The shutdown took longer than');
  },
);
