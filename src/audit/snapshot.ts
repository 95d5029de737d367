import { Client } from 'pg';
import { SESSION_OPTIONS } from '../database/session.ts';
import type { Queryable } from '../database/statement.ts';

/**
 * Times are read as text. Sorts and hashes of whole tables get more memory than is usual. Thousands
 * of rows that are wanted by their keys are found by an index, not by a scan for each page.
 */
const OPTIONS = `${SESSION_OPTIONS} -c work_mem=64MB -c random_page_cost=1.1`;

/**
 * Reads a database as it is at one instant, however long that takes and whatever is written
 * meanwhile, and writes nothing.
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
  // Whoever waits for an answer is told too.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    return await read(client);
  } finally {
    await client.end();
  }
};
