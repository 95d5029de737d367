import { createHash } from 'node:crypto';
import { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { isMigrated, migrate, readMigrations, type Migration } from './migrate.ts';

const STARTS = 20;

/** A database without anything of ours, and connections to look at it. */
const createEmptyDatabase = async () => {
  const url = await createTestDatabase();
  const pool = new Pool({ connectionString: url, max: 2 });
  onTestFinished(() => pool.end());
  await pool.query(`
    do $$ declare ours name; begin
      for ours in select nspname from pg_namespace where nspname !~ '^(pg_|information_schema)' loop
        execute format('drop schema %I cascade', ours);
      end loop;
    end $$`);
  const schemas = async (): Promise<string[]> => {
    const { rows } = await pool.query<{ name: string }>(`
      select nspname as name from pg_namespace where nspname !~ '^(pg_|information_schema)'
      order by nspname`);
    return rows.map(({ name }) => name);
  };
  return { url, pool, schemas };
};

const migration = (name: string, sql: string): Migration => ({
  name,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
});

const FIRST = migration('000001_first.sql', 'create schema first; create table first.notes ()');
const SECOND = migration('000002_second.sql', 'create schema second');

test('an empty database gets every migration, in order, and only once', async () => {
  const { url, pool } = await createEmptyDatabase();
  const migrations = await readMigrations();
  const names = migrations.map(({ name }) => name);
  expect(names).toContain('000001_foundation.sql');
  expect(names.toSorted()).toEqual(names);
  expect(await migrate(url)).toEqual(names);
  expect(await migrate(url)).toEqual([]);
  expect(await isMigrated(pool, migrations)).toBe(true);
});

test('of many that start at once, one migrates and the others wait for it', async () => {
  const { url, pool } = await createEmptyDatabase();
  const migrations = await readMigrations();
  const done = await Promise.all(
    Array.from({ length: STARTS }, async () => {
      const names = await migrate(url);
      // Whoever comes back can work: nobody goes on before the migrations are there.
      await pool.query('select from orders.orders');
      return names;
    }),
  );
  const working = done.filter((names) => names.length > 0);
  expect(working).toEqual([migrations.map(({ name }) => name)]);
});

test('a newer version adds what is missing', async () => {
  const { url, pool, schemas } = await createEmptyDatabase();
  expect(await migrate(url, [FIRST])).toEqual([FIRST.name]);
  expect(await isMigrated(pool, [FIRST, SECOND])).toBe(false);
  expect(await migrate(url, [FIRST, SECOND])).toEqual([SECOND.name]);
  expect(await isMigrated(pool, [FIRST, SECOND])).toBe(true);
  expect(await schemas()).toEqual(['first', 'moa', 'second']);
});

test('a migration that was edited afterwards is refused by name', async () => {
  const { url, schemas } = await createEmptyDatabase();
  await migrate(url, [FIRST]);
  const edited = migration(FIRST.name, `${FIRST.sql};`);
  await expect(migrate(url, [edited, SECOND])).rejects.toThrow(
    'migration 000001_first.sql was edited after it had been carried out',
  );
  expect(await schemas()).toEqual(['first', 'moa']);
});

test('a database that a newer version has migrated is refused', async () => {
  const { url, schemas } = await createEmptyDatabase();
  await migrate(url, [FIRST, SECOND]);
  const other = migration('000003_other.sql', 'create schema other');
  await expect(migrate(url, [FIRST, other])).rejects.toThrow(
    'the database is newer than this version of Moa: it has 000002_second.sql',
  );
  expect(await schemas()).toEqual(['first', 'moa', 'second']);
});

test('a migration that fails leaves nothing of itself, and can be corrected', async () => {
  const { url, schemas } = await createEmptyDatabase();
  const broken = migration('000002_second.sql', 'create schema second; select 1 / 0');
  const failed = migrate(url, [FIRST, broken]);
  await expect(failed).rejects.toThrow('migration 000002_second.sql failed');
  await expect(failed).rejects.toMatchObject({ cause: { message: 'division by zero' } });
  expect(await schemas()).toEqual(['first', 'moa']);
  expect(await migrate(url, [FIRST, SECOND])).toEqual([SECOND.name]);
});

test('a migration that cannot be written down leaves nothing of itself', async () => {
  const { url, schemas } = await createEmptyDatabase();
  await migrate(url, [FIRST]);
  const broken = migration('000002_second.sql', 'create schema second; drop table moa.migrations');
  await expect(migrate(url, [FIRST, broken])).rejects.toThrow('migration 000002_second.sql failed');
  expect(await schemas()).toEqual(['first', 'moa']);
  expect(await migrate(url, [FIRST, SECOND])).toEqual([SECOND.name]);
});

test('a failed migration does not keep the next start waiting', async () => {
  const { url } = await createEmptyDatabase();
  const broken = migration(FIRST.name, 'broken');
  const failures = await Promise.allSettled([broken, broken].map((each) => migrate(url, [each])));
  expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await migrate(url, [FIRST])).toEqual([FIRST.name]);
});
