import type { Queryable } from '../database/statement.ts';
import type { Log, Rows, Table, WritableRows } from './table.ts';

interface Slot {
  row: unknown;
  /** The row as it was loaded; undefined for a new row. */
  readonly loaded: unknown;
  changed: boolean;
}

const rowOf = ({ row }: Slot): unknown => row;

/** Rows that a command names, by their keys. */
export interface Named {
  readonly table: Table<unknown>;
  readonly keys: readonly string[];
}

export interface BatchRows extends Rows {
  /** Adds locked keys and the stored rows that exist for these keys. */
  readonly load: (locked: Named, stored: readonly unknown[]) => void;
  /**
   * The rows of one command. Throws when the command uses a row that it has not named, or a row
   * that is neither locked nor new, which would look missing.
   */
  readonly viewOf: (
    operation: string,
    named: readonly (Named & { isNew: boolean })[],
  ) => WritableRows;
  /** Sends every change, one statement per table and kind of change. */
  readonly write: (db: Queryable) => Promise<unknown>[];
}

/** The rows of one batch: loaded, changed in memory, written together. */
export const createRows = (): BatchRows => {
  const tables = new Map<Table<unknown>, Map<string, Slot>>();
  const lockedKeys = new Map<Table<unknown>, Set<string>>();
  const logs = new Map<Log<unknown>, unknown[]>();

  const slotsOf = (table: Table<unknown>): Map<string, Slot> => {
    let slots = tables.get(table);
    if (slots === undefined) tables.set(table, (slots = new Map()));
    return slots;
  };

  const get = <Row>(table: Table<Row>, key: string) =>
    tables.get(table)?.get(key)?.row as Row | undefined;

  const put = <Row>(table: Table<Row>, row: Row): void => {
    const slots = slotsOf(table);
    const key = table.keyOf(row);
    const slot = slots.get(key);
    if (slot === undefined) slots.set(key, { row, loaded: undefined, changed: true });
    else {
      slot.row = row;
      slot.changed = true;
    }
  };

  const append = <Row>(log: Log<Row>, row: Row): void => {
    const rows = logs.get(log);
    if (rows === undefined) logs.set(log, [row]);
    else rows.push(row);
  };

  return {
    get,

    load: ({ table, keys }, stored) => {
      lockedKeys.set(table, new Set(keys));
      const slots = slotsOf(table);
      for (const row of stored) {
        slots.set(table.keyOf(row), { row, loaded: row, changed: false });
      }
    },

    viewOf: (operation, named) => {
      const requireLock = (table: Table<unknown>, key: string): void => {
        for (const each of named) {
          if (each.table !== table || !each.keys.includes(key)) continue;
          if (each.isNew || lockedKeys.get(table)?.has(key) === true) return;
        }
        throw new Error(`${operation} uses ${table.name} ${key} without locking it`);
      };
      return {
        get: (table, key) => {
          requireLock(table, key);
          return get(table, key);
        },
        put: (table, row) => {
          requireLock(table, table.keyOf(row));
          put(table, row);
        },
        append,
      };
    },

    write: (db) => {
      const sent: Promise<unknown>[] = [];
      for (const [table, slots] of tables) {
        const changed = [...slots.values()].filter((slot) => slot.changed);
        const inserted = changed.filter(({ loaded }) => loaded === undefined);
        const updated = changed.filter(({ loaded }) => loaded !== undefined);
        if (inserted.length > 0) sent.push(table.insert(db, inserted.map(rowOf)));
        if (updated.length > 0) {
          sent.push(
            table.update(
              db,
              updated.map(rowOf),
              updated.map(({ loaded }) => loaded),
            ),
          );
        }
      }
      for (const [log, rows] of logs) sent.push(log.append(db, rows));
      return sent;
    },
  };
};
