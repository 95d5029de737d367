import type { Static, TSchema } from 'typebox';
import { Check } from 'typebox/schema';
import { invalid } from './reply.ts';

/**
 * The place where the next page of a list begins, opaque to clients. `list` names the list so that no
 * other list accepts the cursor: the operation, with its path parameters and its sort order.
 */
export const encodeCursor = (list: string, place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify([list, ...place])).toString('base64url');

/** PostgreSQL's text cannot contain NUL, so no cursor of a list contains NUL. */
const refuseNul = (_name: string, value: unknown): unknown => {
  if (typeof value === 'string' && value.includes('\0')) throw new SyntaxError('NUL in a cursor');
  return value;
};

/** The place of a cursor; undefined when the cursor is not from this list. */
export const decodeCursor = <Schema extends TSchema>(
  list: string,
  schema: Schema,
  cursor: string,
): Static<Schema> | undefined => {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString(), refuseNul);
    const [name, ...place] = parts as unknown[];
    return name === list && Check(schema, place) ? place : undefined;
  } catch {
    return undefined;
  }
};

export const invalidCursor = invalid('/query/cursor', 'is not a cursor of this list');

/**
 * A page of the list of this name. `rows` has one row more than `limit` if another page follows.
 */
export const pageOf = <Row>(
  list: string,
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => object,
  placeOf: (row: Row) => readonly (string | number)[],
): { items: object[]; nextCursor: string | null } => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(view), nextCursor: more ? encodeCursor(list, placeOf(last)) : null };
};
