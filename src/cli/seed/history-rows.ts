import type { Log, Table, WritableRows } from '../../commit/index.ts';

/** Rows that are written once nothing will change them any more. */
export interface HistoryRows extends WritableRows {
  /** Nothing will ask for this row again: it can be written and forgotten. */
  readonly settle: <Row>(table: Table<Row>, key: string) => void;
}
