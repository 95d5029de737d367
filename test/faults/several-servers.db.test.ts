import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { expect, onTestFinished, test } from 'vitest';
import { createProduct, expectStatus, registerUsers } from '../support/api-calls.ts';
import { createClient } from '../support/client.ts';
import { assertInvariants } from '../support/database.ts';
import { createDataDirectory } from '../support/embedded.ts';
import { queryColumn, runSql } from '../support/queries.ts';
import { runCommand } from '../support/run-command.ts';
import { startTestService, temporaryDirectory, tokenFor } from '../support/service.ts';
import { migrate } from '../../src/database/migrate.ts';
import { findPostgres } from '../../src/postgres/binaries.ts';
import { freePort } from '../../src/postgres/free-port.ts';
import { startEmbedded } from '../../src/postgres/index.ts';
import { PrimaryClient } from '../../src/database/primary.ts';
import { openPool } from '../../src/database/session.ts';
import { urlsOfHosts } from '../../src/database/urls.ts';

/** A primary and a standby that is a copy of it. */
const startPair = async () => {
  const [first, second] = [await createDataDirectory(), await createDataDirectory()];
  const options = { directory: first.path, log: () => undefined };
  const { url, stop } = await startEmbedded(options);
  await migrate(url);
  await stop();
  const cluster = join(second.path, 'postgres');
  await cp(join(first.path, 'postgres'), cluster, { recursive: true });
  await writeFile(join(cluster, 'standby.signal'), '');
  const postgres = await findPostgres();
  const standbyPort = await freePort();
  const log = join(second.path, 'log');
  await postgres('pg_ctl', ['start', '-w', '-D', cluster, '-l', log, '-o', `-p ${standbyPort}`]);
  const standby = new URL(url);
  standby.port = String(standbyPort);
  return {
    standby,
    startPrimary: () => startEmbedded(options),
    /** Starts the primary again, on the port that it had. */
    returnPrimary: async () => {
      const old = ['-D', join(first.path, 'postgres')];
      const port = `-p ${new URL(url).port}`;
      await postgres('pg_ctl', ['start', '-w', ...old, '-l', join(first.path, 'log'), '-o', port]);
      return () => postgres('pg_ctl', ['stop', '-w', ...old, '-m', 'fast']);
    },
    primary: new URL(url),
    promote: () => postgres('pg_ctl', ['promote', '-w', '-D', cluster]),
  };
};

/** A URL with the hosts of several URLs. */
const together = (...urls: readonly URL[]): string =>
  urls[0]!.href.replace(urls[0]!.host, urls.map(({ host }) => host).join(','));

const portOf = async (url: string): Promise<string> => {
  const client = new PrimaryClient({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  await client.end();
  return String(client.port);
};

test('of several hosts the one that accepts writes is used, also after a failover', async () => {
  const { standby, startPrimary, promote } = await startPair();
  const first = await startPrimary();
  const primary = new URL(first.url);
  const nobody = new URL(primary);
  nobody.port = String(await freePort());
  const both = together(standby, primary);

  for (const url of [primary.href, both, together(nobody, primary, standby)]) {
    expect(await portOf(url)).toBe(primary.port);
  }
  await expect(portOf(standby.href)).rejects.toThrow(/is a standby/);
  await expect(portOf(together(standby, nobody))).rejects.toThrow(
    /No server .* accepts writes: .*:\d+ is a standby; .*ECONNREFUSED/,
  );

  const pool = openPool(both, 1);
  onTestFinished(() => pool.end());
  const portOfPool = async () => {
    const { rows } = await pool.query<{ port: number }>('select inet_server_port() as port');
    return String(rows[0]?.port);
  };
  expect(await portOfPool()).toBe(primary.port);
  await first.stop();
  await expect(pool.query('select 1')).rejects.toThrow(/terminat|accepts writes/);
  await promote();
  expect(await portOfPool()).toBe(standby.port);

  const again = await startPrimary();
  onTestFinished(again.stop);
  await expect(portOf(together(standby, new URL(again.url)))).rejects.toMatchObject({
    name: 'NoPrimary',
    message: expect.stringMatching(/^More than one server of DATABASE_URL accepts writes/),
  });
});

test('a whole audit can read a standby', async () => {
  const { standby } = await startPair();
  const { exitCode, stdout } = await runCommand('audit', ['--json'], {
    DATABASE_URL: standby.href,
  });
  expect(JSON.parse(stdout)).toMatchObject({ holds: true });
  expect(exitCode).toBe(0);
});

test('two servers that both accept writes are explained, and sell nothing twice', async () => {
  const { standby, primary, returnPrimary, promote } = await startPair();
  const both = together(standby, primary);
  await expect(migrate(both)).rejects.toThrow(
    /^The database cannot be reached: No server of DATABASE_URL accepts writes: .* is a standby; /,
  );
  await promote();
  const directory = await temporaryDirectory();
  const service = await startTestService({
    DATABASE_URL: both,
    MOA_DATA_DIR: directory,
    MOA_ANSWER_SECONDS: '3',
  });
  const shop = createClient(service.url, await tokenFor(directory, 'service', 'shop'));
  const [userId] = await registerUsers(shop, 1, 1_000);
  const productId = await createProduct(shop, { price: 1, stock: 10 });

  // The old primary is back, and the service has to choose for new connections.
  const stopPrimary = await returnPrimary();
  const reason =
    /^The database cannot be reached: More than one server of DATABASE_URL accepts wri/;
  await expect(migrate(both)).rejects.toThrow(reason);
  await runSql(
    standby.href,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()`,
  );
  const orderRequest = { userId, items: [{ productId, quantity: 1 }] };
  const key = v7();
  expect(expectStatus(503, await shop.post('/v1/checkout', orderRequest, key)).body['code']).toBe(
    'unavailable',
  );
  expect(service.output()).toContain('More than one server of DATABASE_URL accepts writes');

  await stopPrimary();
  expectStatus(201, await shop.post('/v1/checkout', orderRequest, key));
  expect(await queryColumn(standby.href, 'select count(*) from orders.orders')).toEqual(['1']);
  await assertInvariants(standby.href);
});

test('a URL names its hosts', () => {
  expect(urlsOfHosts('postgres://u:p@a:1,b:2,[::1]:3/shop?sslmode=require')).toEqual([
    'postgres://u:p@a:1/shop?sslmode=require',
    'postgres://u:p@b:2/shop?sslmode=require',
    'postgres://u:p@[::1]:3/shop?sslmode=require',
  ]);
  expect(urlsOfHosts('postgres://a/shop')).toEqual(['postgres://a/shop']);
  expect(urlsOfHosts('postgres://u:p,q@a/shop')).toEqual(['postgres://u:p,q@a/shop']);
});
