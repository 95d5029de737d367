import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { access, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { findAddress } from '../src/listening.ts';
import { readConfig } from '../src/config.ts';
import { openPool } from '../src/database/session.ts';
import { welcome } from '../src/demo.ts';
import { createClient, createExchange } from './support/client.ts';
import { assertInvariants, createTestDatabase } from './support/database.ts';
import { createDataDirectory, type DataDirectory } from './support/embedded.ts';
import { problemIn } from './support/problem.ts';
import { queryColumn, runSql } from './support/queries.ts';
import {
  spawnTestService,
  startTestService,
  temporaryDirectory,
  tokenFor,
  type RunningService,
} from './support/service.ts';
import { startServiceHere, type ServiceHere } from './support/service-here.ts';
import { isAlive } from './support/processes.ts';
import { balanceOf, expectStatus, type Client } from './support/api-calls.ts';
import { waitUntil, withinTime } from './support/wait.ts';

const DEMO_USER = 'demo';
const DEMO_BALANCE = 100_000;
const DEMO_PRODUCTS = 24;
const DEMO_BUYERS = 4;
const DEMO_ORDERS = 10;

interface Product {
  readonly productId: string;
  readonly name: string;
  readonly price: number;
  readonly stock: number;
  readonly imageUrl: string;
}

const listProducts = async (client: Client): Promise<readonly Product[]> =>
  expectStatus(200, await client.get('/v1/products?limit=100')).body['items'] ?? [];

const bestSellersIn = async (client: Client) => {
  const { body } = expectStatus(200, await client.get('/v1/best-sellers'));
  const items = (body['items'] ?? []) as { name: string; unitsSold: number }[];
  return items.map((item) => [item.name, item.unitsSold]);
};

const clientOf = async ({ url }: ServiceHere, directory: string): Promise<Client> =>
  createClient(url, await tokenFor(directory, 'service', 'shop'));

/** Runs the curl command of the welcome in a shell, unchanged. */
const runShownCurl = async (shown: string) => {
  const command = shown.split(/\r?\n/).find((line) => line.startsWith('curl '));
  const script = `${command} --write-out '\\n%{http_code}'`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script]);
  const [text = '', status] = stdout.split('\n');
  return { status, order: JSON.parse(text) as Record<string, never> };
};

/** The welcome that a terminal would show. */
const welcomeOf = async ({ url }: RunningService, directory: DataDirectory): Promise<string> => {
  const reads = openPool(await directory.databaseUrl(), 1);
  const config = readConfig({ MOA_DATA_DIR: directory.path });
  return welcome({ reads }, url, config).finally(() => reads.end());
};

const journalOf = (databaseUrl: string): Promise<string[]> =>
  queryColumn(
    databaseUrl,
    `select count(*) || ' ' || type from journal.events group by type order by type`,
  );

test('the first start creates a sample shop; the shown order works and is durable', async () => {
  const directory = await createDataDirectory();
  const environment = { MOA_DATA_DIR: directory.path, MOA_RATE_LIMIT: 'on' };
  const first = await startTestService(environment);
  const client = await clientOf(first, directory.path);
  const filled = await listProducts(client);
  expect(filled).toHaveLength(DEMO_PRODUCTS);
  expect(await balanceOf(client, DEMO_USER)).toBe(DEMO_BALANCE);
  expect(await bestSellersIn(client)).toEqual([
    ['아메리카노', 19],
    ['소금빵', 17],
    ['카페라떼', 14],
    ['약과', 10],
    ['축제 입장권 1일권', 7],
  ]);
  const stocks = new Set(filled.map(({ stock }) => stock));
  expect([stocks.has(0), stocks.has(8)]).toEqual([true, true]);
  const pictures = filled.map(({ imageUrl }) => imageUrl);
  expect(new Set(pictures).size).toBe(DEMO_PRODUCTS);
  for (const picture of pictures) {
    const { status, headers } = await fetch(first.url + picture);
    expect([status, headers.get('content-type')]).toEqual([200, 'image/webp']);
  }

  const shown = await welcomeOf(first, directory);
  const { status, order } = await runShownCurl(shown);
  expect([status, order['status']]).toEqual(['201', 'paid']);
  const [line] = (order['items'] ?? []) as { productId: string; name: string; lineTotal: number }[];
  const bought = filled.find(({ productId }) => productId === line?.productId)!;
  expect(line).toMatchObject({ name: bought.name, quantity: 1, lineTotal: bought.price });
  expect(shown).toContain(`Buy one ${bought.name}`);
  // Nobody watches: the log is all that is written, and it has no token.
  for (const logged of first.output().trim().split('\n')) JSON.parse(logged);
  expect(first.output()).not.toContain('eyJ');
  expect(first.output()).toContain('npm run token');
  for (const place of ['Shop: {}/', 'Console: {}/console', 'Documentation: {}/docs']) {
    expect(first.output()).toContain(`"msg":"${place.replace('{}', first.url)}"`);
  }

  const expectSameShop = async (db: Client) => {
    const left = { ...bought, stock: bought.stock - 1, updatedAt: order['paidAt'] };
    const products = filled.map((each) => (each === bought ? left : each));
    expect(await listProducts(db)).toEqual(products);
    expect(await balanceOf(db, DEMO_USER)).toBe(DEMO_BALANCE - bought.price);
    const entries = await db.get(`/v1/users/${DEMO_USER}/wallet/entries`);
    expect(entries.body['items']).toMatchObject([
      { kind: 'payment', amount: -bought.price, reference: order['orderId'] },
      { kind: 'charge', amount: DEMO_BALANCE },
    ]);
    const { balance: _, ...stored } = order;
    const found = await db.get(`/v1/orders/${String(order['orderId'])}`);
    expect(found.body).toEqual(stored);
    const databaseUrl = await directory.databaseUrl();
    expect(await journalOf(databaseUrl)).toEqual([
      `${DEMO_ORDERS + 1} order.paid.v1`,
      `${DEMO_PRODUCTS} product.created.v1`,
      `${DEMO_BUYERS + 1} wallet.charged.v1`,
      `${DEMO_BUYERS + 1} wallet.opened.v1`,
    ]);
    await assertInvariants(databaseUrl);
  };
  await expectSameShop(client);

  const second = spawnTestService(environment);
  expect(await withinTime(second.ended, 'the second start to end')).toBe(1);
  expect(second.output()).toContain(`Moa already runs on ${directory.path} (process `);
  await expectSameShop(client);

  expect(await first.end('SIGTERM')).toBe(0);
  expect(await directory.postmaster()).toBeUndefined();
  await expectSameShop(await clientOf(await startTestService(environment), directory.path));
});

