import { Type, type Static } from 'typebox';
import { Check } from 'typebox/schema';
import {
  Metadata,
  PAGE_LIMIT_DEFAULT,
  PageQuery,
  Timestamp,
  UserId,
  decodeCursor,
  invalidCursor,
  named,
  nullable,
  ok,
  pageOf,
  strictObject,
  text,
  type Reply,
} from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import { listUsers, searchUsers, type FindUserRow } from './queries.gen.ts';

export const UserView = named('User', {
  userId: UserId,
  name: nullable(Type.String()),
  metadata: Metadata,
  createdAt: Timestamp,
});

export const UsersQuery = strictObject({
  query: Type.Optional(
    text(0, 100, 'the beginning of the id, or words of the name in any order and case'),
  ),
  ...PageQuery,
});

/** A user as the API shows it. */
export const viewUser = ({ userId, name, metadata, createdAt }: FindUserRow) => ({
  userId,
  name,
  metadata: metadata ?? {},
  createdAt,
});

const LIST = 'listUsers';
const Place = Type.Tuple([UserId]);

/** The words of a query; the database folds and compares them. */
const wordsOf = (query: string): string[] => query.normalize('NFKC').match(/\S+/g) ?? [];

/**
 * A page of users by id. A query finds the users whose id begins with it, and the users whose name
 * contains all its words.
 */
export const findUsers = async (
  db: Queryable,
  { query = '', cursor, limit = PAGE_LIMIT_DEFAULT }: Static<typeof UsersQuery>,
): Promise<Reply> => {
  const place = cursor === undefined ? [''] : decodeCursor(LIST, Place, cursor);
  if (place === undefined) return invalidCursor;
  const from = { after: place[0] ?? '', limit: limit + 1 };
  const words = wordsOf(query);
  const prefix = Check(UserId, query) ? query : null;
  const rows =
    words.length === 0
      ? await listUsers(db, from)
      : await searchUsers(db, { ...from, words, prefix });
  return ok(pageOf(LIST, rows, limit, viewUser, ({ userId }) => [userId]));
};
