import type { Client, ClientConfig } from 'pg';
import { withClient } from '../database/client.ts';
import { migrate, readMigrations } from '../database/migrate.ts';
import { SESSION_OPTIONS } from '../database/session.ts';
import {
  listMigrations,
  listSequences,
  listTables,
  setSequence,
  type ListTablesRow,
} from './queries.gen.ts';
import { analyzeTables, copyTable, emptyTables, hasRows, lockTables } from './tables.ts';

/** A shop cannot be moved, for the reason in the message. Nothing was copied. */
export class UnusableMove extends Error {
  override readonly name = 'UnusableMove';
}

export interface MoveOptions {
  readonly sourceUrl: string;
  readonly targetUrl: string;
  readonly onProgress: (done: number, total: number) => void;
}

const MIGRATIONS = 'moa.migrations';

/** Tables that migrations fill; without them here, `requireUnused` would reject a new target. */
const FILLED_BY_MIGRATIONS = new Set([
  MIGRATIONS,
  'audit.progress',
  'delivery.installation',
  'journal.cursors',
]);

/** A copy takes as long as the table is large, whatever the limits of the server and the role. */
const OPTIONS = `${SESSION_OPTIONS} -c statement_timeout=0 -c idle_in_transaction_session_timeout=0`;

/**
 * Copies a shop to another database: migrates the target, then copies every table and sequence, all
 * or none, from one snapshot. The source is only read; nobody may sell there meanwhile. Throws
 * `UnusableMove` when the target has data of a shop, or the source has another version's tables.
 */
export const moveShop = async ({
  sourceUrl,
  targetUrl,
  onProgress,
}: MoveOptions): Promise<{ readonly tables: number; readonly rows: number }> =>
  withClient(configOf(sourceUrl), async (source) => {
    await source.query('begin isolation level repeatable read read only');
    const tables = await listTables(source);
    await requireThisVersion(source, tables);
    return withClient(configOf(targetUrl), async (target) => {
      await requireUnused(target, tables);
      await migrate(targetUrl);
      await requireSameTables(target, tables);
      const names = tables.map(({ name }) => name);
      await target.query('begin');
      await lockTables(target, names);
      // A service may have started there since the first check.
      await requireUnused(target, tables);
      const rows = await copyAll(source, target, tables, onProgress);
      await target.query('commit');
      await analyzeTables(target, names);
      return { tables: tables.length, rows };
    });
  });

const configOf = (url: string): ClientConfig => ({
  connectionString: url,
  options: OPTIONS,
  application_name: 'moa move',
});

const requireThisVersion = async (
  source: Client,
  tables: readonly ListTablesRow[],
): Promise<void> => {
  const isMigrated = tables.some(({ name }) => name === MIGRATIONS);
  const applied = isMigrated ? await listMigrations(source) : [];
  const wanted = await readMigrations();
  const textOf = (list: readonly { name: string; checksum: string }[]): string =>
    list.map(({ name, checksum }) => `${name} ${checksum}`).join();
  if (textOf(applied) === textOf(wanted)) return;
  throw new UnusableMove(
    'The embedded database does not have the migrations of this version of Moa. Start the service ' +
      'with this version once, then stop it.',
  );
};

const requireUnused = async (target: Client, tables: readonly ListTablesRow[]): Promise<void> => {
  const names = new Set(tables.map(({ name }) => name));
  for (const { name } of await listTables(target)) {
    if (!names.has(name) || FILLED_BY_MIGRATIONS.has(name) || !(await hasRows(target, name))) {
      continue;
    }
    throw new UnusableMove(
      `The target has data of a shop already: ${name} has rows. Name an empty database.`,
    );
  }
};

/** Throws when a table of the source does not exist in the migrated target with these columns. */
const requireSameTables = async (
  target: Client,
  tables: readonly ListTablesRow[],
): Promise<void> => {
  const found = new Map((await listTables(target)).map(({ name, columns }) => [name, columns]));
  const other = tables.find(({ name, columns }) => found.get(name) !== columns);
  if (other === undefined) return;
  throw new UnusableMove(
    `Moa has no table ${other.name} with the columns ${other.columns}. Drop it, or move it by hand.`,
  );
};

const copyAll = async (
  source: Client,
  target: Client,
  tables: readonly ListTablesRow[],
  onProgress: MoveOptions['onProgress'],
): Promise<number> => {
  await emptyTables(
    target,
    tables.map(({ name }) => name).filter((name) => FILLED_BY_MIGRATIONS.has(name)),
  );
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  let rows = 0;
  for (const table of tables) {
    rows += await copyTable(source, target, table);
    onProgress((done += table.bytes), total);
  }
  for (const { name, last } of await listSequences(source)) {
    if (last !== null) await setSequence(target, { name, last });
  }
  return rows;
};
