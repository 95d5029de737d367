import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { newId } from '../database/ids.ts';
import { closePool, openPool } from '../database/session.ts';
import { startRetention } from './index.ts';
import { insertEffects } from './queries.gen.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

test('a key is deleted after sixteen days and not before', async () => {
  const pool = openPool(await createTestDatabase(), 1);
  onTestFinished(() => closePool(pool));
  const effectOf = (days: number) => ({
    keyId: newId(),
    fingerprint: newId(),
    status: 201,
    body: `${days} days`,
    createdAt: new Date(Date.now() - days * DAY_MS),
  });
  await insertEffects(pool, [0, 15, 17, 40].map(effectOf));
  const faults: unknown[] = [];
  const retention = startRetention(pool, (error) => faults.push(error));
  const kept = async (): Promise<string[]> => {
    const { rows } = await pool.query<{ body: string }>(
      'select body from commit.idempotency_keys order by created_at desc',
    );
    return rows.map(({ body }) => body);
  };
  await waitUntil(async () => (await kept()).length < 4, 'old keys to be deleted');
  await retention.stop();
  expect(await kept()).toEqual(['0 days', '15 days']);
  expect(faults).toEqual([]);
});
