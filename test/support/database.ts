import { inject, onTestFinished } from 'vitest';
import { checkInvariants } from '../../src/audit/audit.ts';
import { openPool } from '../../src/database/session.ts';
import { DATABASE, SERVICE_ROLE } from '../../src/database/service-role.ts';
import { runSql } from './queries.ts';

const urlOf = (database: string, server: string): string => {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
};

// In another database than the template, which nobody may use while it is copied.
const asSuperuser = (sql: string): Promise<void> =>
  runSql(urlOf('postgres', inject('superuserUrl')), sql);

/** What a new database has: all that the migrations make, or nothing. */
export type Template = 'migrated' | 'empty';

const TEMPLATES: Readonly<Record<Template, string>> = { migrated: DATABASE, empty: 'template1' };

/**
 * A database that the service's role owns. The superuser creates and drops it: PostgreSQL lets
 * nobody else end an autovacuum worker that is in it.
 */
export const createDatabase = async (name: string, template: Template): Promise<string> => {
  await asSuperuser(
    `create database ${name} owner ${SERVICE_ROLE} template ${TEMPLATES[template]}`,
  );
  return urlOf(name, inject('databaseUrl'));
};

let count = 0;

/** A database of its own for the running test; it goes away with the test. */
export const createTestDatabase = async (template: Template = 'migrated'): Promise<string> => {
  const name = `test_${process.pid}_${++count}`;
  const url = await createDatabase(name, template);
  onTestFinished(() => asSuperuser(`drop database ${name} with (force)`));
  return url;
};

/** Throws unless every invariant holds: how every storm ends. */
export const assertInvariants = async (url: string): Promise<void> => {
  const pool = openPool(url, 1);
  try {
    const broken = (await checkInvariants(pool)).filter(({ violations }) => violations.length > 0);
    if (broken.length > 0) throw new Error(JSON.stringify(broken, undefined, 2));
  } finally {
    await pool.end();
  }
};
