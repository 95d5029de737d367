import type { Log, Table, WritableRows } from '../../commit/index.ts';
import type { CopyRows } from './copy.ts';
import { LINES } from './lines.ts';

/** Rows in memory that are written once they are final. */
export interface HistoryRows extends WritableRows {
  /** Writes a final row and drops it from memory. */
  readonly settle: <Row>(table: Table<Row>, key: string) => void;
  readonly settleAll: () => void;
  /** The number of characters that wait to be written. */
  readonly waiting: () => number;
  /** Removes and returns the rows that wait to be written. */
  readonly take: () => CopyRows[];
}

/** The rows of an empty shop. */
export const createHistoryRows = (): HistoryRows => {
  const tables = new Map<Table<unknown>, Map<string, unknown>>();
  const outlets = new Map<string, Outlet>();
  let waiting = 0;

  const rowsOf = (table: Table<unknown>): Map<string, unknown> => {
    let rows = tables.get(table);
    if (rows === undefined) tables.set(table, (rows = new Map()));
    return rows;
  };

  const write = (name: string, row: unknown): void => {
    let outlet = outlets.get(name);
    if (outlet === undefined) outlets.set(name, (outlet = createOutlet(name)));
    waiting += outlet.write(row);
  };

  const settle = (table: Table<unknown>, key: string): void => {
    const rows = rowsOf(table);
    write(table.name, rows.get(key));
    rows.delete(key);
  };

  return {
    get: <Row>(table: Table<Row>, key: string) => tables.get(table)?.get(key) as Row | undefined,
    put: (table, row) => rowsOf(table).set(table.keyOf(row), row),
    append: <Row>(log: Log<Row>, row: Row) => write(log.name, row),
    settle,
    settleAll: () => {
      for (const [table, rows] of tables) for (const key of rows.keys()) settle(table, key);
    },
    waiting: () => waiting,
    take: () => {
      waiting = 0;
      return [...outlets.values()].map((outlet) => outlet.take());
    },
  };
};

/** In characters: growing a longer string costs more than encoding it. */
const PIECE = 32_768;

type Outlet = ReturnType<typeof createOutlet>;

/** The lines of one table that wait to be written. */
const createOutlet = (name: string) => {
  const format = LINES.get(name);
  if (format === undefined) throw new Error(`a history cannot write rows of ${name}`);
  let chunks: Buffer[] = [];
  let text = '';
  const encode = (): void => {
    chunks.push(Buffer.from(text));
    text = '';
  };
  return {
    /** Returns the length of the row's line. */
    write: (row: unknown): number => {
      const line = format.lineOf(row);
      text += line;
      if (text.length >= PIECE) encode();
      return line.length;
    },
    take: (): CopyRows => {
      encode();
      const taken = chunks;
      chunks = [];
      return { target: format.target, chunks: taken };
    },
  };
};
