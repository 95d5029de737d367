import type { QueryConfig, QueryArrayResult, QueryResult } from 'pg';

/** A connection or pool that statements run on. */
export interface Queryable {
  query(config: QueryConfig): Promise<QueryResult>;
}

interface Statement<Params> {
  /** The prepared statement's name on every connection. */
  readonly name: string;
  readonly text: string;
  readonly encode: (params: Params) => unknown[];
}

interface RowStatement<Params, Row> extends Statement<Params> {
  readonly decode: (values: readonly never[]) => Row;
}

// Values arrive as PostgreSQL's text; the generated `decode` turns them into what TypeScript sees.
const AS_TEXT = { getTypeParser: () => (value: string) => value };

const run = async (on: Queryable, config: QueryConfig): Promise<QueryArrayResult> => {
  const result: unknown = await on.query({ ...config, rowMode: 'array', types: AS_TEXT } as never);
  return result as QueryArrayResult;
};

/** A statement with any number of rows. */
export const many =
  <Params, Row>({ name, text, encode, decode }: RowStatement<Params, Row>) =>
  async (on: Queryable, params: Params): Promise<Row[]> => {
    const { rows } = await run(on, { name, text, values: encode(params) });
    return (rows as never[][]).map(decode);
  };

/** A statement with at most one row. */
export const one =
  <Params, Row>({ name, text, encode, decode }: RowStatement<Params, Row>) =>
  async (on: Queryable, params: Params): Promise<Row | undefined> => {
    const { rows } = await run(on, { name, text, values: encode(params) });
    const [row] = rows as never[][];
    return row === undefined ? undefined : decode(row);
  };

/** A statement without rows; answers how many it changed. */
export const exec =
  <Params>({ name, text, encode }: Statement<Params>) =>
  async (on: Queryable, params: Params): Promise<number> => {
    const { rowCount } = await run(on, { name, text, values: encode(params) });
    return rowCount ?? 0;
  };

/** A statement whose parameters are the columns of many rows; answers how many it changed. */
export const batch = <Row>(statement: Statement<readonly Row[]>) => exec(statement);

/** One column of a batch as an array literal. */
export const column = <Row, Value>(
  rows: readonly Row[],
  valueOf: (row: Row) => Value,
  encode: (value: Value) => string,
): string => {
  let literal = '{';
  for (let index = 0; index < rows.length; index++) {
    if (index > 0) literal += ',';
    literal += encode(valueOf(rows[index]!));
  }
  return `${literal}}`;
};

/** An array literal (PostgreSQL documentation, section 8.15.2). */
export const arrayOf = <Value>(
  values: readonly Value[],
  encode: (value: Value) => string,
): string => column(values, (value) => value, encode);

/** An array element of a type whose text needs no quotes: numbers, booleans, UUIDs. */
export const plainElement = (value: string | number | boolean): string => String(value);

const SPECIAL = /["\\]/;

/** An array element of any text. */
export const textElement = (value: string): string =>
  SPECIAL.test(value) ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : `"${value}"`;

export const timeElement = (value: Date): string => `"${value.toISOString()}"`;

/** An array element that may be null. */
export const nullableElement =
  <Value>(encode: (value: Value) => string) =>
  (value: Value | null): string =>
    value === null ? 'NULL' : encode(value);

/** A bigint column, as long as a JavaScript number holds it exactly. */
export const toSafeInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is not a safe integer`);
  return value;
};

export const toBoolean = (text: string): boolean => text === 't';

/** A timestamptz in the ISO style that our sessions use: `2026-11-23 20:18:51.123+00`. */
export const toDate = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00`);

export const toJson = (text: string): unknown => JSON.parse(text);
