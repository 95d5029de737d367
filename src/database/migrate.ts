import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, Pool } from 'pg';
import { applyMigration, type OnWait } from './apply-migration.ts';
import { withClient } from './client.ts';
import { codeOf } from './unreachable.ts';
import { UnusableDatabase, explainPrivilege } from './unusable.ts';

const FOLDER = new URL('../../db/migrations/', import.meta.url);

/** The first line of a migration. */
const COMPATIBLE = /^-- compatible: (expand|contract(?: after \S+)?)\n/;
/** The second line of a migration whose statements run one by one. */
const UNTRANSACTED = /^--.*\n-- transaction: none\n/;

/** A constant that no other program should use on this database: the ASCII codes of "moa". */
const ADVISORY_LOCK = 0x6d6f61;
/** An index of a long journal takes minutes, whatever limit the role or the server has. */
const NO_LIMIT = '-c statement_timeout=0';
/** How often a process checks whether another one has finished its migrations. */
const TURN_EVERY_MS = 100;
/** SQLSTATE undefined_table and undefined_column: a new database, or one of an early version. */
const NO_RECORD: ReadonlySet<string> = new Set(['42P01', '42703']);
/** Most migrations take less than these turns. */
const LONG_TURNS = 30;

export interface Migration {
  /** The file name, which begins with the number: `000001_foundation.sql`. */
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
  readonly compatible: Compatibility;
}

/**
 * Whether a version without the migration can run on the migrated database: yes after an `expand`,
 * no after a `contract`, and after a `contract after 000016_points.sql` if it has that migration.
 */
type Compatibility = 'expand' | 'contract' | `contract after ${string}`;

/** What a database records about an applied migration. */
type Applied = Pick<Migration, 'name' | 'checksum' | 'compatible'>;

/** Whether this version can use a database, with the reason for `/readyz`. */
export interface MigrationState {
  readonly usable: boolean;
  readonly state: string;
}

/** The migrations of this version, by number. */
export const readMigrations = async (folder: URL = FOLDER): Promise<Migration[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      const [, compatible = 'contract'] = COMPATIBLE.exec(sql) ?? [];
      return { name, sql, checksum, compatible: compatible as Compatibility };
    }),
  );
};

/**
 * Applies the missing migrations, forward only. Each migration is one transaction, repeated until
 * it has its locks, so a crash leaves whole migrations; an advisory lock makes concurrent processes
 * take turns. Throws `UnusableDatabase` when the role cannot connect or migrate, when a migration
 * was edited or cannot have its locks, or when the database has one that this version does not have
 * and cannot run with. Returns the names of the applied migrations.
 */
export const migrate = async (
  url: string,
  migrations?: readonly Migration[],
  onWait: OnWait = () => undefined,
): Promise<string[]> => {
  const wanted = migrations ?? (await readMigrations());
  const config = { connectionString: url, application_name: 'moa migrate', options: NO_LIMIT };
  try {
    // The end of the session releases the lock.
    return await withClient(config, (client) => migrateInTurn(client, wanted, onWait));
  } catch (error) {
    throw explainPrivilege(error);
  }
};

/**
 * Throws `UnusableDatabase` unless this version can use the database. For programs that run beside
 * services: only the start of a service migrates.
 */
export const requireMigrated = async (url: string): Promise<void> => {
  const config = { connectionString: url, application_name: 'moa migrate' };
  const applied = await withClient(config, readApplied).catch((error: unknown) => {
    if (NO_RECORD.has(codeOf(error) ?? '')) return [];
    throw explainPrivilege(error);
  });
  const { pending, obstacle } = compare(await readMigrations(), applied);
  if (obstacle !== undefined) throw new UnusableDatabase(obstacle);
  if (pending.length === 0) return;
  throw new UnusableDatabase(
    `The database lacks ${namesOf(pending)}. Start the service of this version once, which ` +
      'migrates the database.',
  );
};

const migrateInTurn = async (
  client: Client,
  wanted: readonly Migration[],
  onWait: OnWait,
): Promise<string[]> => {
  await takeTurn(client, onWait);
  await createRecord(client);
  const { pending, obstacle } = compare(wanted, await readApplied(client));
  if (obstacle !== undefined) throw new UnusableDatabase(obstacle);
  for (const migration of pending) {
    const record = () => recordApplied(client, migration);
    const isUntransacted = UNTRANSACTED.test(migration.sql);
    await applyMigration(client, { ...migration, isUntransacted, record }, onWait);
  }
  return pending.map(({ name }) => name);
};

/**
 * Waits for the other processes' migrations; `onWait` is called once when that takes long. A
 * statement that waits in the database would have a snapshot, for whose end `create index
 * concurrently` of another process would wait.
 */
