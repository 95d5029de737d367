import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { queryColumn } from '../../test/support/queries.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { openPool } from './session.ts';
import { inTransaction } from './transaction.ts';

test('a connection that is lost between two statements fails only its transaction', async () => {
  const url = await createTestDatabase();
  const pool = openPool(url, 1);
  onTestFinished(() => pool.end());
  let removed = false;
  pool.on('remove', () => (removed = true));

  const work = inTransaction(pool, async (db) => {
    const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
    const lost = new Promise((resolve) => db.once('end', resolve));
    await queryColumn(url, 'select pg_terminate_backend($1)', [rows[0]?.pid]);
    await lost;
    await db.query('select 1');
  });

  await expect(work).rejects.toThrow('not queryable');
  await waitUntil(() => removed, 'the pool to remove the connection');
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});
