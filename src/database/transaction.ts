import type { Pool, PoolClient } from 'pg';

/**
 * Runs statements in one transaction on a connection of its own. Commits when `work` resolves; rolls
 * back when it rejects, and rejects with the same error.
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
    // Closing the connection rolls back, also when it no longer answers.
    client.release(true);
    throw error;
  }
};
