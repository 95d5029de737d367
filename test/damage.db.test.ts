import { describe, expect, onTestFinished } from 'vitest';
import { checkInvariants } from '../src/audit/audit.ts';
import { openPool } from '../src/database/session.ts';
import { createProduct, expectStatus, registerUsers, type Client } from './support/api-calls.ts';
import { createFileDatabase } from './support/database.ts';
import { queryColumn, runSql } from './support/queries.ts';
import { createClient } from './support/client.ts';
import { temporaryDirectory, tokenFor } from './support/service.ts';
import { startServiceHere } from './support/service-here.ts';
import { testsOfOne } from './support/tests-of-one.ts';
import { waitUntil } from './support/wait.ts';

const USERS = 8;
/** Orders at the same time, before the damage. */
const STORM = 60;

/** Some damage to the database of a running service, which no event explains. */
interface Damage {
  readonly what: string;
  readonly table: string;
  /** Returns what the running audit must name as the subject. */
  readonly sql: string;
  /** The parts of the running audit's violations of that subject. */
  readonly parts: readonly string[];
  /** The invariants that the running audit shows as broken. */
  readonly broken: readonly string[];
  /** Invariants that `npm run audit` finds broken. */
  readonly audited: readonly string[];
}

/** A position that no event has, between two events. */
const GAP = `(select min(position) + 1 from journal.events e where not exists (
  select from journal.events n where n.position = e.position + 1)
  and position < (select max(position) from journal.events))`;

const DAMAGES: readonly Damage[] = [
  {
    what: 'a balance that is larger by 1',
    table: 'wallet.wallets',
    sql: `update wallet.wallets set balance = balance + 1
      where user_id = (select min(user_id) from wallet.wallets) returning user_id`,
    parts: ['wallet.wallets'],
    broken: ['W2', 'W3', 'J1'],
    audited: ['W2', 'W3', 'J1'],
  },
  {
    what: 'a transfer that was removed',
    table: 'wallet.transfers',
    sql: `delete from wallet.transfers where kind = 'payment' and transfer_id = (
      select min(transfer_id::text)::uuid from wallet.transfers where kind = 'payment')
      returning user_id`,
    parts: ['wallet.transfers'],
    broken: ['W2', 'J1'],
    audited: ['W2', 'W3', 'O1', 'J1'],
  },
  {
    what: 'a stock that is smaller by 1',
    table: 'catalog.products',
    sql: 'update catalog.products set on_hand = on_hand - 1 returning product_id',
    parts: ['catalog.products'],
    broken: ['S2', 'J1'],
    audited: ['S2', 'J1'],
  },
  {
    what: 'an event that was edited',
    table: 'journal.events',
    sql: `update journal.events set data = (data::text || ' ')::json where position = (
      select max(position) from journal.events where type = 'order.paid.v1') returning event_id`,
    parts: ['log.leaves'],
    broken: ['J1', 'L1'],
    audited: ['L1'],
  },
  {
    what: 'an event that was removed',
    table: 'journal.events',
    sql: `delete from journal.events where position = (
      select max(position) from journal.events where type = 'wallet.charged.v1')
      returning event_id`,
    parts: ['log.leaves'],
    broken: ['J1', 'L1'],
    audited: ['J1', 'L1'],
  },
  {
    what: 'an event that was inserted between two others',
    table: 'journal.events',
    sql: `insert into journal.events (position, event_id, type, subject, time, data)
      overriding system value
      select ${GAP}, gen_random_uuid(), type, subject, time, data from journal.events
      where position = (select min(position) from journal.events where type = 'wallet.charged.v1')
      returning event_id`,
    parts: ['log.leaves'],
    broken: ['J1', 'L1'],
    audited: ['J1', 'L1'],
  },
  {
    what: 'a leaf of the log that was removed',
    table: 'log.leaves',
    sql: `delete from log.leaves where leaf_index = 3 returning event_id`,
    parts: ['log.leaves'],
    broken: ['L1'],
    audited: ['L1'],
  },
  {
    what: 'a hash of the log with a wrong bit',
    table: 'log.tiles',
    sql: `with flipped as (
        update log.tiles set hashes = set_byte(hashes, 64, get_byte(hashes, 64) # 1)
        where level = 0 and tile_index = 0 returning tile_index)
      select event_id from log.leaves, flipped where leaf_index = 2`,
    parts: ['log.leaves'],
    broken: ['L1'],
    audited: ['L1'],
  },
  {
    what: 'an order with another status',
    table: 'orders.orders',
    sql: `update orders.orders set status = 'refunded' where order_id = (
      select min(order_id::text)::uuid from orders.orders where status = 'paid')
      returning order_id`,
    parts: ['orders.orders'],
    broken: ['O2', 'J1'],
    audited: ['O2', 'J1'],
  },
  {
    what: 'another answer of a key',
    table: 'commit.idempotency_keys',
    sql: `update commit.idempotency_keys set body = replace(body, '"paid"', '"open"')
      where key_id = (select min(key_id::text)::uuid from commit.idempotency_keys
        where body like '%"paid"%') returning key_id`,
    parts: ['commit.idempotency_keys'],
    broken: ['O3'],
    audited: ['O3'],
  },
  {
    what: 'another sum of a day of the best sellers',
    table: 'bestseller.days',
    sql: `update bestseller.days set units = units + 1
      where ctid = (select max(ctid) from bestseller.days) returning product_id`,
    parts: ['bestseller.days'],
    broken: ['B1'],
    audited: ['B1'],
  },
];

