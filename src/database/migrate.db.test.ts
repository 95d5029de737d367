import { createHash } from 'node:crypto';
import { Pool } from 'pg';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createFileDatabase } from '../../test/support/database.ts';
import { queryColumn } from '../../test/support/queries.ts';
import { isMigrated, migrate, readMigrations, type Migration } from './migrate.ts';

const STARTS = 20;

/** The database of this file; the PostgreSQL of the test run removes it. */
let url: string;
let pool: Pool;
beforeAll(async () => {
  url = await createFileDatabase('empty');
  pool = new Pool({ connectionString: url, max: 2 });
  return () => pool.end();
});

/** Each test starts with a database without Moa's schemas. */
beforeEach(async () => {
  const ours = await readSchemas();
  if (ours.length > 0) await pool.query(`drop schema ${ours.join(', ')} cascade`);
});

const readSchemas = (): Promise<string[]> =>
  queryColumn(
    url,
    `select quote_ident(nspname) from pg_namespace
     where nspname !~ '^(pg_|information_schema$|public$)' order by nspname`,
  );

const migration = (name: string, sql: string): Migration => ({
  name,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
});

const FIRST = migration('000001_first.sql', 'create schema first; create table first.notes ()');
const SECOND = migration('000002_second.sql', 'create schema second');

test('an empty database gets every migration, in order and once', async () => {
  const migrations = await readMigrations();
  const names = migrations.map(({ name }) => name);
  expect(names).toContain('000001_foundation.sql');
  expect(names.toSorted()).toEqual(names);
  expect(await migrate(url)).toEqual(names);
  expect(await migrate(url)).toEqual([]);
  expect(await isMigrated(pool, migrations)).toBe(true);
});

test('of several concurrent starts, one migrates and the others wait', async () => {
  const migrations = await readMigrations();
  const done = await Promise.all(
    Array.from({ length: STARTS }, async () => {
      const names = await migrate(url);
      // Each caller returns only after all migrations.
      await pool.query('select from orders.orders');
      return names;
    }),
  );
  const working = done.filter((names) => names.length > 0);
  expect(working).toEqual([migrations.map(({ name }) => name)]);
});

test('a newer version applies the missing migrations', async () => {
  expect(await migrate(url, [FIRST])).toEqual([FIRST.name]);
  expect(await isMigrated(pool, [FIRST, SECOND])).toBe(false);
  expect(await migrate(url, [FIRST, SECOND])).toEqual([SECOND.name]);
  expect(await isMigrated(pool, [FIRST, SECOND])).toBe(true);
  expect(await readSchemas()).toEqual(['first', 'moa', 'second']);
});

test('an edited migration is rejected by name', async () => {
  await migrate(url, [FIRST]);
  const edited = migration(FIRST.name, `${FIRST.sql};`);
  await expect(migrate(url, [edited, SECOND])).rejects.toThrow(
    'migration 000001_first.sql was edited after it was applied',
  );
  expect(await readSchemas()).toEqual(['first', 'moa']);
});

test('a database that a newer version has migrated is rejected', async () => {
  await migrate(url, [FIRST, SECOND]);
  const other = migration('000003_other.sql', 'create schema other');
  await expect(migrate(url, [FIRST, other])).rejects.toThrow(
    'the database is newer than this version of Moa: it has 000002_second.sql',
  );
  expect(await readSchemas()).toEqual(['first', 'moa', 'second']);
});

test('a failed migration has no effect and can be corrected', async () => {
  const broken = migration('000002_second.sql', 'create schema second; select 1 / 0');
  const failed = migrate(url, [FIRST, broken]);
  await expect(failed).rejects.toThrow('migration 000002_second.sql failed');
  await expect(failed).rejects.toMatchObject({ cause: { message: 'division by zero' } });
  expect(await readSchemas()).toEqual(['first', 'moa']);
  expect(await migrate(url, [FIRST, SECOND])).toEqual([SECOND.name]);
});

test('a migration that cannot be recorded has no effect', async () => {
  await migrate(url, [FIRST]);
  const broken = migration('000002_second.sql', 'create schema second; drop table moa.migrations');
  await expect(migrate(url, [FIRST, broken])).rejects.toThrow('migration 000002_second.sql failed');
  expect(await readSchemas()).toEqual(['first', 'moa']);
  expect(await migrate(url, [FIRST, SECOND])).toEqual([SECOND.name]);
});

test('a failed migration does not block the next start', async () => {
  const broken = migration(FIRST.name, 'broken');
  const failures = await Promise.allSettled([broken, broken].map((each) => migrate(url, [each])));
  expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await migrate(url, [FIRST])).toEqual([FIRST.name]);
});
