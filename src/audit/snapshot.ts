import type { ClientConfig } from 'pg';
import { withReadClient } from '../database/client.ts';
import { SESSION_OPTIONS } from '../database/session.ts';
import type { Queryable } from '../database/statement.ts';
import { exportSnapshot } from './queries.gen.ts';

/**
 * More memory for sorts and hashes of whole tables, and a low cost of random pages, so that
 * thousands of rows are found by index, not by a scan for each page. No parallel workers: the two
 * connections and the fold take about as long as each other, and workers would only delay the fold.
 * A statement may take long, whatever limit the role or the server has.
 */
const OPTIONS =
  `${SESSION_OPTIONS} -c work_mem=64MB -c random_page_cost=1.1 ` +
  '-c max_parallel_workers_per_gather=0 -c statement_timeout=0';

const configOf = (url: string): ClientConfig => ({
  connectionString: url,
  options: OPTIONS,
  application_name: 'moa audit',
  // The next page of the journal is read while another statement runs.
  pipeline: true,
});

const BEGIN = 'begin isolation level repeatable read read only';

/**
 * Runs reads in one snapshot of the database: one repeatable read, read-only transaction. The
 * database may be a standby.
 */
export const withSnapshot = <Result>(
  url: string,
  read: (db: Queryable) => Promise<Result>,
): Promise<Result> =>
  withReadClient(configOf(url), async (client) => {
    await client.query(BEGIN);
    return read(client);
  });

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
    await withReadClient(configOf(url), async (second) => {
      await second.query(BEGIN);
      await second.query(`set transaction snapshot '${snapshot}'`);
      await read(first, second);
    });
  });