test.skipIf(process.platform !== 'linux')('a terminal shows the welcome, and ends it', async () => {
  const environment = {
    DATABASE_URL: await createTestDatabase(),
    MOA_DATA_DIR: await temporaryDirectory(),
    MOA_DEMO: 'on',
  };
  const service = spawnTestService(environment, { terminal: true });
  await waitUntil(() => /^curl .*Bearer eyJ/m.test(service.output()), 'the welcome');
  expect(service.output()).toMatch(
    new RegExp(
      [
        'Shop            (http://127.0.0.1:\\d+)/',
        'Console         \\1/console',
        'Documentation   \\1/docs',
        'Data            the database of DATABASE_URL',
      ].join('\\s+'),
    ),
  );

  const pid = Number(/"pid":(\d+)/.exec(service.output())?.[1]);
  await service.end('SIGKILL');
  await waitUntil(() => !isAlive(pid), 'the end of the service of a closed terminal');
});

test('a sold-out shop is not filled again', async () => {
  const databaseUrl = await createTestDatabase();
  const path = await temporaryDirectory();
  const environment = { DATABASE_URL: databaseUrl, MOA_DATA_DIR: path, MOA_DEMO: 'on' };
  // Two concurrent starts fill the shop once.
  const services = await Promise.all([
    startServiceHere(environment),
    startTestService(environment),
  ]);
  const client = await clientOf(services[0], path);
  const products = await listProducts(client);
  expect(products).toHaveLength(DEMO_PRODUCTS);
  for (const { productId, stock } of products) {
    if (stock === 0) continue;
    const adjustments = `/v1/products/${productId}/stock-adjustments`;
    expectStatus(201, await client.post(adjustments, { delta: -stock, reason: 'moved' }));
  }

  const again = await clientOf(await startServiceHere(environment), path);
  expect(await listProducts(again)).toHaveLength(DEMO_PRODUCTS);
  expect(await balanceOf(again, DEMO_USER)).toBe(DEMO_BALANCE);
  await assertInvariants(databaseUrl);
});

/** A port on which another program listens. */
const takePort = async (): Promise<number> => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(async () => {
    other.close();
    await once(other, 'close');
  });
  await once(other, 'listening');
  return (other.address() as AddressInfo).port;
};

