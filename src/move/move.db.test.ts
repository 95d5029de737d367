import { expect, test } from 'vitest';
import { contentOf } from '../../test/support/content.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { queryColumn, runSql } from '../../test/support/queries.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { migrate } from '../database/migrate.ts';
import { startSystem } from '../system.ts';
import { moveShop } from './index.ts';

const move = (sourceUrl: string, targetUrl: string) =>
  moveShop({ sourceUrl, targetUrl, onProgress: () => undefined });

/** A shop with a paid order that sells no more. */
const openShop = async (): Promise<string> => {
  const url = await createTestDatabase();
  const system = startSystem(url, TEST_SETTINGS);
  const call = createOperations(system.routes);
  const alice = { userId: 'alice' };
  await call('putUser', { params: alice, body: { name: 'Alice \\ \t유자' } });
  await call('chargeWallet', { params: alice, body: { amount: 1_000 } });
  const { productId } = bodyOf(
    await call('createProduct', { body: { name: '유자차', price: 300, stock: 5 } }),
  );
  await call('checkout', { body: { ...alice, items: [{ productId, quantity: 2 }] } });
  await system.close();
  return url;
};

test('a target that a failed move has left is empty, and takes the next move', async () => {
  const [source, target] = [await openShop(), await createTestDatabase('empty')];
  await migrate(target);
  const fresh = await contentOf(target);
  await runSql(
    target,
    `create function fail() returns trigger language plpgsql as
       $$ begin raise exception 'the disk is full'; end $$;
     create trigger fail before insert on wallet.wallets execute function fail()`,
  );
  await expect(move(source, target)).rejects.toThrow('the disk is full');
  expect(await contentOf(target)).toEqual(fresh);
  await runSql(target, 'drop function fail() cascade');
  const { tables, rows } = await move(source, target);
  const moved = await contentOf(target);
  expect(moved).toEqual(await contentOf(source));
  expect(tables).toBe(moved.filter((line) => !line.includes('_seq ')).length);
  expect(rows).toBeGreaterThan(10);
  await expect(move(source, target)).rejects.toThrow(
    /^The target has data of a shop already: \S+ has rows\. Name an empty database\.$/,
  );
});

test('a shop of another version, or with a table that Moa does not have, is not moved', async () => {
  const [source, target] = [await openShop(), await createTestDatabase('empty')];
  await runSql(source, 'create schema notes; create table notes.pages (text text)');
  await expect(move(source, target)).rejects.toThrow(
    'Moa has no table notes.pages with the columns text. Drop it, or move it by hand.',
  );
  await runSql(source, 'drop schema notes cascade');
  await runSql(source, "delete from moa.migrations where name like '000015%'");
  const other = /does not have the migrations of this version/;
  await expect(move(source, target)).rejects.toThrow(other);
  await expect(move(await createTestDatabase('empty'), target)).rejects.toThrow(other);
  const orders = 'select count(*) from orders.orders';
  expect(await queryColumn(target, orders)).toEqual(['0']);
});
