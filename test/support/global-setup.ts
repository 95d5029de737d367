import type { TestProject } from 'vitest/node';
import {
  startTemporaryDatabase,
  type TemporaryDatabase,
} from '../../scripts/temporary-database.ts';
import { SERVICE_ROLE } from '../../src/postgres/service-role.ts';
import { runSql } from './queries.ts';

/**
 * A PostgreSQL for each worker: a transaction that is open anywhere on a server holds up every
 * journal on it, so files that run at the same time must not share one.
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
    // A test decides which of two transactions looks for a deadlock first.
    `grant set on parameter deadlock_timeout to ${SERVICE_ROLE}`,
    // Tests of crashes start a PostgreSQL of their own, with the settings of the product.
    'alter system set fsync = off',
    'select pg_reload_conf()',
  ]) {
    await runSql(database.superuserUrl, statement);
  }
  return database;
};
