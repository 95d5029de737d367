import { Type } from 'typebox';
import {
  Timestamp,
  UserId,
  defineRoute,
  nullable,
  replyTo,
  strictObject,
  visibleText,
  type Route,
} from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import { findUser, saveName } from './queries.gen.ts';
import type { Users } from './users.ts';

const UserView = strictObject({
  userId: UserId,
  name: nullable(Type.String()),
  createdAt: Timestamp,
});

/** Registering users. A customer's first call also registers the customer. */
export const userRoutes = (users: Users, db: Queryable): Route[] => [
  defineRoute({
    method: 'PUT',
    path: '/v1/users/:userId',
    operation: 'putUser',
    summary: 'Register a user or change its name',
    tag: 'Users',
    access: ['staff', 'service'],
    owner: 'params',
    params: strictObject({ userId: UserId }),
    body: strictObject({ name: Type.Optional(visibleText(100)) }),
    answers: { 200: UserView, 201: UserView },
    problems: [],
    handle: async ({ params: { userId }, body }) => {
      const outcome = await users.register(userId);
      if (outcome.kind !== 'accepted') return replyTo(outcome);
      if (body.name !== undefined) await saveName(db, { userId, name: body.name });
      const user = await findUser(db, { userId });
      if (user === undefined) throw new Error(`user ${userId} was registered but does not exist`);
      return { kind: 'answer', status: outcome.changed ? 201 : 200, body: user };
    },
  }),
];
