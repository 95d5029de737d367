import { Client as Database } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createClient, createExchange } from '../support/client.ts';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { openBusyShop, type Load } from '../support/load.ts';
import { queryColumn } from '../support/queries.ts';
import {
  spawnTestService,
  startTestService,
  temporaryDirectory,
  tokenFor,
  type RunningService,
} from '../support/service.ts';
import { installVersion } from '../support/version.ts';
import { waitUntil, withinTime } from '../support/wait.ts';
import type { Client } from '../support/api-calls.ts';

/** The proxy sends nothing more to a process that stops. */
const DRAIN = { MOA_DRAIN_SECONDS: '0.5' };

/** A migration waits for a lock for up to 1.6 seconds; a busy machine adds its own silences. */
const SILENCE_MAX_MS = 3_000;

/** What an `expand` may do, each to tables that every order uses. */
const EXPANDING = {
  '900001_points.sql': `-- compatible: expand
    create schema points;
    create table points.points (user_id text primary key, points bigint not null);
    create view points.rich as select user_id from points.points where points > 1000`,
  '900002_order_channel.sql': `-- compatible: expand
    alter table orders.orders add column channel text`,
  '900003_wallet_points.sql': `-- compatible: expand
    alter table wallet.wallets add column points bigint not null default 0`,
  '900004_product_weight.sql': `-- compatible: expand
    alter table catalog.products add column weight bigint default 1`,
  '900005_event_channel.sql': `-- compatible: expand
    alter table journal.events add column channel text;
    alter table commit.idempotency_keys add column channel text`,
  '900006_orders_by_total.sql': `-- compatible: expand
-- transaction: none
drop index concurrently if exists orders.orders_by_total;
create index concurrently orders_by_total on orders.orders (total, order_id);
`,
  '900007_total_is_small.sql': `-- compatible: expand
    alter table orders.orders add constraint total_is_small check (total < 1e15) not valid`,
  '900008_total_is_small_validated.sql': `-- compatible: expand
    alter table orders.orders validate constraint total_is_small`,
};

/** What version n + 1 no longer needs. */
const CONTRACTING = {
  '900009_order_channel_dropped.sql': `-- compatible: contract after 900008_total_is_small_validated.sql
    alter table orders.orders drop column channel;
    alter table wallet.wallets drop column points`,
};

/** A proxy in front of the services, which sends each request to the next one. */
const createProxy = (first: Client) => {
  let services = [first];
  let next = 0;
  let answeredAt = performance.now();
  let silenceMs = 0;
  const client: Client = {
    ...first,
    post: async (...sent) => {
      const answer = await services[next++ % services.length]!.post(...sent);
      const now = performance.now();
      silenceMs = Math.max(silenceMs, now - answeredAt);
      answeredAt = now;
      return answer;
    },
  };
  return {
    client,
    route: (...to: Client[]) => {
      services = to;
    },
    /** The longest time without an answered order since the last call, in milliseconds. */
    silence: () => {
      const longest = silenceMs;
      silenceMs = 0;
      return Math.round(longest);
    },
  };
};

/** A backup in its middle: a transaction that has read every table. */
const beginBackup = async (url: string): Promise<Database> => {
  const backup = new Database({ connectionString: url, application_name: 'a backup' });
  await backup.connect();
  onTestFinished(() => backup.end());
  await backup.query('begin isolation level repeatable read');
  await backup.query('select count(*) from orders.orders, wallet.wallets, catalog.products');
  return backup;
};

const readReadiness = async ({ url }: RunningService) => {
  const { status, text } = await createExchange(url)({ method: 'GET', path: '/readyz' });
  return `${status} ${text}`;
};

/** More orders of each load. */
const sellMore = async (loads: readonly Load[]): Promise<void> => {
  await Promise.all(loads.map(({ sent, paid }) => paid(sent.length + 150)));
};

const openUpgrade = async () => {
  const databaseUrl = await createTestDatabase();
  const directory = await temporaryDirectory();
  const token = await tokenFor(directory, 'service', 'shop');
  const environment = { DATABASE_URL: databaseUrl, MOA_DATA_DIR: directory, ...DRAIN };
  const start = async (main?: string) => {
    const service = await startTestService(environment, undefined, main);
    return { ...service, client: createClient(service.url, token) };
  };
  return { databaseUrl, environment, start };
};

/** Waits until a migration has waited for a lock, let sales go on and waited again. */
const waitForMigration = async (url: string): Promise<void> => {
  const attempts = new Set<string>();
  const waiting = `select xact_start from pg_stat_activity
    where application_name = 'moa migrate' and wait_event_type = 'Lock'`;
  await waitUntil(async () => {
    for (const attempt of await queryColumn(url, waiting)) attempts.add(attempt);
    return attempts.size === 2;
  }, 'a migration that waits for a lock');
};

test('an upgrade, the way back and a contract refuse no order and lose none', async () => {
  const { databaseUrl, environment, start } = await openUpgrade();
  const version = await installVersion();
  await version.add(EXPANDING);
  let old = await start();
  const proxy = createProxy(old.client);
  const openLoads = [await openBusyShop(old.client), await openBusyShop(old.client, 1)];
  const loads = openLoads.map((startLoad) => startLoad(proxy.client));
  await sellMore(loads);
  const normal = proxy.silence();

  // Version n + 1 migrates while n sells, and must wait for a backup.
  const backup = await beginBackup(databaseUrl);
  const starting = start(version.main);
  await waitForMigration(databaseUrl);
  await sellMore(loads);
  await backup.query('commit');
  const next = await starting;
  const expanded = proxy.silence();
  const names = Object.keys(EXPANDING).join(', ');
  expect(await readReadiness(old)).toContain(`newer, compatible: ${names}`);
  proxy.route(old.client, next.client);
  await sellMore(loads);
  proxy.route(next.client);
  expect(await old.end('SIGTERM')).toBe(0);
  await sellMore(loads);

  // The way back: version n starts on what n + 1 has migrated.
  old = await start();
  proxy.route(old.client);
  await sellMore(loads);
  proxy.route(next.client);
  expect(await old.end('SIGTERM')).toBe(0);

  proxy.silence();
  await version.add(CONTRACTING);
  const last = await start(version.main);
  const contracted = proxy.silence();
  expect(await readReadiness(next)).toMatch(
    /^200 .*newer, compatible: 900009_order_channel_dropped/,
  );
  proxy.route(last.client);
  expect(await next.end('SIGTERM')).toBe(0);
  await sellMore(loads);
  const refused = spawnTestService(environment);
  expect(await withinTime(refused.ended, 'a start that fails')).toBe(1);
  expect(refused.output()).toMatch(
    /^the database is newer than this version of Moa: .*900009.*\n$/,
  );

  await Promise.all(loads.map(({ stop }) => stop()));
  process.stdout.write(
    `longest time without an answered order: ${normal} ms before, ${expanded} ms during the ` +
      `expand, ${contracted} ms during the contract\n`,
  );
  const answers = loads.flatMap(({ sent }) => sent.map(({ answer }) => answer));
  expect(new Set(answers.map((answer) => answer?.status))).toEqual(new Set([201]));
  const answered = answers.map((answer) => String(answer?.body['orderId']));
  const stored = await queryColumn(databaseUrl, 'select order_id from orders.orders');
  expect(stored.toSorted()).toEqual(answered.toSorted());
  await assertInvariants(databaseUrl);
  const longest = Math.max(expanded, contracted);
  expect(longest).toBeLessThan(SILENCE_MAX_MS + normal);
});
