import { expect, onTestFinished, test } from 'vitest';
import { createCounterDatabase } from '../../test/support/counter-commit.ts';
import { openTransactionElsewhere } from '../../test/support/open-transaction.ts';
import { openPool } from '../database/session.ts';
import { createJournalReader, createSettled } from './index.ts';

const start = async () => {
  const pool = openPool(await createCounterDatabase(), 1);
  onTestFinished(() => pool.end());
  const now = async (): Promise<Date> => {
    const { rows } = await pool.query<{ now: Date }>(
      `select date_trunc('milliseconds', clock_timestamp()) as now`,
    );
    return rows[0]!.now;
  };
  return { settled: createSettled(pool, createJournalReader(pool)), now };
};

test('the present is settled at once, the future is not', async () => {
  const { settled, now } = await start();
  const present = await now();
  expect(await settled(present)).toEqual(present);
  expect(await settled(new Date(present.getTime() + 60_000))).toBeUndefined();
});

test('while a transaction is open, an earlier time is settled', async () => {
  const { settled, now } = await start();
  const before = await now();
  expect(await settled(before)).toEqual(before);
  const commit = await openTransactionElsewhere();
  const during = await now();
  const found = await settled(during);
  expect(found!.getTime()).toBeLessThan(during.getTime());
  expect(found!.getTime()).toBeGreaterThanOrEqual(before.getTime());
  await commit();
  expect(await settled(during)).toEqual(during);
});