const takeTurn = async (client: Client, onWait: OnWait): Promise<void> => {
  for (let turn = 1; !(await tryLock(client)); turn += 1) {
    if (turn === LONG_TURNS) onWait(await explainTurn(client));
    await delay(TURN_EVERY_MS);
  }
};

const tryLock = async (client: Client): Promise<boolean> => {
  const { rows } = await client.query<{ taken: boolean }>(
    'select pg_try_advisory_lock($1) as taken',
    [ADVISORY_LOCK],
  );
  return rows[0]?.taken === true;
};

const explainTurn = async (client: Client): Promise<string> => {
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_locks
     where locktype = 'advisory' and classid = 0 and objid = $1 and granted
       and database = (select oid from pg_database where datname = current_database())`,
    [ADVISORY_LOCK],
  );
  const holder = rows[0] === undefined ? 'another process' : `PostgreSQL process ${rows[0].pid}`;
  return `waiting for the migrations of ${holder}`;
};

/** Whether the database has this version's migrations, and no other that it cannot run with. */
export const readMigrationState = async (
  db: Pool,
  migrations: readonly Migration[],
): Promise<MigrationState> => {
  const { pending, newer, obstacle } = compare(migrations, await readApplied(db));
  if (obstacle !== undefined) return { usable: false, state: obstacle };
  if (pending.length > 0) return { usable: false, state: `missing: ${namesOf(pending)}` };
  if (newer.length > 0) return { usable: true, state: `newer, compatible: ${namesOf(newer)}` };
  return { usable: true, state: 'current' };
};

/**
 * Creates the record of applied migrations. A record of an early version has no `compatible`; its
 * migrations count as `contract`, the default, so that such a version can still insert. The
 * column is added only if it is missing: `alter table` would wait for a running backup.
 */
const createRecord = async (client: Client): Promise<void> => {
  await client.query(`
    create schema if not exists moa;
    create table if not exists moa.migrations (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default now(),
      compatible text not null default 'contract'
    )`);
  const { rowCount } = await client.query(`
    select from pg_attribute
    where attrelid = 'moa.migrations'::regclass and attname = 'compatible'`);
  if (rowCount === 0) {
    await client.query(
      `alter table moa.migrations add column compatible text not null default 'contract'`,
    );
  }
};

const recordApplied = async (
  client: Client,
  { name, checksum, compatible }: Migration,
): Promise<void> => {
  await client.query(
    'insert into moa.migrations (name, checksum, compatible) values ($1, $2, $3)',
    [name, checksum, compatible],
  );
};

const readApplied = async (db: Client | Pool): Promise<readonly Applied[]> => {
  const { rows } = await db.query<Applied>(
    'select name, checksum, compatible from moa.migrations order by name',
  );
  return rows;
};

const namesOf = (migrations: readonly Pick<Migration, 'name'>[]): string =>
  migrations.map(({ name }) => name).join(', ');

/** The migrations that only one side has, and why this version cannot use the database. */
const compare = (
  wanted: readonly Migration[],
  applied: readonly Applied[],
): { pending: Migration[]; newer: Applied[]; obstacle: string | undefined } => {
  const known = new Map(wanted.map(({ name, checksum }) => [name, checksum]));
  const names = new Set(applied.map(({ name }) => name));
  const newer = applied.filter(({ name }) => !known.has(name));
  const pending = wanted.filter(({ name }) => !names.has(name));
  const obstacle = obstacleOf(known, applied, pending, newer);
  return { pending, newer, obstacle };
};

/** The migration that a `contract after` names: versions that have it can continue. */
const earlierOf = (compatible: Compatibility): string => compatible.replace('contract after ', '');

const obstacleOf = (
  known: ReadonlyMap<string, string>,
  applied: readonly Applied[],
  pending: readonly Migration[],
  newer: readonly Applied[],
): string | undefined => {
  const edited = applied.find(
    ({ name, checksum }) => known.has(name) && known.get(name) !== checksum,
  );
  if (edited !== undefined) return `migration ${edited.name} was edited after it was applied`;
  const contracts = newer.filter(
    ({ compatible }) => compatible !== 'expand' && !known.has(earlierOf(compatible)),
  );
  if (contracts.length > 0) {
    return (
      `the database is newer than this version of Moa: it has ${namesOf(contracts)}, ` +
      'with which earlier versions cannot run'
    );
  }
  if (newer.length > 0 && pending.length > 0) {
    return (
      `the database has ${namesOf(newer)} but not the earlier ${namesOf(pending)}: it belongs ` +
      'to another edition of Moa'
    );
  }
  return undefined;
};
