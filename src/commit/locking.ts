import type { QueryConfig } from 'pg';
import type { Queryable } from '../database/statement.ts';
import type { Table } from './table.ts';

/** The last words of every statement of `Table.lock`. */
const CLAUSE = 'for no key update';

/** Runs locking reads with another locking clause. */
const withClause = (db: Queryable, name: string, clause: string): Queryable => ({
  query: (statement: QueryConfig) => {
    if (!statement.text.endsWith(CLAUSE)) throw new Error(`${statement.name} locks no rows`);
    const text = statement.text.slice(0, -CLAUSE.length) + clause;
    return db.query({ ...statement, name: `${statement.name} ${name}`, text });
  },
});

export interface FreeRows<Row> {
  /** The rows that this transaction has locked. */
  readonly rows: readonly Row[];
  /** The keys of rows that another transaction has locked. */
  readonly contended: readonly string[];
}

/**
 * Locks and loads the rows with these keys that no other transaction has locked, without waiting
 * (PostgreSQL documentation, SELECT, "SKIP LOCKED"). An existing row that was not locked is
 * contended.
 */
export const lockFreeRows = async <Row>(
  db: Queryable,
  table: Table<Row>,
  keys: readonly string[],
): Promise<FreeRows<Row>> => {
  const [rows, all] = await Promise.all([
    table.lock(withClause(db, 'free', `${CLAUSE} skip locked`), keys),
    table.lock(withClause(db, 'all', ''), keys),
  ]);
  const free = new Set(rows.map((row) => table.keyOf(row)));
  const contended = all.map((row) => table.keyOf(row)).filter((key) => !free.has(key));
  return { rows, contended };
};
