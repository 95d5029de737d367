import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { startPostgresProxy } from '../../../test/support/postgres-proxy.ts';
import { waitUntil } from '../../../test/support/wait.ts';
import { openPool } from '../../database/session.ts';
import { startAuditor } from './auditor.ts';

test('the audit goes on after its database has vanished without a word', async () => {
  const url = await createTestDatabase();
  const proxy = await startPostgresProxy(url);
  const pool = openPool(url, 3);
  const faults: unknown[] = [];
  let rounds = 0;
  const auditor = startAuditor(proxy.url, pool, {
    everyMs: 50,
    scrubMs: 3_600_000,
    queryMaxMs: 2_000,
    onRound: () => rounds++,
    onFault: (error) => faults.push(error),
  });
  onTestFinished(() => auditor.stop().then(() => pool.end()));
  await waitUntil(() => rounds > 0, 'a round');
  proxy.vanish();
  const before = rounds;
  // The round that was running may have had all its answers.
  await waitUntil(() => rounds > before + 1, 'a round on a new connection');
  expect(faults).not.toEqual([]);
});
