import type { Pool } from 'pg';
import { Type } from 'typebox';
import {
  Metadata,
  UserId,
  defineRoute,
  named,
  ok,
  page,
  problem,
  replyTo,
  strictObject,
  visibleText,
  type Reply,
  type Route,
} from '../contract/index.ts';
import { inTransaction } from '../database/transaction.ts';
import { eraseUser, findUser, lockAccount, saveProfile } from './queries.gen.ts';
import { UserView, UsersQuery, findUsers, viewUser } from './search.ts';
import type { Users } from './users.ts';

const Params = strictObject({ userId: UserId });
const userNotFound: Reply = problem({ code: 'user_not_found' });

/** Registering, reading, finding and erasing users. A customer's first call also registers them. */
export const userRoutes = (users: Users, db: Pool): Route[] => [
  defineRoute({
    method: 'PUT',
    path: '/v1/users/:userId',
    operation: 'putUser',
    summary: 'Register a user or change the name or the metadata, each of which replaces the old',
    tag: 'Users',
    access: ['staff', 'service'],
    owner: 'params',
    isFull: users.isFull,
    params: Params,
    body: named('UserChange', {
      name: Type.Optional(visibleText(100)),
      metadata: Type.Optional(Metadata),
    }),
    answers: { 200: UserView, 201: UserView },
    problems: [],
    handle: async ({ params: { userId }, body: { name, metadata } }) => {
      const outcome = await users.register(userId);
      if (outcome.kind !== 'accepted') return replyTo(outcome);
      if (name !== undefined || metadata !== undefined) {
        const text = metadata === undefined ? null : JSON.stringify(metadata);
        await saveProfile(db, { userId, name: name ?? null, metadata: text });
      }
      const user = await findUser(db, { userId });
      if (user === undefined) throw new Error(`user ${userId} was registered but does not exist`);
      return { kind: 'answer', status: outcome.changed ? 201 : 200, body: viewUser(user) };
    },
  }),

  defineRoute({
    method: 'GET',
    path: '/v1/users',
    operation: 'listUsers',
    summary: 'List users by id, or find users by the beginning of the id or by words of the name',
    tag: 'Users',
    access: ['staff', 'service'],
    query: UsersQuery,
    answers: { 200: page(UserView) },
    problems: [],
    handle: ({ query }) => findUsers(db, query),
  }),

  defineRoute({
    method: 'GET',
    path: '/v1/users/:userId',
    operation: 'getUser',
    summary: 'Read a user',
    tag: 'Users',
    access: ['customer', 'staff', 'service'],
    owner: 'params',
    params: Params,
    answers: { 200: UserView },
    problems: ['user_not_found'],
    handle: async ({ params: { userId } }) => {
      const user = await findUser(db, { userId });
      return user === undefined ? userNotFound : ok(viewUser(user));
    },
  }),

  defineRoute({
    method: 'DELETE',
    path: '/v1/users/:userId/profile',
    operation: 'eraseProfile',
    summary:
      "Erase a user's name, metadata and sign-in; the wallet and the orders stay under the id",
    tag: 'Users',
    access: ['staff', 'service'],
    owner: 'params',
    params: Params,
    answers: { 204: Type.Null() },
    problems: ['user_not_found'],
    handle: async ({ params: { userId } }) => {
      const user = await findUser(db, { userId });
      // Somebody who signed up but never called has an account only.
      const erased = await inTransaction(db, async (transaction) => {
        await lockAccount(transaction, { userId });
        return eraseUser(transaction, { userId });
      });
      if (user === undefined && erased?.hadAccount !== true) return userNotFound;
      return { kind: 'answer', status: 204, body: '' };
    },
  }),
];
