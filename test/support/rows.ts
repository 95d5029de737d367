import type { Log, Table, WritableRows } from '../../src/commit/index.ts';

/** Rows in memory, like the locked rows of a command in a batch. */
export interface TestRows extends WritableRows {
  readonly hold: <Row>(table: Table<Row>, ...rows: readonly Row[]) => TestRows;
  /** Locks keys without a row. */
  readonly miss: (table: Table<unknown>, ...keys: readonly string[]) => TestRows;
  /** The rows that were added to a log. */
  readonly appended: <Row>(log: Log<Row>) => readonly Row[];
}

/** An empty set of rows; access to a row without `hold` or `miss` throws, as in a batch. */
export const createTestRows = (): TestRows => {
  const locked = new Map<string, unknown>();
  const logged = new Map<string, unknown[]>();
  const nameOf = ({ name }: Table<unknown>, key: string): string => {
    const place = `${name} ${key}`;
    if (!locked.has(place)) throw new Error(`${place} is used without a lock`);
    return place;
  };
  const rows: TestRows = {
    get: <Row>(table: Table<Row>, key: string) => locked.get(nameOf(table, key)) as Row | undefined,
    put: (table, row) => locked.set(nameOf(table, table.keyOf(row)), row),
    append: (log, row) => logged.set(log.name, [...(logged.get(log.name) ?? []), row]),
    hold: (table, ...given) => {
      for (const row of given) locked.set(`${table.name} ${table.keyOf(row)}`, row);
      return rows;
    },
    miss: ({ name }, ...keys) => {
      for (const key of keys) locked.set(`${name} ${key}`, undefined);
      return rows;
    },
    appended: <Row>(log: Log<Row>) => (logged.get(log.name) ?? []) as Row[],
  };
  return rows;
};
