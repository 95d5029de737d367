import type { QueryArrayConfig, QueryConfig, QueryResult } from 'pg';

/** A connection or pool that statements run on. */
export interface Queryable {
  query(config: QueryConfig): Promise<QueryResult>;
}

/** A row as PostgreSQL sends it: texts and nulls. */
type TextRow = readonly (string | null)[];

interface Statement<Params> {
  /** The prepared statement's name on every connection. */
  readonly name: string;
  readonly text: string;
  readonly encode: (params: Params) => unknown[];
}

interface RowStatement<Params, Row> extends Statement<Params> {
  readonly decode: (row: TextRow) => Row;
}

// Values stay text until the generated `decode` converts them. The types are passed with each
// query, so that no global setting of pg changes.
const AS_TEXT = { getTypeParser: () => (value: string) => value };

const run = <Params>(
  db: Queryable,
  { name, text, encode }: Statement<Params>,
  params: Params,
): Promise<QueryResult> => {
  const values = encode(params);
  const config: QueryArrayConfig = { name, text, values, rowMode: 'array', types: AS_TEXT };
  return db.query(config);
};

/** A statement with any number of rows. */
export const many =
  <Params, Row>(statement: RowStatement<Params, Row>) =>
  async (db: Queryable, params: Params): Promise<Row[]> => {
    const result = await run(db, statement, params);
    const rows: TextRow[] = result.rows;
    return rows.map((row) => statement.decode(row));
  };

/** A statement with at most one row. */
export const one =
  <Params, Row>(statement: RowStatement<Params, Row>) =>
  async (db: Queryable, params: Params): Promise<Row | undefined> => {
    const result = await run(db, statement, params);
    const [row]: TextRow[] = result.rows;
    return row === undefined ? undefined : statement.decode(row);
  };

/**
 * A statement without rows; returns the number of changed rows. Parameters that cannot be encoded
 * throw synchronously, not through the promise: a caller that pipelines must not send COMMIT then.
 */
export const exec =
  <Params>(statement: Statement<Params>) =>
  (db: Queryable, params: Params): Promise<number> =>
    run(db, statement, params).then(({ rowCount }) => rowCount ?? 0);

/**
 * A statement whose parameters are the columns of many rows; returns the number of changed rows.
 */
export const batch = <Row>(statement: Statement<readonly Row[]>) => exec(statement);

/** A bigint column, if a JavaScript number is exact. */
export const toSafeInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is not a safe integer`);
  return value;
};

/** A bytea column, in hexadecimal (PostgreSQL documentation, section 8.4.1). */
export const toBytes = (text: string): Buffer => Buffer.from(text.slice(2), 'hex');

/** A boolean column. */
export const toBoolean = (text: string): boolean => text === 't';

const DAY_END = '2026-11-23'.length;

/**
 * A timestamptz in the ISO style of Moa's sessions, such as `2026-11-23 20:18:51.123+00`;
 * microseconds are cut off. Throws a RangeError for `infinity` and for years without exactly four
 * digits, which `new Date` would misread.
 */
export const toDate = (text: string): Date => {
  const zone = text.at(-3);
  const minutes = zone === ':' ? '' : ':00';
  const value = new Date(`${text.slice(0, DAY_END)}T${text.slice(DAY_END + 1)}${minutes}`);
  const isIso = text[DAY_END] === ' ' && (zone === '+' || zone === '-' || zone === ':');
  if (!isIso || Number.isNaN(value.getTime())) throw new RangeError(`no Date holds ${text}`);
  return value;
};

/** A json or jsonb column. */
export const toJson = (text: string): unknown => JSON.parse(text);

const ELEMENT = /"([^"\\]*(?:\\.[^"\\]*)*)"|([^,{}"]+)/gs;

/**
 * An array column. Throws a RangeError for null elements and for an array that is not
 * one-dimensional from index one.
 */
export const toArray = <Value>(text: string, decode: (element: string) => Value): Value[] => {
  if (!text.startsWith('{')) throw new RangeError(`not a plain array: ${text}`);
  const values: Value[] = [];
  for (const { 0: matched, 1: quoted, index } of text.matchAll(ELEMENT)) {
    if (text[index - 1] === '{' && index !== 1) throw new RangeError(`not a plain array: ${text}`);
    if (matched === 'NULL') throw new RangeError(`an element is null: ${text}`);
    values.push(decode(quoted === undefined ? matched : quoted.replaceAll(/\\(.)/gs, '$1')));
  }
  return values;
};
