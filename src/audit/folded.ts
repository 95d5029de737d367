import type { Queryable } from '../database/statement.ts';
import { isSameValue } from './difference.ts';
import type { CountRowsRow } from './queries.gen.ts';
import type { Stored } from './stored.ts';

/** Rows per comparison. */
const PAGE = 5_000;

/** The folded rows of one table that are still needed. */
export type Folded = ReturnType<typeof createFolded>;

/** A table without rows. */
export const createFolded = ({ name, plural, ends, keyOf, find }: Stored) => {
  const rows = new Map<string, object>();
  const touched = new Set<string>();
  let created = 0;

  const findDiffering = async (db: Queryable, keys: readonly string[]) => {
    const folded = keys.map((key) => ({ key, row: rows.get(key)! }));
    const stored = await find(
      db,
      folded.map(({ row }) => row),
    );
    const byKey = new Map(stored.map((row) => [keyOf(row), row]));
    return folded
      .map(({ key, row }) => ({ key, row, inTable: byKey.get(key) }))
      .filter(({ row, inTable }) => inTable === undefined || !isSame(row, inTable));
  };

  return {
    get: (key: string): object | undefined => rows.get(key),

    put: (row: object): void => {
      const key = keyOf(row);
      if (!rows.has(key)) created++;
      rows.set(key, row);
      if (ends) touched.add(key);
    },

    /** Drops the touched rows that match the table. */
    forgetEnded: async (db: Queryable): Promise<void> => {
      if (touched.size === 0) return;
      const differing = new Set((await findDiffering(db, [...touched])).map(({ key }) => key));
      for (const key of touched) if (!differing.has(key)) rows.delete(key);
      touched.clear();
    },

    /** The differences between the remaining rows and the table, and between the row counts. */
    differences: async function* (db: Queryable, counts: CountRowsRow): AsyncGenerator<string> {
      const keys = [...rows.keys()];
      for (let begin = 0; begin < keys.length; begin += PAGE) {
        for (const { row, inTable } of await findDiffering(db, keys.slice(begin, begin + PAGE))) {
          const text = inTable === undefined ? 'nothing' : JSON.stringify(inTable);
          yield `${name}: the journal gives ${JSON.stringify(row)}, the table has ${text}`;
        }
      }
      if (created !== counts[plural]) {
        yield `the journal gives ${created} ${plural}, the table has ${counts[plural]}`;
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
