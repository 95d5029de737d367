import type { Queryable } from '../database/statement.ts';
import type { Log, Table, WritableRows } from './table.ts';

interface Slot {
  row: unknown;
  readonly stored: boolean;
  changed: boolean;
}

export interface BatchRows extends WritableRows {
  /** Takes in rows as the database holds them. */
  readonly load: (table: Table<unknown>, stored: readonly unknown[]) => void;
  /** What sends every change, one statement per table and kind of change. */
  readonly write: (on: Queryable) => Promise<unknown>[];
}

/** The rows that one batch works on: loaded, changed in memory, written back together. */
export const createRows = (): BatchRows => {
  const tables = new Map<Table<unknown>, Map<string, Slot>>();
  const logs = new Map<Log<unknown>, unknown[]>();

  const slotsOf = (table: Table<unknown>): Map<string, Slot> => {
    let slots = tables.get(table);
    if (slots === undefined) tables.set(table, (slots = new Map()));
    return slots;
  };

  return {
    load: (table, stored) => {
      const slots = slotsOf(table);
      for (const row of stored) {
        slots.set(table.keyOf(row), { row, stored: true, changed: false });
      }
    },

    get: <Row>(table: Table<Row>, key: string) =>
      tables.get(table)?.get(key)?.row as Row | undefined,

    put: (table, row) => {
      const slots = slotsOf(table);
      const key = table.keyOf(row);
      const slot = slots.get(key);
      if (slot === undefined) slots.set(key, { row, stored: false, changed: true });
      else {
        slot.row = row;
        slot.changed = true;
      }
    },

    append: (log, row) => {
      const rows = logs.get(log);
      if (rows === undefined) logs.set(log, [row]);
      else rows.push(row);
    },

    write: (on) => {
      const sent: Promise<unknown>[] = [];
      for (const [table, slots] of tables) {
        const changed = [...slots.values()].filter((slot) => slot.changed);
        const inserted = changed.filter((slot) => !slot.stored).map((slot) => slot.row);
        const updated = changed.filter((slot) => slot.stored).map((slot) => slot.row);
        if (inserted.length > 0) sent.push(table.insert(on, inserted));
        if (updated.length > 0) sent.push(table.update(on, updated));
      }
      for (const [log, rows] of logs) sent.push(log.append(on, rows));
      return sent;
    },
  };
};
