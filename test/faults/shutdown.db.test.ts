import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { findAddress } from '../../src/listening.ts';
import { createClient, createExchange } from '../support/client.ts';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { createDataDirectory } from '../support/embedded.ts';
import { openBusyShop, settle } from '../support/load.ts';
import { queryColumn } from '../support/queries.ts';
import { sampleSeeded } from '../support/seed.ts';
import { startTestService, temporaryDirectory, tokenFor } from '../support/service.ts';
import { waitUntil, withinTime } from '../support/wait.ts';

const ROUNDS = 2;

/** Kills the processes of a group that are still running. */
const killGroup = (leader: number): void => {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

test('a stopping service answers every order that it pays', async () => {
  const moments = sampleSeeded('shutdown', fc.integer({ min: 1, max: 400 }), ROUNDS);
  const databaseUrl = await createTestDatabase();
  const directory = await temporaryDirectory();
  const token = await tokenFor(directory, 'service', 'shop');
  const start = async () => {
    const environment = { DATABASE_URL: databaseUrl, MOA_DATA_DIR: directory };
    const service = await startTestService(environment);
    return { service, client: createClient(service.url, token) };
  };
  const countOrders = () => queryColumn(databaseUrl, 'select count(*) from orders.orders');
  let { service, client } = await start();
  const startLoad = await openBusyShop(client);
  let sent = 0;

  for (const paid of moments) {
    const load = startLoad(client);
    await load.paid(paid);
    expect(await service.end('SIGTERM')).toBe(0);
    await withinTime(load.ended, 'the end of the load');

    // While stopping, the service paid and answered an order or never received it.
    const statuses = load.sent.map(({ answer }) => answer?.status);
    const answered = statuses.filter((status) => status === 201).length;
    expect(new Set(statuses)).toEqual(new Set([201, undefined]));
    expect(await countOrders()).toEqual([String(sent + answered)]);

    ({ service, client } = await start());
    const settlement = await settle(client, load.sent);
    process.stdout.write(`stopped: ${JSON.stringify(settlement)}\n`);
    expect(settlement).toMatchObject({ answered, hadEffect: 0 });
    sent += load.sent.length;
  }

  expect(await countOrders()).toEqual([String(sent)]);
  await assertInvariants(databaseUrl);
});

test('a stopping service is not ready, and answers until its drain ends', async () => {
  const databaseUrl = await createTestDatabase();
  const environment = { DATABASE_URL: databaseUrl, MOA_DRAIN_SECONDS: '2' };
  const service = await startTestService(environment);
  const exchange = createExchange(service.url);
  const look = (path: string) => exchange({ method: 'GET', path });
  expect((await look('/readyz')).headers['connection']).toBe('keep-alive');

  const end = service.end('SIGTERM');
  await waitUntil(async () => (await look('/readyz')).status === 503, 'a draining service');
  expect(JSON.parse((await look('/readyz')).text)).toMatchObject({
    checks: { service: 'stopping' },
  });
  const products = await look('/v1/products');
  expect([products.status, products.headers['connection']]).toEqual([200, 'close']);
  expect(await end).toBe(0);
});

test('a signal to npm start stops the service', async () => {
  const directory = await createDataDirectory();
  const npm = spawn('npm', ['start'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, PORT: '0', MOA_DATA_DIR: directory.path, MOA_DEMO: 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  onTestFinished(() => killGroup(npm.pid!));
  let output = '';
  npm.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  await waitUntil(() => findAddress(output) !== undefined, 'a service that listens');
  npm.kill('SIGTERM');
  await withinTime(once(npm, 'exit'), 'the end of npm');
  await waitUntil(
    async () => (await directory.postmaster()) === undefined,
    'the end of PostgreSQL',
  );
  await expect(fetch(`${findAddress(output)}/healthz`)).rejects.toThrow('fetch failed');
});
