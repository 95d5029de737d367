/** A column of a list: a name and the value of a row. */
export interface CsvColumn<Row> {
  readonly header: string;
  readonly value: (row: Row) => string | number | null | undefined;
}

/**
 * The rows as CSV (RFC 4180), with a mark that tells Excel it is UTF-8. A text that a spreadsheet
 * would run as a formula gets an apostrophe (OWASP, "CSV Injection").
 */
export const toCsv = async <Row>(
  rows: readonly Row[],
  columns: readonly CsvColumn<Row>[],
): Promise<string> => {
  // Loaded at the first export.
  const { stringify } = await import('csv-stringify/browser/esm/sync');
  const lines = rows.map((row) => columns.map(({ value }) => value(row) ?? ''));
  return stringify([columns.map(({ header }) => header), ...lines], {
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  });
};
