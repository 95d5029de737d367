import type { Queryable } from '../database/statement.ts';

/**
 * Rows that commands lock and change. A batch locks and loads the rows that its commands name,
 * events change copies in memory, and the batch writes the changed rows.
 */
export interface Table<Row> {
  readonly name: string;
  /** Locks and loads the existing rows with these keys, in key order, in one statement. */
  lock(db: Queryable, keys: readonly string[]): Promise<readonly Row[]>;
  keyOf(row: Row): string;
  /** Writes new rows in one statement. All writes throw at once if a row cannot be encoded. */
  insert(db: Queryable, rows: readonly Row[]): Promise<unknown>;
  /** Writes changed rows; `loaded` are the same rows as they were loaded. */
  update(db: Queryable, rows: readonly Row[], loaded: readonly Row[]): Promise<unknown>;
}

/** Append-only rows, written with the batch and never read by a command. */
export interface Log<Row> {
  readonly name: string;
  /** Adds the rows in this order, in one statement. */
  append(db: Queryable, rows: readonly Row[]): Promise<unknown>;
}

/** Rows that a command needs: named by key, or found through rows of tables locked before. */
export interface Lock {
  readonly table: Table<unknown>;
  readonly keys: readonly string[] | ((rows: Rows) => readonly string[]);
  /** Whether the keys are new, so that no other command can name them and no lock is needed. */
  readonly isNew: boolean;
}

/**
 * The rows of a batch after the previous commands. A command may use only the rows that its locks
 * name; any other row is a fault, even if another command of the batch has locked it.
 */
export interface Rows {
  readonly get: <Row>(table: Table<Row>, key: string) => Row | undefined;
}

/** The same rows for the rules of events. */
export interface WritableRows extends Rows {
  /** Adds or replaces the row with the same key. */
  readonly put: <Row>(table: Table<Row>, row: Row) => void;
  readonly append: <Row>(log: Log<Row>, row: Row) => void;
}

/** Names rows that a command reads and changes. */
export const lock = <Row>(table: Table<Row>, keys: Lock['keys']): Lock => ({
  table,
  keys,
  isNew: false,
});

/** Names rows that a command creates under new keys. */
export const create = <Row>(table: Table<Row>, keys: readonly string[]): Lock => ({
  table,
  keys,
  isNew: true,
});
