import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { seedDatabase } from '../cli/seed/seed.ts';
import { foldJournal } from './fold.ts';

const foldDifferences = async (...[db, limit, options]: Parameters<typeof foldJournal>) =>
  (await foldJournal(db, limit, options)).differences.map(({ violation }) => violation);

/** Changes of each column that compares as text, for one order and one transfer. */
const CHANGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'wallet.transfers': {
    user_id: `'somebody'`,
    number: 'number + 1000000',
    transfer_id: 'gen_random_uuid()',
    kind: `'withdrawal'`,
    amount: 'amount - 1',
    balance_after: 'balance_after + 1',
    reference: 'gen_random_uuid()',
    created_at: `created_at + interval '1 millisecond'`,
  },
  'orders.orders': {
    order_id: 'gen_random_uuid()',
    user_id: `'somebody'`,
    status: `'refunded'`,
    lines: `replace(lines::text, '"quantity":', '"quantity":1')::json`,
    total: 'total + 1',
    refunded_total: 'refunded_total + 1',
    created_at: `created_at + interval '1 millisecond'`,
    expires_at: 'now()',
    paid_at: `paid_at + interval '1 millisecond'`,
    metadata: `'{"note": "x"}'`,
  },
};

test('a change of any column of a transfer or an order is a difference', async () => {
  const url = await createTestDatabase();
  const size = { orders: 40, products: 5, users: 4, days: 1, seed: 3 };
  await seedDatabase(url, { ...size, until: new Date(), settings: TEST_SETTINGS });
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  const differences = async (change: string): Promise<string[]> => {
    await client.query('begin');
    try {
      await client.query(change);
      return await foldDifferences(client, 10);
    } finally {
      await client.query('rollback');
    }
  };
  expect(await differences('select 1')).toEqual([]);
  for (const [table, changes] of Object.entries(CHANGES)) {
    const columns = await client.query<{ name: string }>(
      `select attname as name from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
      [table],
    );
    expect(Object.keys(changes).sort()).toEqual(columns.rows.map(({ name }) => name).sort());
    const where =
      table === 'orders.orders'
        ? `order_id = (select min(order_id::text)::uuid from orders.orders where status = 'paid')`
        : `transfer_id = (select min(transfer_id::text)::uuid from wallet.transfers
            where kind = 'payment')`;
    for (const [column, value] of Object.entries(changes)) {
      const found = await differences(`update ${table} set ${column} = ${value} where ${where}`);
      expect(found, `${table}.${column}`).not.toEqual([]);
    }
  }
});

test('lines and metadata that are written otherwise but have the same values are no difference', async () => {
  const url = await createTestDatabase();
  const size = { orders: 40, products: 5, users: 4, days: 1, seed: 3 };
  await seedDatabase(url, { ...size, until: new Date(), settings: TEST_SETTINGS });
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(`update orders.orders set lines = (' ' || lines::text)::json`);
  expect(await foldDifferences(client, 10)).toEqual([]);
});
