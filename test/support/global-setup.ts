import type { TestProject } from 'vitest/node';
import { startTemporaryDatabase } from '../../scripts/temporary-database.ts';
import { SERVICE_ROLE } from '../../src/database/service-role.ts';
import { runSql } from './queries.ts';

/** One PostgreSQL for all tests; each test file makes itself a database in it. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const database = await startTemporaryDatabase();
  // A test decides which of two transactions looks for a deadlock first.
  const grant = `grant set on parameter deadlock_timeout to ${SERVICE_ROLE}`;
  await runSql(database.superuserUrl, grant);
  project.provide('databaseUrl', database.url);
  project.provide('superuserUrl', database.superuserUrl);
  return database.stop;
};
