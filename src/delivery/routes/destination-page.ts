import { Type, type Static } from 'typebox';
import {
  PAGE_LIMIT_DEFAULT,
  PageQuery,
  decodeCursor,
  invalidCursor,
  ok,
  pageOf,
  strictObject,
  type Reply,
} from '../../contract/index.ts';
import type { Queryable } from '../../database/statement.ts';
import { findDestination } from '../queries.gen.ts';
import { POSITION, destinationNotFound } from './status.ts';

/** The query of a page. */
export const Paging = strictObject(PageQuery);

const Place = Type.Tuple([POSITION]);

interface PageOptions<Row> {
  readonly operation: string;
  /** The newest rows before a position, or of all. */
  readonly read: (range: {
    readonly destinationId: string;
    readonly before: number | null;
    readonly limit: number;
  }) => Promise<readonly Row[]>;
  readonly positionOf: (row: Row) => number;
  readonly view: (row: Row) => object;
}

/** Answers a page of the rows of a destination, newest first; `destination_not_found` without one. */
export const answerPage = async <Row>(
  db: Queryable,
  destinationId: string,
  { limit = PAGE_LIMIT_DEFAULT, cursor }: Static<typeof Paging>,
  { operation, read, positionOf, view }: PageOptions<Row>,
): Promise<Reply> => {
  const list = `${operation} ${destinationId}`;
  const place = cursor === undefined ? [null] : decodeCursor(list, Place, cursor);
  if (place === undefined) return invalidCursor;
  if ((await findDestination(db, { destinationId })) === undefined) return destinationNotFound;
  const [before = null] = place;
  const rows = await read({ destinationId, before, limit: limit + 1 });
  return ok(pageOf(list, rows, limit, view, (row) => [positionOf(row)]));
};
