import type { Log, Table, WritableRows } from '../../src/commit/index.ts';

/** Rows in memory, as a batch holds them. */
export interface TestRows extends WritableRows {
  readonly hold: <Row>(table: Table<Row>, ...rows: readonly Row[]) => TestRows;
  /** What was added to a log. */
  readonly appended: <Row>(log: Log<Row>) => readonly Row[];
}

export const createTestRows = (): TestRows => {
  const held = new Map<string, unknown>();
  const logged = new Map<string, unknown[]>();
  const rows: TestRows = {
    get: <Row>(table: Table<Row>, key: string) =>
      held.get(`${table.name} ${key}`) as Row | undefined,
    put: (table, row) => held.set(`${table.name} ${table.keyOf(row)}`, row),
    append: (log, row) => logged.set(log.name, [...(logged.get(log.name) ?? []), row]),
    hold: (table, ...given) => {
      for (const row of given) rows.put(table, row);
      return rows;
    },
    appended: <Row>(log: Log<Row>) => (logged.get(log.name) ?? []) as Row[],
  };
  return rows;
};
