import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { Client, type Pool } from 'pg';

const FOLDER = new URL('../../db/migrations/', import.meta.url);

/** A constant that no other program should use on this database: the ASCII codes of "moa". */
const ADVISORY_LOCK = 0x6d6f61;

export interface Migration {
  /** The file name, which begins with the number: `000001_foundation.sql`. */
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** The migrations of this version, by number. */
export const readMigrations = async (folder: URL = FOLDER): Promise<Migration[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
};

/**
 * Applies the missing migrations, forward only. Each migration is one transaction, so a crash
 * leaves whole migrations; an advisory lock makes concurrent processes take turns. Throws when the
 * database has a migration that this version does not have or that was edited. Returns the names of
 * the applied migrations.
 */
export const migrate = async (
  url: string,
  migrations?: readonly Migration[],
): Promise<string[]> => {
  const wanted = migrations ?? (await readMigrations());
  const client = new Client({ connectionString: url, application_name: 'moa migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    const applied = await readApplied(client);
    const pending = pendingOf(wanted, applied);
    for (const migration of pending) await carryOut(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    // Ends the session and releases the lock.
    await client.end();
  }
};

/** Whether the database has exactly this version's migrations. */
export const isMigrated = async (db: Pool, migrations: readonly Migration[]): Promise<boolean> => {
  const { rows } = await db.query<{ count: string }>('select count(*) from moa.migrations');
  return Number(rows[0]?.count) === migrations.length;
};

const readApplied = async (client: Client): Promise<Map<string, string>> => {
  await client.query(`
    create schema if not exists moa;
    create table if not exists moa.migrations (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`);
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from moa.migrations',
  );
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
};

const pendingOf = (
  wanted: readonly Migration[],
  applied: ReadonlyMap<string, string>,
): Migration[] => {
  const known = new Set(wanted.map(({ name }) => name));
  const unknown = [...applied.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(`the database is newer than this version of Moa: it has ${unknown.join(', ')}`);
  }
  return wanted.filter(({ name, checksum }) => {
    const stored = applied.get(name);
    if (stored !== undefined && stored !== checksum) {
      throw new Error(`migration ${name} was edited after it was applied`);
    }
    return stored === undefined;
  });
};

const carryOut = async (client: Client, { name, sql, checksum }: Migration): Promise<void> => {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query('insert into moa.migrations (name, checksum) values ($1, $2)', [
      name,
      checksum,
    ]);
    await client.query('commit');
  } catch (error) {
    throw new Error(`migration ${name} failed`, { cause: error });
  }
};
