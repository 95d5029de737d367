import type { TestProject } from 'vitest/node';
import { startTemporaryDatabase } from '../../scripts/temporary-database.ts';

/** One PostgreSQL for all tests; each test file makes itself a database in it. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const database = await startTemporaryDatabase();
  project.provide('databaseUrl', database.url);
  return database.stop;
};
