import { stringify } from 'csv-stringify/sync';

/** A value of a CSV file; a bigint is written with all its digits. */
type Cell = string | bigint;

/** Spreadsheets run a text as a formula if it begins so (OWASP, "CSV Injection"). */
const FORMULA = /^[\t\r\n ]*[=+\-@＝＋－＠]/u;

const cellOf = (value: Cell): string =>
  typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value);

/**
 * A CSV file (RFC 4180) with a header row. A text that a spreadsheet would run as a formula begins
 * with an apostrophe; numbers stay as they are.
 */
export const toCsv = (rows: readonly Readonly<Record<string, Cell>>[], columns: string[]): string =>
  stringify([columns, ...rows.map((row) => columns.map((column) => cellOf(row[column] ?? '')))], {
    record_delimiter: 'windows',
    quoted_match: /[\r\n]/,
  });
