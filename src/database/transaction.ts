import type { Pool, PoolClient } from 'pg';

/** Runs reads in one snapshot: one repeatable read, read-only transaction, ended in any case. */
export const inSnapshot = <Result>(
  pool: Pool,
  read: (db: PoolClient) => Promise<Result>,
): Promise<Result> =>
  inTransaction(pool, async (db) => {
    await db.query('set transaction isolation level repeatable read, read only');
    return read(db);
  });

/**
 * Runs statements in one transaction on a separate connection. Commits when `work` resolves; rolls
 * back when `work` rejects, and rejects with the same error.
 */
export const inTransaction = async <Result>(
  pool: Pool,
  work: (db: PoolClient) => Promise<Result>,
): Promise<Result> => {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // Closing the connection rolls back, even if the database does not answer.
    client.release(true);
    throw error;
  }
};
