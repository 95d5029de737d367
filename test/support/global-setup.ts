import type { TestProject } from 'vitest/node';
import {
  startTemporaryDatabase,
  type TemporaryDatabase,
} from '../../scripts/temporary-database.ts';
import { SERVICE_ROLE } from '../../src/postgres/service-role.ts';
import { runSql } from './queries.ts';

/**
 * Starts a PostgreSQL for each worker: an open transaction in any database of a server delays every
 * journal on that server, so concurrent files must not share one.
 */
export default async (project: TestProject): Promise<() => Promise<unknown>> => {
  const workers = Array.from({ length: project.config.maxWorkers }, startForTests);
  const databases = await Promise.all(workers);
  project.provide(
    'databases',
    databases.map(({ url, superuserUrl }) => ({ url, superuserUrl })),
  );
  return () => Promise.all(databases.map(({ stop }) => stop()));
};

const startForTests = async (): Promise<TemporaryDatabase> => {
  const database = await startTemporaryDatabase();
  for (const statement of [
    // A test controls which of two transactions detects a deadlock first.
    `grant set on parameter deadlock_timeout to ${SERVICE_ROLE}`,
    // Tests of crashes start an embedded PostgreSQL with the product's settings.
    'alter system set fsync = off',
    // Its transactions would delay every journal on the server, at moments that no test knows of.
    'alter system set autovacuum = off',
    'select pg_reload_conf()',
  ]) {
    await runSql(database.superuserUrl, statement);
  }
  return database;
};
