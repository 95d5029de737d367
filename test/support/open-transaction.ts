import { Client } from 'pg';
import { onTestFinished } from 'vitest';
import { createTestDatabase } from './database.ts';

/**
 * Begins a transaction with an id in another database of the same server. Until it ends, no later
 * event is decided. Returns a function that commits it.
 */
export const openTransactionElsewhere = async (): Promise<() => Promise<void>> => {
  const client = new Client({ connectionString: await createTestDatabase() });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin; select pg_current_xact_id()');
  return async () => {
    await client.query('commit');
  };
};
