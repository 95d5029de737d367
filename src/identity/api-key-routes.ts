import type { Pool } from 'pg';
import { Type, type Static } from 'typebox';
import { refuse, transactOnce, type IdempotencyKey } from '../commit/index.ts';
import {
  Moment,
  PAGE_LIMIT_DEFAULT,
  PageQuery,
  ROLES,
  Timestamp,
  UserId,
  Uuid,
  choice,
  decodeCursor,
  defineRoute,
  idempotencyKeyOf,
  invalid,
  invalidAt,
  invalidCursor,
  named,
  nullable,
  ok,
  page,
  pageOf,
  problem,
  replyTo,
  strictObject,
  visibleText,
  type Refusal,
  type Reply,
  type Route,
} from '../contract/index.ts';
import { newId } from '../database/ids.ts';
import { createKey } from './api-key.ts';
import { deleteApiKey, insertApiKey, listApiKeys } from './queries.gen.ts';

const Name = visibleText(100);
const Role = choice(ROLES);
const Common = {
  apiKeyId: Uuid,
  name: Name,
  role: Role,
  userId: UserId,
  createdAt: Timestamp,
  expiresAt: nullable(Timestamp),
};
const KeyView = named('ApiKey', {
  ...Common,
  prefix: Type.String({ description: 'the beginning of the key' }),
  createdBy: UserId,
  lastUsedAt: nullable(Timestamp),
});
const NewKeyView = named('CreatedApiKey', {
  ...Common,
  key: Type.Optional(
    Type.String({
      description:
        'shown only in the first answer: a repeated request with its `Idempotency-Key` is answered without the key',
    }),
  ),
});
const Creation = named('NewApiKey', {
  name: Type.Optional({ ...Name, description: 'by default the role' }),
  role: Role,
  userId: Type.Optional(
    Type.String({
      ...UserId,
      description: 'the user that the key acts as: required for `customer`, else by default the id',
    }),
  ),
  expiresAt: Type.Optional(Moment),
});
const LIST = 'listApiKeys';
const Place = Type.Tuple([Uuid]);
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

const EXPIRED = invalidAt('/expiresAt', 'must be in the future');

const COMMON = { tag: 'API keys', access: ['staff'] } as const;

/** Making, listing and revoking API keys. `onRevoke` is called with the hash of a revoked key. */
export const apiKeyRoutes = (db: Pool, onRevoke: (keyHash: string) => void): Route[] => {
  const create = async (
    body: Static<typeof Creation>,
    createdBy: string,
    idempotencyKey: IdempotencyKey | undefined,
  ): Promise<Reply> => {
    const { role, name = role } = body;
    const apiKeyId = newId();
    const userId = body.userId ?? (role === 'customer' ? undefined : apiKeyId);
    if (userId === undefined) return invalid('/userId', 'is missing');
    const expiresAt = body.expiresAt === undefined ? null : new Date(body.expiresAt);
    const { key, ...stored } = createKey();
    const common = { apiKeyId, name, role, userId, expiresAt };
    let shown = {};
    // The stored answer has no key: keys are stored only as hashes.
    const outcome = await transactOnce<Refusal>(db, idempotencyKey, async (transaction) => {
      if (expiresAt !== null && expiresAt.getTime() <= Date.now()) return refuse(EXPIRED);
      const created = await insertApiKey(transaction, { ...common, ...stored, createdBy });
      shown = { ...common, key, ...created };
      return { status: 201, body: { ...common, ...created } };
    });
    const isFirst = outcome.kind === 'accepted' && !outcome.replayed;
    return isFirst ? { kind: 'answer', status: 201, body: shown } : replyTo(outcome);
  };

  return [
    defineRoute({
      ...COMMON,
      method: 'POST',
      path: '/v1/api-keys',
      operation: 'createApiKey',
      summary: 'Make an API key, which is accepted like a token and shown only once',
      owner: 'body',
      body: Creation,
      answers: { 201: NewKeyView },
      problems: [],
      handle: (request) => {
        const { body, caller } = request;
        if (caller === undefined) throw new Error('createApiKey was called without a caller');
        return create(body, caller.userId, idempotencyKeyOf('createApiKey', request));
      },
    }),

    defineRoute({
      ...COMMON,
      method: 'GET',
      path: '/v1/api-keys',
      operation: 'listApiKeys',
      summary: 'List the API keys that are not revoked, without the keys themselves',
      query: strictObject(PageQuery),
      answers: { 200: page(KeyView) },
      problems: [],
      handle: async ({ query: { limit = PAGE_LIMIT_DEFAULT, cursor } }) => {
        const place = cursor === undefined ? [FIRST_ID] : decodeCursor(LIST, Place, cursor);
        if (place === undefined) return invalidCursor;
        const after = place[0] ?? FIRST_ID;
        const rows = await listApiKeys(db, { after, limit: limit + 1 });
        const view = (row: object): object => row;
        return ok(pageOf(LIST, rows, limit, view, ({ apiKeyId }) => [apiKeyId]));
      },
    }),

    defineRoute({
      ...COMMON,
      method: 'DELETE',
      path: '/v1/api-keys/:apiKeyId',
      operation: 'revokeApiKey',
      summary: 'Revoke an API key: every process rejects it within a second',
      params: strictObject({ apiKeyId: Uuid }),
      answers: { 204: Type.Null() },
      problems: ['api_key_not_found'],
      handle: async ({ params: { apiKeyId } }) => {
        const deleted = await deleteApiKey(db, { apiKeyId });
        if (deleted === undefined) return problem({ code: 'api_key_not_found' });
        onRevoke(deleted.keyHash);
        return { kind: 'answer', status: 204, body: '' };
      },
    }),
  ];
};
