import { expect, test } from 'vitest';
import { checkInvariants } from '../../audit/audit.ts';
import { openPool } from '../../database/session.ts';
import { assertInvariants, createTestDatabase } from '../../../test/support/database.ts';
import { bodyOf, createOperations } from '../../../test/support/operations.ts';
import { queryColumn } from '../../../test/support/queries.ts';
import { TEST_SETTINGS } from '../../../test/support/settings.ts';
import { createLogKey } from '../../log/index.ts';
import { startSystem } from '../../system.ts';
import { followHistory } from './follow.ts';
import { seedDatabase } from './seed.ts';

const LOG = { eventSource: 'https://shop.example', loadKey: () => Promise.resolve(KEY) };
const KEY = createLogKey();

const CURSORS = `select name from journal.cursors
  where position = (select max(position) from journal.events) order by name`;

const findViolated = async (url: string): Promise<string[]> => {
  const pool = openPool(url, 1);
  try {
    const findings = await checkInvariants(pool);
    return findings.flatMap(({ invariant, violations }) =>
      violations.length > 0 ? invariant : [],
    );
  } finally {
    await pool.end();
  }
};

const seedShop = async (): Promise<string> => {
  const url = await createTestDatabase();
  const size = { orders: 400, products: 20, users: 30, days: 4, seed: 7 };
  await seedDatabase(url, { ...size, until: new Date(), settings: TEST_SETTINGS });
  return url;
};

test('after a seed the subscribers have read the whole journal, and every invariant holds', async () => {
  const url = await seedShop();
  const told: number[] = [];
  await followHistory(url, LOG, (done) => told.push(done));
  expect(await queryColumn(url, CURSORS)).toEqual([
    'best-sellers',
    'sales-report',
    'transparency-log',
  ]);
  expect(told.at(-1)).toBe(1);
  await assertInvariants(url);
  const leaves = 'select count(*) from log.leaves union all select count(*) from journal.events';
  expect(new Set(await queryColumn(url, leaves)).size).toBe(1);

  const system = startSystem(url, TEST_SETTINGS, { log: LOG });
  try {
    const call = createOperations(system.routes);
    const { items } = bodyOf(await call('listBestSellers', { query: { days: 7, limit: 100 } }));
    const listed = items as { productId: string; unitsSold: number }[];
    const sold = `select concat(l."productId", ' ', sum(l.quantity - l."refundedQuantity"))
      from orders.orders o, json_to_recordset(o.lines)
        as l ("productId" uuid, quantity int, "refundedQuantity" int)
      where o.paid_at is not null group by l."productId"
      having sum(l.quantity - l."refundedQuantity") > 0 order by 1`;
    expect(listed.map(({ productId, unitsSold }) => `${productId} ${unitsSold}`).sort()).toEqual(
      await queryColumn(url, sold),
    );
  } finally {
    await system.close();
  }
});

test('without a key the log is left to the service', async () => {
  const url = await seedShop();
  await followHistory(url, undefined);
  expect(await queryColumn(url, CURSORS)).toEqual(['best-sellers', 'sales-report']);
  expect(await queryColumn(url, 'select count(*) from log.leaves')).toEqual(['0']);
});

test.for([
  [
    'B1',
    'update bestseller.sales set units = units + 1 where paid_at > now() - interval $$2 days$$',
  ],
  ['B1', 'delete from bestseller.days'],
  ['R1', 'update report.totals set orders = orders + 1'],
  ['L1', 'delete from log.leaves where leaf_index = 3'],
] as const)(
  'the audit finds damage in what a seed has recorded: %s, %s',
  async ([number, damage]) => {
    const url = await seedShop();
    await followHistory(url, LOG);
    await queryColumn(url, damage);
    expect(await findViolated(url)).toEqual([number]);
  },
);
