import type { Queryable } from '../database/statement.ts';

/**
 * Rows that commands read under a lock and change. A batch locks and loads the rows that its
 * commands name, events change copies in memory, and the changed ones are written back.
 */
export interface Table<Row> {
  readonly name: string;
  /** Locks and loads the rows that exist with these keys, in key order, in one statement. */
  lock(db: Queryable, keys: readonly string[]): Promise<readonly Row[]>;
  keyOf(row: Row): string;
  /** Writes new rows, set-based. Here and below: throws at once when they cannot be sent. */
  insert(db: Queryable, rows: readonly Row[]): Promise<unknown>;
  /** Writes changed rows, set-based. */
  update(db: Queryable, rows: readonly Row[]): Promise<unknown>;
}

/** Rows that are only ever added: written with the batch, never read by a command. */
export interface Log<Row> {
  readonly name: string;
  /** Adds the rows in this order, in one statement. */
  append(db: Queryable, rows: readonly Row[]): Promise<unknown>;
}

/** The rows that a command needs: named at once, or found through rows of tables locked before. */
export interface Lock {
  readonly table: Table<unknown>;
  readonly keys: readonly string[] | ((rows: Rows) => readonly string[]);
  /** Nobody else can name these rows, because their keys are new: there is nothing to lock. */
  readonly isNew: boolean;
}

/**
 * The rows of a batch as the commands before this one left them. A command may use those that its
 * locks name; to use another is a fault, also when a neighbour in the batch has locked it.
 */
export interface Rows {
  readonly get: <Row>(table: Table<Row>, key: string) => Row | undefined;
}

/** The same rows for those who carry out events. */
export interface WritableRows extends Rows {
  /** Adds or replaces the row of its key. */
  readonly put: <Row>(table: Table<Row>, row: Row) => void;
  readonly append: <Row>(log: Log<Row>, row: Row) => void;
}

/** What a command names when it is submitted: the rows of a table that it reads and changes. */
export const lock = <Row>(table: Table<Row>, keys: Lock['keys']): Lock => ({
  table,
  keys,
  isNew: false,
});

/** What a command names when it is submitted: rows that it makes, under keys that are new. */
export const create = <Row>(table: Table<Row>, keys: readonly string[]): Lock => ({
  table,
  keys,
  isNew: true,
});
