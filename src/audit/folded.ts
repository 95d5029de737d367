import type { Queryable } from '../database/statement.ts';
import { invariantsOf, isSameValue } from './difference.ts';
import type { Difference } from './differences.ts';
import type { CountRowsRow } from './queries.gen.ts';
import { withoutEqual, type Stored } from './stored.ts';

/** Rows per comparison. */
const PAGE = 5_000;

/** A folded row that differs from the table's, which may not exist. */
interface Differing {
  readonly row: object;
  readonly inTable: object | undefined;
}

/** The folded rows of one table that are still needed. */
export interface Folded {
  readonly get: (key: string) => object | undefined;
  readonly put: (row: object) => void;
  /** Drops the rows put before the call that match the table. One call at a time. */
  readonly dropEnded: (db: Queryable) => Promise<void>;
  /** The differences between the remaining rows and the table, and between the row counts. */
  readonly differences: (db: Queryable, counts: CountRowsRow) => AsyncGenerator<Difference>;
  /** The remaining rows. */
  readonly rows: () => Iterable<object>;
}

/** A table without rows. */
export const createFolded = (stored: Stored): Folded => {
  const { table, name, ends, keyOf, find } = stored;
  /** The rows that were compared and differ, or are compared at the end only. */
  const kept = new Map<string, object>();
  /** The rows that were put since the last comparison, and those that are compared, if rows end. */
  let touched = new Map<string, object>();
  let comparing = new Map<string, object>();
  let created = 0;

  const findDiffering = async (db: Queryable, all: readonly object[]) => {
    const rows = await withoutEqual(db, stored, all);
    if (rows.length === 0) return new Map<string, Differing>();
    const missing = new Map(rows.map((row) => [keyOf(row), row]));
    const differing = new Map<string, Differing>();
    for (const inTable of await find(db, rows)) {
      const key = keyOf(inTable);
      const row = missing.get(key);
      if (row === undefined) continue;
      missing.delete(key);
      if (!isSame(row, inTable)) differing.set(key, { row, inTable });
    }
    for (const [key, row] of missing) differing.set(key, { row, inTable: undefined });
    return differing;
  };

  return {
    get: ends
      ? (key) => touched.get(key) ?? comparing.get(key) ?? kept.get(key)
      : (key) => kept.get(key),

    rows: () => kept.values(),

    put: (row) => {
      const key = keyOf(row);
      const open = ends ? touched : kept;
      const before = open.size;
      open.set(key, row);
      const isNew = open.size > before && !(ends && (comparing.has(key) || kept.has(key)));
      if (isNew) created++;
    },

    dropEnded: async (db) => {
      if (touched.size === 0) return;
      comparing = touched;
      touched = new Map();
      const differing = await findDiffering(db, [...comparing.values()]);
      for (const key of comparing.keys()) {
        const found = differing.get(key);
        if (found === undefined) kept.delete(key);
        else kept.set(key, found.row);
      }
      comparing = new Map();
    },

    differences: async function* (db, counts) {
      const rows = [...kept.values()];
      for (let begin = 0; begin < rows.length; begin += PAGE) {
        const differing = await findDiffering(db, rows.slice(begin, begin + PAGE));
        for (const { row, inTable } of differing.values()) {
          const text = inTable === undefined ? 'nothing' : JSON.stringify(inTable);
          yield {
            violation: `${name}: the journal gives ${JSON.stringify(row)}, the table has ${text}`,
            invariants: [...invariantsOf(table, row, inTable), 'J1'],
          };
        }
      }
      if (created !== counts[table]) {
        yield {
          violation: `the journal gives ${created} ${table}, the table has ${counts[table]}`,
          invariants: [...invariantsOf(table, undefined, undefined), 'J1'],
        };
      }
    },
  };
};

const isSame = (a: object, b: object): boolean => {
  const names = Object.keys(a);
  const [left, right] = [a, b] as Readonly<Record<string, unknown>>[];
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => isSameValue(left?.[name], right?.[name]))
  );
};
