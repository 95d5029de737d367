import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import copyStreams from 'pg-copy-streams';
import type { ListTablesRow } from './queries.gen.ts';

// Statements on tables that the catalog names. The names come quoted from `ListTables`.

/** Keeps services out of tables until the transaction ends. */
export const lockTables = async (db: Client, names: readonly string[]): Promise<void> => {
  await db.query(`lock table ${names.join(', ')} in access exclusive mode`);
};

/** Deletes all rows of tables. */
export const emptyTables = async (db: Client, names: readonly string[]): Promise<void> => {
  await db.query(`truncate ${names.join(', ')}`);
};

/** Whether a table has a row. */
export const hasRows = async (db: Client, name: string): Promise<boolean> => {
  const { rows } = await db.query(`select from ${name} limit 1`);
  return rows.length > 0;
};

/** Makes the statistics that plans need, which a copy does not bring along. */
export const analyzeTables = async (db: Client, names: readonly string[]): Promise<void> => {
  await db.query(`analyze ${names.join(', ')}`);
};

/**
 * Copies a table in COPY's text format, which every version of PostgreSQL reads. Returns the number
 * of rows; throws when the target did not take each of them.
 */
export const copyTable = async (
  source: Client,
  target: Client,
  { name, columns }: Pick<ListTablesRow, 'name' | 'columns'>,
): Promise<number> => {
  const from = source.query(copyStreams.to(`copy ${name} (${columns}) to stdout`));
  const to = target.query(copyStreams.from(`copy ${name} (${columns}) from stdin`));
  await pipeline(from, to);
  if (from.rowCount !== to.rowCount) {
    throw new Error(`${name} has ${from.rowCount} rows, and ${to.rowCount} were copied`);
  }
  return from.rowCount;
};
