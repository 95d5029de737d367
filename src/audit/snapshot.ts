import { Client } from 'pg';
import { SESSION_OPTIONS } from '../database/session.ts';
import type { Queryable } from '../database/statement.ts';
import { connectOrExplain } from '../database/unusable.ts';

/**
 * More memory for sorts and hashes of whole tables, and a low cost of random pages, so that
 * thousands of rows are found by index, not by a scan for each page.
 */
const OPTIONS = `${SESSION_OPTIONS} -c work_mem=64MB -c random_page_cost=1.1`;

/**
 * Runs reads in one snapshot of the database: one repeatable read, read-only transaction.
 */
export const withSnapshot = async <Result>(
  url: string,
  read: (db: Queryable) => Promise<Result>,
): Promise<Result> => {
  const client = new Client({
    connectionString: url,
    options: OPTIONS,
    application_name: 'moa audit',
  });
  // The pending query rejects with the same error.
  client.on('error', () => undefined);
  await connectOrExplain(client);
  try {
    await client.query('begin isolation level repeatable read read only');
    return await read(client);
  } finally {
    await client.end();
  }
};