/** What the service says after a round that begins after the call. */
const readAudit = async (client: Client) => {
  const read = async () => expectStatus(200, await client.get('/v1/audit')).body;
  // Without a key, which the round would not know yet.
  const { run } = expectStatus(202, await client.call('POST', '/v1/audit/runs')).body;
  await waitUntil(async () => Number((await read())['completedRun']) >= Number(run), 'the round');
  const { invariants, violations } = (await read()) as unknown as {
    invariants: readonly { invariant: string; verdict: string }[];
    violations: readonly { part: string; subject: string }[];
  };
  const broken = invariants.filter(({ verdict }) => verdict === 'broken');
  return { broken: broken.map(({ invariant }) => invariant), violations };
};

/** Everything that is read or known later than the orders: the log, best sellers and keys. */
const untilKnown = async (url: string, client: Client, staff: Client): Promise<void> =>
  waitUntil(async () => {
    expectStatus(200, await client.get('/v1/best-sellers'));
    expectStatus(200, await staff.get('/v1/reports/sales?from=2026-01-01&to=2026-01-02&by=day'));
    expect((await readAudit(client)).broken).toEqual([]);
    const [behind] = await queryColumn(
      url,
      `select (select count(*) from journal.cursors
          where position < (select max(position) from journal.events))
        + (select count(*) from commit.idempotency_keys)
        - (select coalesce(sum(cardinality(key_ids)), 0) from audit.answers)`,
    );
    return behind === '0';
  }, 'every event and key known');

const testOnShop = testsOfOne(async (onEnd) => {
  const url = await createFileDatabase();
  // Rounds only when they are requested, each of which visits everything.
  const pace = { MOA_AUDIT_SECONDS: '3600', MOA_AUDIT_SCRUB_HOURS: '1' };
  const directory = await temporaryDirectory(onEnd);
  const environment = { DATABASE_URL: url, MOA_DATA_DIR: directory, ...pace };
  const service = await startServiceHere(environment, onEnd);
  const client = createClient(service.url, await tokenFor(directory, 'service', 'shop'));
  const staff = createClient(service.url, await tokenFor(directory, 'staff', 'operator'));
  const users = await registerUsers(client, USERS, 10_000);
  // Between these users and the orders, for an event that is inserted.
  await queryColumn(url, `select nextval(pg_get_serial_sequence('journal.events', 'position'))`);
  const productId = await createProduct(client, { price: 10, stock: 1_000 });
  await Promise.all(
    Array.from({ length: STORM }, (_, index) =>
      client.post('/v1/checkout', {
        userId: users[index % USERS],
        items: [{ productId, quantity: 1 + (index % 3) }],
      }),
    ),
  );
  const pool = openPool(url, 1);
  onEnd(() => pool.end());
  await untilKnown(url, client, staff);
  return { url, client, pool };
});

testOnShop('the whole audit of a clean database finds nothing', async ({ shared: { pool } }) => {
  const findings = await checkInvariants(pool);
  expect(findings.flatMap(({ violations }) => violations)).toEqual([]);
});

describe('the running service and the whole audit name', () => {
  for (const { what, table, sql, parts, broken, audited } of DAMAGES) {
    testOnShop(what, async ({ shared: { url, client, pool } }) => {
      // The damage before is repaired.
      expect(await readAudit(client)).toEqual({ broken: [], violations: [] });
      await runSql(url, `create table saved as table ${table}`);
      const repair = `begin; delete from ${table};
      insert into ${table} overriding system value table saved; drop table saved; commit`;
      onTestFinished(() => runSql(url, repair));
      const subjects = await queryColumn(url, sql);
      expect(subjects).toHaveLength(1);

      const seen = await readAudit(client);
      expect(seen.broken).toEqual(broken);
      const own = seen.violations.filter(({ subject }) => subject === subjects[0]);
      expect(own.map(({ part }) => part)).toEqual(parts);
      const findings = await checkInvariants(pool);
      const found = findings.filter(({ violations }) => violations.length > 0);
      expect(found.map(({ invariant }) => invariant)).toEqual(expect.arrayContaining([...audited]));
    });
  }
});
