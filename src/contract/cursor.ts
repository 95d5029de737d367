import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Reply } from './route.ts';

/** Where the next page of a list begins, opaque to clients. */
export const encodeCursor = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** PostgreSQL holds text with any character but NUL, so no place that a list gave has one. */
const refuseNul = (_name: string, value: unknown): unknown => {
  if (typeof value === 'string' && value.includes('\0')) throw new SyntaxError('NUL in a cursor');
  return value;
};

/** The place that a cursor names; undefined when this list never made such a cursor. */
export const decodeCursor = <Schema extends TSchema>(
  schema: Schema,
  cursor: string,
): Static<Schema> | undefined => {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString(), refuseNul);
    return Value.Check(schema, place) ? place : undefined;
  } catch {
    return undefined;
  }
};

export const invalidCursor: Reply = {
  kind: 'problem',
  code: 'invalid_request',
  members: {
    errors: [{ pointer: '/query/cursor', message: 'is not a cursor that this list has given' }],
  },
};

/**
 * A page of a list from one row more than was asked for, which tells whether another page follows.
 */
export const pageOf = <Row>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => object,
  placeOf: (row: Row) => readonly (string | number)[],
): { items: object[]; nextCursor: string | null } => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(view), nextCursor: more ? encodeCursor(placeOf(last)) : null };
};
