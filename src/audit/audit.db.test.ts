import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { seedDatabase } from '../cli/seed/seed.ts';
import { checkInvariants } from './audit.ts';
import { foldJournal } from './fold.ts';
import { withSnapshot } from './snapshot.ts';

const foldDifferences = async (...[db, limit, options]: Parameters<typeof foldJournal>) =>
  (await foldJournal(db, limit, options)).differences.map(({ violation }) => violation);

/** The fixed end of the shop's history, so that every run has the same history. */
const UNTIL = new Date('2026-11-20T12:00:00Z');

/** A shop with some orders of every kind, and a connection to it. */
const openShop = async (): Promise<{ url: string; client: Client }> => {
  const url = await createTestDatabase();
  const size = { orders: 400, products: 20, users: 30, days: 2, seed: 5 };
  await seedDatabase(url, { ...size, until: UNTIL, settings: TEST_SETTINGS });
  const client = new Client({ connectionString: url, options: '-c timezone=UTC' });
  await client.connect();
  onTestFinished(() => client.end());
  return { url, client };
};

/** The violated invariants, each with its first violation. */
const findBroken = async (url: string): Promise<Record<string, string>> => {
  const findings = await withSnapshot(url, (db) => checkInvariants(db));
  const broken = findings.filter(({ violations }) => violations.length > 0);
  return Object.fromEntries(broken.map(({ invariant, violations }) => [invariant, violations[0]!]));
};

const paidOrder = `(select order_id from orders.orders
  where status = 'paid' and refunded_total = 0 limit 1)`;
const someProduct = '(select product_id from catalog.products where on_hand > reserved limit 1)';

interface Harm {
  readonly what: string;
  readonly sql: string;
  /** All invariants that the change violates. */
  readonly breaks: readonly string[];
}

const HARMS: readonly Harm[] = [
  {
    what: 'entries without their counter-entry',
    sql: `create or replace view wallet.entries as
      select transfer_id, 'wallet:' || user_id as account, amount, created_at
      from wallet.transfers`,
    breaks: ['W1'],
  },
  {
    what: 'a balance without a charge',
    sql: "update wallet.wallets set balance = balance + 1 where user_id = 'customer-1'",
    breaks: ['W2', 'W3', 'J1'],
  },
  {
    what: 'a missing transfer',
    sql: `delete from wallet.transfers where user_id = 'customer-1' and number = 1`,
    breaks: ['W2', 'W3', 'J1'],
  },
  {
    what: 'an entry whose running balance is wrong',
    sql: `update wallet.transfers set balance_after = balance_after + 1
      where user_id = 'customer-1' and number = 1`,
    breaks: ['W2', 'J1'],
  },
  {
    what: 'a negative balance',
    sql: `alter table wallet.wallets drop constraint balance_is_not_negative;
      alter table wallet.transfers drop constraint balance_after_is_not_negative;
      update wallet.wallets set balance = balance - 100000000, entry_count = entry_count + 1
      where user_id = 'customer-1';
      insert into wallet.transfers
      select user_id, entry_count, gen_random_uuid(), 'withdrawal', -100000000, balance,
        gen_random_uuid(), now()
      from wallet.wallets where user_id = 'customer-1'`,
    breaks: ['W2', 'J1'],
  },
  {
    what: 'more units reserved than on hand',
    sql: `alter table catalog.products drop constraint stock_is_not_negative;
      update catalog.products set reserved = on_hand + 1 where product_id = ${someProduct}`,
    breaks: ['S1', 'S3', 'J1'],
  },
  {
    what: 'a unit on hand without an adjustment',
    sql: `update catalog.products set on_hand = on_hand + 1 where product_id = ${someProduct}`,
    breaks: ['S2', 'J1'],
  },
  {
    what: 'a reserved unit without an order',
    sql: `update catalog.products set reserved = reserved + 1 where product_id = ${someProduct}`,
    breaks: ['S3', 'J1'],
  },
  {
    what: 'a paid order whose total differs from its payment',
    sql: `update orders.orders set total = total + 1 where order_id = ${paidOrder}`,
    breaks: ['O1', 'J1'],
  },
  {
    what: 'a payment without an order',
    sql: `update wallet.transfers set reference = gen_random_uuid()
      where reference = ${paidOrder}`,
    breaks: ['O1', 'J1'],
  },
  {
    what: 'a refund that is not on its lines',
    sql: `update orders.orders set refunded_total = 1 where order_id = ${paidOrder}`,
    breaks: ['O1', 'J1'],
  },
  {
    what: 'a refunded order without a refund',
    sql: `update orders.orders set status = 'refunded' where order_id = ${paidOrder}`,
    breaks: ['O2', 'J1'],
  },
  {
    what: 'an order without a history',
    sql: `insert into orders.orders select gen_random_uuid(), user_id, 'cancelled', lines, total, 0,
      created_at, null, null from orders.orders limit 1`,
    breaks: ['O2', 'J1'],
  },
  {
    what: 'a charge that happened twice',
    sql: `insert into journal.events (event_id, type, subject, time, data)
      select gen_random_uuid(), type, subject, time, data from journal.events
      where type = 'wallet.charged.v1' limit 1`,
    breaks: ['O3', 'J1'],
  },
  {
    what: 'a name that is in no event',
    sql: `update catalog.products set name = 'another' where product_id = ${someProduct}`,
    breaks: ['J1'],
  },
  {
    what: 'a missing description',
    sql: `delete from catalog.descriptions where product_id = ${someProduct}`,
    breaks: ['J1'],
  },
  {
    what: 'a wrong count of pending orders',
    sql: `update orders.buyers set pending_orders = pending_orders + 1
      where user_id = (select user_id from orders.buyers limit 1)`,
    breaks: ['J1'],
  },
  {
    what: 'a cart without an event',
    sql: "insert into cart.carts values ('customer-1', 1, '[]')",
    breaks: ['J1'],
  },
  {
    what: 'a sale in the report that no event made',
    sql: `insert into report.totals
      select date_bin('15 minutes', now(), '2000-01-01 00:00Z'), 1, 1, 1, 0, 0`,
    breaks: ['R1'],
  },
  {
    what: "a product's refund in the report that no event made",
    sql: `insert into report.sales
      select date_bin('15 minutes', now(), '2000-01-01 00:00Z'), ${someProduct}, 0, 0, 0, 1, 1`,
    breaks: ['R1'],
  },
  {
    what: 'an event of an unknown type',
    sql: `insert into journal.events (event_id, type, subject, time, data)
      values (gen_random_uuid(), 'order.lost.v1', gen_random_uuid(), now(), '{}')`,
    breaks: ['O2', 'J1'],
  },
];

