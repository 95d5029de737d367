import { createHash } from 'node:crypto';
import { Client, type Pool } from 'pg';
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createFileDatabase } from '../../test/support/database.ts';
import { queryColumn } from '../../test/support/queries.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { applyMigration } from './apply-migration.ts';
import { migrate, readMigrationState, readMigrations, type Migration } from './migrate.ts';
import { closePool, openPool } from './session.ts';
import { UnusableDatabase } from './unusable.ts';

const STARTS = 20;

/** The database of this file; the PostgreSQL of the test run removes it. */
let url: string;
let pool: Pool;
beforeAll(async () => {
  url = await createFileDatabase('empty');
  pool = openPool(url, 2);
  return () => closePool(pool);
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

const migration = (
  name: string,
  sql: string,
  compatible: Migration['compatible'] = 'contract',
): Migration => ({
  name,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
  compatible,
});

const FIRST = migration('000001_first.sql', 'create schema first; create table first.notes ()');
const SECOND = migration('000002_second.sql', 'create schema second');
const ADDED = migration('000003_added.sql', 'create schema added', 'expand');
const CURRENT = { usable: true, state: 'current' };

test('an empty database gets every migration, in order and once', async () => {
  const migrations = await readMigrations();
  const names = migrations.map(({ name }) => name);
  expect(names).toContain('000001_foundation.sql');
  expect(names.toSorted()).toEqual(names);
  expect(await migrate(url)).toEqual(names);
  expect(await migrate(url)).toEqual([]);
  expect(await readMigrationState(pool, migrations)).toEqual(CURRENT);
});

/** Begins a transaction that holds a lock of a table; returns its `query`. */
const holdLock = async (
  table: string,
  mode: string,
): Promise<(sql: string) => Promise<unknown>> => {
  const client = new Client({ connectionString: url, application_name: 'a backup' });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(`begin; lock table ${table} in ${mode} mode`);
  return (sql) => client.query(sql);
};

const countWaiting = async (): Promise<number> => {
  const waiting = 'select count(*) from pg_locks where not granted';
  return Number((await queryColumn(url, waiting))[0]);
};

test('a migration lets go of its locks when a service has the others, and begins again', async () => {
  await migrate(url, [FIRST]);
  await pool.query('create table first.others ()');
  const service = await holdLock('first.others', 'access share');
  const sql = 'lock table first.notes; lock table first.others; create schema second';
  const migrated = migrate(url, [FIRST, migration('000002_second.sql', sql)]);
  await waitUntil(async () => (await countWaiting()) === 1, 'the migration');
  // Each now waits for the other.
  await service('lock table first.notes in access share mode');
  await service('commit');
  expect(await migrated).toEqual(['000002_second.sql']);
});

test('a migration that PostgreSQL aborts to resolve a deadlock begins again', async () => {
  await migrate(url, [FIRST]);
  // A number that was taken stays taken after a rollback.
  await pool.query('create sequence first.attempts');
  const sql = `create schema second; do $$ begin
    if nextval('first.attempts') = 1 then raise 'deadlock' using errcode = '40P01'; end if;
  end $$`;
  const waits: string[] = [];
  const second = migration(SECOND.name, sql);
  const done = await migrate(url, [FIRST, second], (message) => waits.push(message));
  expect(done).toEqual([SECOND.name]);
  expect(waits).toEqual([expect.stringMatching(/^migration 000002_second\.sql was in a deadlock/)]);
});

test('behind a migration that waits for a long transaction, statements wait briefly', async () => {
  await migrate(url, [FIRST]);
  const backup = await holdLock('first.notes', 'access share');
  const waits: string[] = [];
  const sql = 'alter table first.notes add column text text';
  const second = migration('000002_second.sql', sql);
  const migrated = migrate(url, [FIRST, second], (message) => waits.push(message));
  const durations: number[] = [];
  while (waits.length < 2) {
    const began = performance.now();
    await pool.query('select from first.notes');
    durations.push(performance.now() - began);
  }
  // The longest wait for the lock was 200 ms; without a limit it lasts as long as the backup.
  const longest = Math.max(...durations);
  process.stdout.write(`the longest statement took ${Math.round(longest)} ms\n`);
  expect([longest > 90, longest < 5_000]).toEqual([true, true]);
  await backup('commit');
  expect(await migrated).toEqual([second.name]);
  expect(waits[0]).toMatch(
    /^migration 000002_second\.sql waits for a lock; the oldest .* \("a backup"\), for \d+ s; the/,
  );
});

test('a migration gives up when a transaction keeps a lock, and says who may have it', async () => {
  await pool.query('create schema first; create table first.notes ()');
  const backup = await holdLock('first.notes', 'access share');
  const client = await pool.connect();
  const step = {
    name: '000002_second.sql',
    sql: 'create schema second; drop table first.notes',
    isUntransacted: false,
    record: () => Promise.reject(new Error('unreachable')),
  };
  const applied = applyMigration(client, step, () => undefined, 200).finally(() =>
    client.release(),
  );
  await expect(applied).rejects.toThrow(UnusableDatabase);
  await expect(applied).rejects.toThrow(/"a backup".*End it, or start Moa again/);
  expect(await readSchemas()).toEqual(['first']);
  await backup('rollback');
});

/** A migration that builds an index beside writers. */
const INDEX = migration(
  '000002_index.sql',
  `-- compatible: expand
-- transaction: none
drop index concurrently if exists first.notes_by_text;
create index concurrently notes_by_text
  on first.notes (text);
`,
  'expand',
);

test('an index is built beside writers, while other starts wait for their turn', async () => {
  const first = migration(FIRST.name, 'create schema first; create table first.notes (text text)');
  await migrate(url, [first]);
  const writer = await holdLock('first.notes', 'row exclusive');
  const starts = [1, 2, 3].map(() => migrate(url, [first, INDEX]));
  await waitUntil(async () => (await countWaiting()) > 0, 'the index');
  await pool.query(`insert into first.notes values ('beside the index')`);
  await writer('commit');
  const names = await Promise.all(starts);
  expect(names.flat()).toEqual([INDEX.name]);
});

test('an index whose building failed is built again at the next start', async () => {
  const first = migration(FIRST.name, 'create schema first; create table first.notes (text text)');
  await migrate(url, [first]);
  const unique = migration(INDEX.name, INDEX.sql.replace('create index', 'create unique index'));
  await pool.query(`insert into first.notes values ('twice'), ('twice')`);
  await expect(migrate(url, [first, unique])).rejects.toThrow('migration 000002_index.sql failed');
  await pool.query('delete from first.notes');
  expect(await migrate(url, [first, unique])).toEqual([unique.name]);
  const valid = `select indisvalid from pg_index where indexrelid = 'first.notes_by_text'::regclass`;
  expect(await queryColumn(url, valid)).toEqual(['true']);
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

test('a start whose connection is lost while it waits for its turn fails', async () => {
  const other = new Client({ connectionString: url });
  await other.connect();
  onTestFinished(() => other.end());
  await other.query('select pg_advisory_lock($1)', [0x6d6f61]);
  const failure = migrate(url, [FIRST]).then(() => 'none', String);
  // Between two tries no statement runs that could reject: an error that nobody listens to would
  // end the process, and fails this run.
  const end = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'moa migrate' and state = 'idle'`;
  await waitUntil(
    async () => (await queryColumn(url, end)).length > 0,
    'a pause between two tries',
  );
  expect(await failure).toMatch(/terminat|not queryable/);
  await other.query('select pg_advisory_unlock_all()');
  expect(await migrate(url, [FIRST])).toEqual([FIRST.name]);
});

test('a long wait for the migrations of another process is reported once', async () => {
  const other = new Client({ connectionString: url });
  await other.connect();
  onTestFinished(() => other.end());
  const { rows } = await other.query<{ pid: number }>('select pg_backend_pid() as pid');
  await other.query('select pg_advisory_lock($1)', [0x6d6f61]);
  const messages: string[] = [];
  const migrating = migrate(url, [FIRST], (message) => messages.push(message));
  await waitUntil(() => messages.length > 0, 'a message');
  await other.query('select pg_advisory_unlock_all()');
  expect(await migrating).toEqual([FIRST.name]);
  expect(messages).toEqual([`waiting for the migrations of PostgreSQL process ${rows[0]!.pid}`]);
});

test('a limit for statements of the role does not end a migration', async () => {
  const { pathname, username } = new URL(url);
  const inDatabase = `role ${username} in database ${pathname.slice(1)}`;
  await queryColumn(url, `alter ${inDatabase} set statement_timeout = '50ms'`);
  const slow = migration('000001_slow.sql', 'select pg_sleep(0.2);');
  const unbound = migration(
    '000002_slow.sql',
    '-- compatible: expand\n-- transaction: none\nselect pg_sleep(0.2);',
  );
  expect(await migrate(url, [slow, unbound])).toEqual([slow.name, unbound.name]);
});

test('a newer version applies the missing migrations', async () => {
  expect(await migrate(url, [FIRST])).toEqual([FIRST.name]);
  expect(await readMigrationState(pool, [FIRST, SECOND])).toEqual({
    usable: false,
    state: 'missing: 000002_second.sql',
  });
  expect(await migrate(url, [FIRST, SECOND])).toEqual([SECOND.name]);
  expect(await readMigrationState(pool, [FIRST, SECOND])).toEqual(CURRENT);
  expect(await readSchemas()).toEqual(['first', 'moa', 'second']);
});

test('an edited migration is rejected by name', async () => {
  await migrate(url, [FIRST]);
  const edited = migration(FIRST.name, `${FIRST.sql};`);
  await expect(migrate(url, [edited, SECOND])).rejects.toThrow(
    'migration 000001_first.sql was edited after it was applied',
  );
  expect(await readSchemas()).toEqual(['first', 'moa']);
  expect((await readMigrationState(pool, [edited])).usable).toBe(false);
});

test('a database that a newer version has expanded is usable', async () => {
  await migrate(url, [FIRST, SECOND, ADDED]);
  expect(await migrate(url, [FIRST, SECOND])).toEqual([]);
  expect(await readMigrationState(pool, [FIRST, SECOND])).toEqual({
    usable: true,
    state: 'newer, compatible: 000003_added.sql',
  });
});

test('a database that a newer version has contracted is rejected by name', async () => {
  await migrate(url, [FIRST, SECOND, ADDED]);
  const message = /newer than this version of Moa: it has 000002_second.sql, with which/;
  await expect(migrate(url, [FIRST])).rejects.toThrow(message);
  const state = { usable: false, state: expect.stringMatching(message) as string };
  expect(await readMigrationState(pool, [FIRST])).toEqual(state);
});

test('a contract can name the migration with whose versions it goes together', async () => {
  const sql = 'drop schema second';
  const last = migration('000004_last.sql', sql, `contract after ${ADDED.name}`);
  await migrate(url, [FIRST, SECOND, ADDED, last]);
  expect(await readMigrationState(pool, [FIRST, SECOND, ADDED])).toEqual({
    usable: true,
    state: 'newer, compatible: 000004_last.sql',
  });
  const message = /newer than this version of Moa: it has 000004_last.sql, with which/;
  await expect(migrate(url, [FIRST, SECOND])).rejects.toThrow(message);
});

test('a database whose migrations have another order is rejected', async () => {
  await migrate(url, [FIRST, ADDED]);
  await expect(migrate(url, [FIRST, SECOND])).rejects.toThrow(
    'the database has 000003_added.sql but not the earlier 000002_second.sql',
  );
  expect(await readSchemas()).toEqual(['added', 'first', 'moa']);
});

test('the record of an early version says nothing about compatibility', async () => {
  await pool.query('create schema moa');
  await pool.query(
    `create table moa.migrations (
       name text primary key, checksum text not null, applied_at timestamptz not null default now()
     )`,
  );
  await pool.query('insert into moa.migrations (name, checksum) values ($1, $2)', [
    ADDED.name,
    ADDED.checksum,
  ]);
  expect(await migrate(url, [ADDED])).toEqual([]);
  expect(await migrate(url, [ADDED, SECOND])).toEqual([SECOND.name]);
  await expect(migrate(url, [SECOND])).rejects.toThrow('it has 000003_added.sql');
});

test('a start does not wait for a backup that reads the record', async () => {
  await migrate(url, [FIRST]);
  const backup = await pool.connect();
  try {
    await backup.query('begin; lock table moa.migrations in access share mode');
    expect(await migrate(url, [FIRST, ADDED])).toEqual([ADDED.name]);
    await backup.query('commit');
  } finally {
    backup.release();
  }
});

test('from 000005 on, each migration says whether versions before it can go on', async () => {
  const all = await readMigrations();
  const names = new Set(all.map(({ name }) => name));
  const later = all.filter(({ name }) => name >= '000005');
  const silent = later.filter(({ sql }) => {
    const [, after] = /^-- compatible: (?:expand|contract(?: after (\S+))?)\n/.exec(sql) ?? [
      '',
      '',
    ];
    return after !== undefined && !names.has(after);
  });
  expect(silent.map(({ name }) => name)).toEqual([]);
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
