import { inject, onTestFinished } from 'vitest';
import { checkInvariants } from '../../src/audit/audit.ts';
import { openPool } from '../../src/database/session.ts';
import { DATABASE, SERVICE_ROLE } from '../../src/postgres/service-role.ts';
import { runSql } from './queries.ts';

/** The server of this worker. */
const server = (): { readonly url: string; readonly superuserUrl: string } => {
  const own = inject('databases')?.[Number(process.env['VITEST_POOL_ID']) - 1];
  if (own !== undefined) return own;
  throw new Error('A test that needs PostgreSQL is in a file that ends in .db.test.ts');
};

const urlOf = (database: string, serverUrl: string): string => {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
};

// Connects to the database `postgres`, because the template must have no connection while copied.
const asSuperuser = (sql: string): Promise<void> =>
  runSql(urlOf('postgres', server().superuserUrl), sql);

/** The content of a new database: all migrations, or nothing. */
export type Template = 'migrated' | 'empty';

const TEMPLATES: Readonly<Record<Template, string>> = { migrated: DATABASE, empty: 'template1' };

let count = 0;

/**
 * Creates a database for all tests of a file, owned by the service role; returns its URL. The
 * superuser creates and drops it, because only a superuser can end an autovacuum worker in it.
 */
export const createFileDatabase = async (template: Template = 'migrated'): Promise<string> => {
  const name = `test_${process.pid}_${++count}`;
  await asSuperuser(
    `create database ${name} owner ${SERVICE_ROLE} template ${TEMPLATES[template]}
     strategy file_copy`,
  );
  return urlOf(name, server().url);
};

/** Creates a database for the current test; it is dropped after the test. */
export const createTestDatabase = async (template: Template = 'migrated'): Promise<string> => {
  const url = await createFileDatabase(template);
  const name = new URL(url).pathname.slice(1);
  onTestFinished(() => asSuperuser(`drop database ${name} with (force)`));
  return url;
};

/**
 * Creates a role for the current test, with rights such as `createdb`; returns the URL with which it
 * connects to a database. The role is dropped after the test; drop what it owns before.
 */
export const createTestRole = async (databaseUrl: string, rights: string): Promise<string> => {
  const name = `test_role_${process.pid}_${++count}`;
  await asSuperuser(`create role ${name} login password '${name}' ${rights}`);
  onTestFinished(() => asSuperuser(`drop role ${name}`));
  const url = new URL(databaseUrl);
  Object.assign(url, { username: name, password: name });
  return url.href;
};

/** Throws unless every invariant holds; called at the end of load tests. */
export const assertInvariants = async (url: string): Promise<void> => {
  const pool = openPool(url, 1);
  try {
    const broken = (await checkInvariants(pool)).filter(({ violations }) => violations.length > 0);
    if (broken.length > 0) throw new Error(JSON.stringify(broken, undefined, 2));
  } finally {
    await pool.end();
  }
};