test('an unchanged shop violates no invariant', async () => {
  const { url } = await openShop();
  expect(await findBroken(url)).toEqual({});
});

test.for(HARMS)('$what: found', async ({ sql, breaks }) => {
  const { url, client } = await openShop();
  await client.query(sql);
  const broken = await findBroken(url);
  expect(Object.keys(broken), `found ${JSON.stringify(broken)}`).toEqual(breaks);
});

describe('folding the journal', () => {
  test('reproduces the tables with any page size', async () => {
    const { url } = await openShop();
    for (const page of [1, 3, 50, 100_000]) {
      expect(await withSnapshot(url, (db) => foldDifferences(db, 10, { page }))).toEqual([]);
    }
  });

  test('finds a refund that is missing in its order, also after the order was dropped from memory', async () => {
    const { url, client } = await openShop();
    await client.query(`update orders.orders
      set refunded_total = 0, status = 'paid', lines = (
        select json_agg(l || '{"refundedQuantity": 0}') from jsonb_array_elements(lines::jsonb) l
      )
      where order_id = (select order_id from orders.orders where status = 'refunded' limit 1)`);
    for (const page of [1, 3, 50, 100_000]) {
      const found = await withSnapshot(url, (db) => foldDifferences(db, 10, { page }));
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(/"status":"refunded"|order\.refunded\.v1/);
    }
  });

  test('reports both the folded row and the stored row', async () => {
    const { url, client } = await openShop();
    await client.query("update wallet.wallets set balance = 7 where user_id = 'customer-2'");
    const { rows } = await client.query<{ user_id: string }>(
      'delete from orders.buyers where user_id = (select min(user_id) from orders.buyers) returning user_id',
    );
    const found = await withSnapshot(url, (db) => foldDifferences(db, 10));
    expect(found).toEqual([
      expect.stringMatching(
        /^wallet\.wallets: the journal gives .*"customer-2".*, the table has .*"balance":7/,
      ),
      expect.stringMatching(
        RegExp(
          `^orders\\.buyers: the journal gives .*"${rows[0]!.user_id}".*, the table has nothing$`,
        ),
      ),
      expect.stringMatching(/^the journal gives \d+ buyers, the table has \d+$/),
    ]);
  });

  test('reports at most the requested number of differences', async () => {
    const { url, client } = await openShop();
    await client.query('update wallet.wallets set balance = balance + 1');
    expect(await withSnapshot(url, (db) => foldDifferences(db, 4))).toHaveLength(4);
  });
});

test('an audit reads one snapshot while others write', async () => {
  const { url, client } = await openShop();
  const seen = await withSnapshot(url, async (db) => {
    const first = await foldDifferences(db, 10);
    await client.query('update wallet.wallets set balance = balance + 1');
    return [first, await foldDifferences(db, 10)];
  });
  expect(seen).toEqual([[], []]);
});

test('an audit writes nothing', async () => {
  const { url } = await openShop();
  const write = withSnapshot(url, (db) => db.query({ text: 'delete from wallet.wallets' }));
  await expect(write).rejects.toMatchObject({ code: '25006' });
});

test('each invariant is reported as soon as it is checked', async () => {
  const { url } = await openShop();
  const told: string[] = [];
  const findings = await withSnapshot(url, (db) =>
    checkInvariants(db, ({ invariant }) => told.push(invariant)),
  );
  expect(told).toEqual(findings.map(({ invariant }) => invariant));
  for (const { tookMs } of findings) expect(tookMs).toBeGreaterThan(0);
});