test('a failed or stopped start also stops its database', async () => {
  const port = await takePort();
  const directory = await createDataDirectory();
  const environment = { MOA_DATA_DIR: directory.path, MOA_DEMO: 'off' };

  const refused = spawnTestService({ ...environment, PORT: String(port) });
  expect(await withinTime(refused.ended, 'a failed start')).toBe(1);
  expect(refused.output()).toContain(
    `Port ${port} on 127.0.0.1 is in use. Set PORT to another port.`,
  );
  expect(refused.output()).not.toContain(' at ');
  expect(await directory.postmaster()).toBeUndefined();

  const stopped = spawnTestService(environment);
  await waitUntil(async () => (await directory.postmaster()) !== undefined, 'PostgreSQL');
  expect(await stopped.end('SIGTERM')).toBe(0);
  expect(await directory.postmaster()).toBeUndefined();

  const service = await startTestService(environment);
  const client = await clientOf(service, directory.path);
  expect(await listProducts(client)).toEqual([]);
  expect((await client.get(`/v1/users/${DEMO_USER}/wallet`)).status).toBe(404);
  expect(await journalOf(await directory.databaseUrl())).toEqual([]);
  await service.end('SIGTERM');
  expect(service.output()).not.toContain('curl');
});

test('with DATABASE_URL no embedded database and no sample data is created', async () => {
  const databaseUrl = await createTestDatabase();
  const path = await temporaryDirectory();
  const service = await startTestService({ DATABASE_URL: databaseUrl, MOA_DATA_DIR: path });

  expect(await listProducts(await clientOf(service, path))).toEqual([]);
  await expect(access(join(path, 'postgres'))).rejects.toThrow('ENOENT');
  expect(await readFile(join(path, 'keys', 'signing-key.json'), 'utf8')).toContain('Ed25519');

  // One process cannot be replaced while it listens.
  process.kill(service.pid, 'SIGHUP');
  const reason = 'SIGHUP has no effect: MOA_PROCESSES is 1';
  await waitUntil(() => service.output().includes(reason), 'the reason');
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
});

/** Records a migration of a newer version. */
const recordMigration = (databaseUrl: string, name: string, compatible: string): Promise<void> =>
  runSql(
    databaseUrl,
    `insert into moa.migrations (name, checksum, compatible) values ('${name}', '', '${compatible}')`,
  );

test('a process serves a database that a newer version expands, until one contracts', async () => {
  const databaseUrl = await createTestDatabase();
  const environment = { DATABASE_URL: databaseUrl, MOA_DATA_DIR: await temporaryDirectory() };
  const running = await startServiceHere(environment);
  await recordMigration(databaseUrl, '999998_expanded.sql', 'expand');
  const started = await startServiceHere(environment);
  for (const { url } of [running, started]) {
    const answer = await createExchange(url)({ method: 'GET', path: '/readyz' });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('newer, compatible: 999998_expanded.sql');
  }

  await recordMigration(databaseUrl, '999999_contracted.sql', 'contract');
  for (const { url } of [running, started]) {
    const answer = await createExchange(url)({ method: 'GET', path: '/readyz' });
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('it has 999999_contracted.sql');
  }
  const refused = spawnTestService(environment);
  expect(await withinTime(refused.ended, 'a failed start')).toBe(1);
  expect(refused.output()).toMatch(/^the database is newer .*999999_contracted\.sql.*\n$/);
});

test('metrics can have a separate port, which serves nothing else', async () => {
  const databaseUrl = await createTestDatabase();
  const service = await startTestService({
    DATABASE_URL: databaseUrl,
    MOA_DATA_DIR: await temporaryDirectory(),
    MOA_METRICS_PORT: '0',
  });
  const metricsUrl = findAddress(service.output(), 'Metrics') ?? '';
  const read = (url: string, path: string) => createExchange(url)({ method: 'GET', path });

  expect(problemIn(await read(service.url, '/metrics'), '/metrics')).toBe('not_found');
  const answer = await read(metricsUrl, '/metrics');
  expect(answer.headers['content-type']).toMatch(/^text\/plain/);
  expect(answer.text).toContain('moa_http_requests_total{operation="unmatched",status="404"} 1');
  for (const path of ['/healthz', '/v1/products', '/openapi.json', '/docs']) {
    expect(problemIn(await read(metricsUrl, path), path)).toBe('not_found');
  }
  expect(await service.end('SIGTERM')).toBe(0);
});

test('a metrics port in use stops startup with an error naming the variable', async () => {
  const databaseUrl = await createTestDatabase();
  const environment = { DATABASE_URL: databaseUrl, MOA_DATA_DIR: await temporaryDirectory() };
  const port = String(await takePort());
  const service = spawnTestService({ ...environment, MOA_METRICS_PORT: port });
  expect(await withinTime(service.ended, 'a failed start')).toBe(1);
  expect(service.output()).toContain('is in use. Set MOA_METRICS_PORT to another port.');
});

// The tests of the configuration have each variable.
test('an invalid variable stops startup with an error naming it', async () => {
  const environment = { DATABASE_URL: 'mysql://127.0.0.1/moa' };
  const service = spawnTestService({ MOA_DATA_DIR: await temporaryDirectory(), ...environment });
  expect(await withinTime(service.ended, 'a failed start')).toBe(1);
  expect(service.output()).toMatch(/^The environment is invalid: .*DATABASE_URL.*\n$/);
});
