import { expect, test } from 'vitest';
import { assertInvariants, createTestDatabase } from '../../../test/support/database.ts';
import { bodyOf, createOperations } from '../../../test/support/operations.ts';
import { queryColumn } from '../../../test/support/queries.ts';
import { TEST_SETTINGS } from '../../../test/support/settings.ts';
import { startSystem } from '../../system.ts';
import type { Plan } from './plan.ts';
import { seedDatabase } from './seed.ts';

const plan = (change: Partial<Plan> = {}): Plan => ({
  orders: 2_000,
  products: 100,
  users: 60,
  days: 5,
  seed: 42,
  until: new Date(),
  settings: TEST_SETTINGS,
  ...change,
});

const TABLES = [
  'wallet.wallets',
  'wallet.transfers',
  'catalog.products',
  'catalog.descriptions',
  'orders.orders',
  'orders.buyers',
  'journal.events',
] as const;

/** A hash of all rows of each table; an empty table has none. */
const readHashes = async (url: string): Promise<string[]> =>
  (
    await Promise.all(
      TABLES.map((table) =>
        queryColumn(
          url,
          `select md5(string_agg(t::text, e'\\n' order by t::text)) from ${table} t`,
        ),
      ),
    )
  ).flat();

const readNumber = async (url: string, sql: string): Promise<number> =>
  Number((await queryColumn(url, sql))[0]);

test('a history has the planned size and every kind of order, and keeps every invariant', async () => {
  const url = await createTestDatabase();
  const told: number[] = [];
  const until = new Date();
  await seedDatabase(url, plan({ until }), (orders) => told.push(orders));
  await assertInvariants(url);
  expect(told.at(-1)).toBe(2_000);

  expect(await readNumber(url, 'select count(*) from orders.orders')).toBe(2_000);
  expect(await readNumber(url, 'select count(*) from catalog.products')).toBe(100);
  expect(await readNumber(url, 'select count(*) from wallet.wallets')).toBe(60);
  const statuses = await queryColumn(url, 'select distinct status from orders.orders order by 1');
  expect(statuses).toEqual(['cancelled', 'expired', 'paid', 'pending', 'refunded']);
  const refunds = `select count(*) filter (where data ->> 'restock' = 'false') * 1000
    + count(*) from journal.events where type = 'order.refunded.v1'`;
  expect(await readNumber(url, refunds)).toBeGreaterThan(1_000);
  const partly = `select count(*) from orders.orders
    where status = 'paid' and refunded_total > 0`;
  expect(await readNumber(url, partly)).toBeGreaterThan(0);
  const overdue = `select count(*) from orders.orders
    where status = 'pending' and expires_at < timestamptz '${until.toISOString()}' - interval '0.5 s'`;
  expect(await readNumber(url, overdue)).toBe(0);
});

test('keys and positions are in order of time', async () => {
  const url = await createTestDatabase();
  const until = new Date('2026-11-23T10:00:00.000Z');
  await seedDatabase(url, plan({ until, days: 3 }));
  const unordered = (what: string, order: string) =>
    readNumber(
      url,
      `select count(*) from (select ${what} < lag(${what}) over (order by ${order}) as back
       from journal.events) as e where back`,
    );
  expect(await unordered('time', 'position')).toBe(0);
  expect(await unordered('position', 'event_id')).toBe(0);
  const orders = `select count(*) from (select created_at < lag(created_at)
    over (order by order_id) as back from orders.orders) as o where back`;
  expect(await readNumber(url, orders)).toBe(0);
  const [first, last] = await queryColumn(
    url,
    'select extract(epoch from unnest(array[min(time), max(time)])) from journal.events',
  );
  const seconds = until.getTime() / 1_000;
  expect(Number(first)).toBe(seconds - 3 * 86_400);
  expect(Number(last)).toBeLessThanOrEqual(seconds);
});

test('the same plan makes the same history, another seed makes another history', async () => {
  const same = plan({ orders: 300, until: new Date('2026-11-23T10:00:00.000Z') });
  const hashes = await Promise.all(
    [same, same, { ...same, seed: 43 }].map(async (each) => {
      const url = await createTestDatabase();
      await seedDatabase(url, each);
      return readHashes(url);
    }),
  );
  expect(hashes[0]).toEqual(hashes[1]);
  for (const [index, hash] of hashes[2]!.entries()) {
    expect(hash, `of ${TABLES[index]}`).not.toBe(hashes[0]![index]);
  }
});

test('a service can continue a history', async () => {
  const url = await createTestDatabase();
  await seedDatabase(url, plan({ orders: 200 }));
  const system = startSystem(url, TEST_SETTINGS);
  try {
    const call = createOperations(system.routes);
    const { items } = bodyOf(await call('listProducts', { query: { sort: 'price' } }));
    const [{ productId, price }] = items as [{ productId: string; price: number }];
    const userId = 'customer-1';
    await call('chargeWallet', { params: { userId }, body: { amount: price }, key: 'charge' });
    const body = { userId, items: [{ productId, quantity: 1 }] };
    expect(bodyOf(await call('checkout', { body, key: 'order' }))['status']).toBe('paid');
  } finally {
    await system.close();
  }
  await assertInvariants(url);
});

test.for([1, 7, 120])('a shop of any size keeps the invariants: %i orders', async (orders) => {
  const url = await createTestDatabase();
  const settings = { ...TEST_SETTINGS, pendingMax: 1, reservationMs: 10_000 };
  await seedDatabase(url, plan({ orders, products: 1, users: orders * 2, days: 1, settings }));
  await assertInvariants(url);
  expect(await readNumber(url, 'select count(*) from orders.orders')).toBe(orders);
  expect(await readNumber(url, 'select count(*) from wallet.wallets')).toBe(orders * 2);
});

test('a database with orders is refused and not changed', async () => {
  const url = await createTestDatabase();
  await seedDatabase(url, plan({ orders: 20 }));
  const before = await readHashes(url);
  await expect(seedDatabase(url, plan({ seed: 1 }))).rejects.toThrow('has orders already');
  expect(await readHashes(url)).toEqual(before);
});

test('of two seeds at once one fills the database and the other is refused', async () => {
  const url = await createTestDatabase();
  const outcomes = await Promise.allSettled([seedDatabase(url, plan()), seedDatabase(url, plan())]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await readNumber(url, 'select count(*) from orders.orders')).toBe(2_000);
  await assertInvariants(url);
});

test('a seed that fails leaves no rows', async () => {
  const url = await createTestDatabase();
  // The plan's last user exists already; wallets are written last.
  await queryColumn(url, "insert into wallet.wallets values ('customer-60', 0, 0, now(), now())");
  await expect(seedDatabase(url, plan())).rejects.toMatchObject({ code: '23505' });
  const counts = TABLES.map((table) => readNumber(url, `select count(*) from ${table}`));
  expect(await Promise.all(counts)).toEqual([1, 0, 0, 0, 0, 0, 0]);
});
