import type { Pool, PoolClient } from 'pg';

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
