import type { Client } from 'pg';
import { PrimaryClient } from '../database/primary.ts';
import { SESSION_OPTIONS } from '../database/session.ts';
import type { Queryable } from '../database/statement.ts';
import { connectOrExplain } from '../database/unusable.ts';
import { exportSnapshot } from './queries.gen.ts';

/**
 * More memory for sorts and hashes of whole tables, and a low cost of random pages, so that
 * thousands of rows are found by index, not by a scan for each page. No parallel workers: the two
 * connections and the fold take about as long as each other, and workers would only delay the fold.
 */
const OPTIONS =
  `${SESSION_OPTIONS} -c work_mem=64MB -c random_page_cost=1.1 ` +
  '-c max_parallel_workers_per_gather=0';

const connect = async (url: string): Promise<Client> => {
  const client = new PrimaryClient({
    connectionString: url,
    options: OPTIONS,
    application_name: 'moa audit',
    // The next page of the journal is read while another statement runs.
    pipeline: true,
  });
  // The pending query rejects with the same error.
  client.on('error', () => undefined);
  await connectOrExplain(client);
  return client;
};

const BEGIN = 'begin isolation level repeatable read read only';

/** Runs reads in one snapshot of the database: one repeatable read, read-only transaction. */
export const withSnapshot = async <Result>(
  url: string,
  read: (db: Queryable) => Promise<Result>,
): Promise<Result> => {
  const client = await connect(url);
  try {
    await client.query(BEGIN);
    return await read(client);
  } finally {
    await client.end();
  }
};

/**
 * Runs reads in one snapshot on two connections, which can read at the same time (PostgreSQL
 * documentation, section 9.28.5, "Snapshot Synchronization Functions").
 */
export const withSharedSnapshot = (
  url: string,
  read: (first: Queryable, second: Queryable) => Promise<void>,
): Promise<void> =>
  withSnapshot(url, async (first) => {
    const { snapshot } = (await exportSnapshot(first))!;
    const second = await connect(url);
    try {
      await second.query(BEGIN);
      await second.query(`set transaction snapshot '${snapshot}'`);
      await read(first, second);
    } finally {
      await second.end();
    }
  });
