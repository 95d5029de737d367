import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { CommandError } from '../command.ts';

/** The columns of a file of products. */
const COLUMNS = ['name', 'price', 'stock', 'description', 'imageUrl', 'sku'] as const;
type Column = (typeof COLUMNS)[number];
const REQUIRED: readonly Column[] = ['name', 'price', 'stock'];

/** The most characters of one line: more than the server accepts as one product. */
const LINE_CHARACTERS_MAX = 128 * 1024;

const WHOLE = /^\d+$/;

/** The fields of a product as the API names them. */
export type Fields = Readonly<Partial<Record<Column, string | number | null>>>;

/** A line of the file: the fields of a product, or why it is none. */
export type Line = { readonly line: number; readonly fields: Fields } | Refused;

export interface Refused {
  readonly line: number;
  readonly reason: string;
}

const isColumn = (name: string): name is Column => COLUMNS.some((column) => column === name);

/** The columns in the order of the first line; throws when one is unknown, missing or doubled. */
const columnsOf = (names: readonly string[]): Column[] => {
  const known = names.map((name) => name.trim());
  const unknown = known.filter((name) => !isColumn(name));
  if (unknown.length > 0) {
    throw new CommandError(`unknown column "${unknown[0]}"; known are ${COLUMNS.join(', ')}`);
  }
  const missing = REQUIRED.filter((name) => !known.includes(name));
  if (missing.length > 0) throw new CommandError(`the column ${missing[0]} is missing`);
  if (new Set(known).size < known.length) throw new CommandError('a column appears twice');
  return known.filter(isColumn);
};

const lineOf = (line: number, columns: readonly Column[], cells: readonly string[]): Line => {
  if (cells.length !== columns.length) {
    return { line, reason: `has ${cells.length} cells instead of ${columns.length}` };
  }
  const fields: Partial<Record<Column, string | number | null>> = {};
  for (const [index, column] of columns.entries()) {
    const cell = cells[index]!;
    if (column === 'price' || column === 'stock') {
      if (!WHOLE.test(cell.trim())) return { line, reason: `${column} must be a whole number` };
      fields[column] = Number(cell);
    } else if (column === 'imageUrl' || column === 'sku') {
      fields[column] = cell === '' ? null : cell;
    } else fields[column] = cell;
  }
  return { line, fields };
};

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads products from a CSV file (RFC 4180) whose first line names the columns. `onRead` gets the
 * number of bytes that were read. Throws when the file is no CSV file of products.
 */
export async function* readLines(
  path: string,
  encoding: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<Line> {
  const file = createReadStream(path);
  const decoder = new TextDecoderStream(encoding, { fatal: true });
  const parser = parse({
    bom: true,
    columns: false,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LINE_CHARACTERS_MAX,
  });
  const text = Readable.fromWeb(Readable.toWeb(file).pipeThrough(decoder));
  text.once('error', (error) => parser.destroy(error));
  text.pipe(parser);
  let columns: Column[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (columns === undefined) columns = columnsOf(record);
      else yield lineOf(info.lines, columns, record);
      onRead(file.bytesRead);
    }
  } catch (error) {
    throw explain(error, encoding);
  } finally {
    file.destroy();
  }
  if (columns === undefined) throw new CommandError('the file is empty');
}

const explain = (error: unknown, encoding: string): unknown => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof CsvError) return new CommandError(message);
  if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES') return new CommandError(message);
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    const hint = 'save it as "CSV UTF-8", or name its encoding with --encoding euc-kr';
    return new CommandError(`the file is not ${encoding}: ${hint}`);
  }
  return error;
};
