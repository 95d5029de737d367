import { expect, test } from 'vitest';
import { openPool } from '../src/database/session.ts';
import { migrate } from '../src/database/migrate.ts';
import { createJournalReader } from '../src/journal/index.ts';
import { startSystem } from '../src/system.ts';
import { assertInvariants } from './support/database.ts';
import { OLDEST, findInstalled, startInstalled } from './support/installed-postgres.ts';
import { bodyOf, createOperations } from './support/operations.ts';
import { queryColumn } from './support/queries.ts';
import { TEST_SETTINGS } from './support/settings.ts';

test('a shop runs on the oldest supported PostgreSQL', async ({ skip, task }) => {
  const installed = await findInstalled();
  if (installed === undefined) {
    const reason = `no PostgreSQL ${OLDEST} or newer in /usr/lib/postgresql or the PATH`;
    if (process.env['CI']) throw new Error(reason);
    process.stdout.write(`not run: "${task.name}": ${reason}\n`);
    skip(reason);
    return;
  }
  process.stdout.write(`PostgreSQL ${installed.version} in ${installed.folder}\n`);
  const url = await startInstalled(installed);
  expect(await queryColumn(url, 'show server_version_num')).toEqual([
    expect.stringMatching(new RegExp(`^${installed.version}`)),
  ]);
  await migrate(url);
  await sell(url);
  await assertInvariants(url);
});

/** Charges a wallet, sells, repeats the order with its key, and reads the results. */
const sell = async (url: string): Promise<void> => {
  const system = startSystem(url, TEST_SETTINGS);
  const call = createOperations(system.routes);
  const alice = { userId: 'alice' };
  try {
    await call('putUser', { params: alice, body: { name: 'Alice' } });
    await call('chargeWallet', { params: alice, body: { amount: 1_000 }, key: 'charge' });
    const tea = { name: '유자차', price: 300, stock: 5 };
    const { productId } = bodyOf(await call('createProduct', { body: tea }));
    const order = { ...alice, items: [{ productId, quantity: 2 }] };
    const paid = await call('checkout', { body: order, key: 'order' });
    expect(bodyOf(paid)).toMatchObject({ status: 'paid', total: 600, balance: 400 });
    const again = await call('checkout', { body: order, key: 'order' });
    expect(again).toEqual({ ...paid, replayed: true });

    const list = bodyOf(await call('listProducts'));
    expect(list['items']).toEqual([expect.objectContaining({ productId, stock: 3 })]);
    const entries = bodyOf(await call('listWalletEntries', { params: alice }));
    expect(entries['items']).toMatchObject([{ amount: -600 }, { amount: 1_000 }]);
  } finally {
    await system.close();
  }
  const pool = openPool(url, 1);
  const types = (await createJournalReader(pool).read(0, 10)).map(({ type }) => type);
  await pool.end();
  expect(types).toEqual([
    'wallet.opened.v1',
    'wallet.charged.v1',
    'product.created.v1',
    'order.paid.v1',
  ]);
};
