import { Type, type Static, type TSchema, type TProperties } from 'typebox';
import { AMOUNT_MAX } from './core.ts';

/** An object that rejects unknown fields. */
export const strictObject = <T extends TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

/** An object that rejects unknown fields and has a name in the OpenAPI document. */
export const named = <T extends TProperties>(title: string, properties: T) =>
  Type.Object(properties, { additionalProperties: false, title });

/** A named object of changes: at least one of the fields. */
export const changeOf = <T extends TProperties>(title: string, properties: T) =>
  Type.Object(properties, { additionalProperties: false, minProperties: 1, title });

/** The pattern of a UUID in lower case, without anchors. */
export const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

export const Uuid = Type.String({ pattern: `^${UUID}$`, description: 'a UUID in lower case' });

/** The pattern of a user id, which the other subjects of events match, too. */
export const USER_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether this can be the id of a user, as `me` cannot. */
export const isUserId = (id: string): boolean => id !== 'me' && USER_ID.test(id);

export const UserId = Type.String({
  pattern: USER_ID.source,
  description: 'an opaque user id; `me` stands for the caller',
});

/** A positive amount in the currency's minor unit. */
export const Amount = Type.Integer({
  minimum: 1,
  maximum: AMOUNT_MAX,
  description: "an amount in the currency's minor unit",
});

/** Zero or a positive amount in the currency's minor unit. */
export const Balance = Type.Integer({ minimum: 0, maximum: AMOUNT_MAX });

export const Timestamp = Type.String({
  format: 'date-time',
  description: 'RFC 3339, UTC, with milliseconds',
});

/** One of a few texts. */
export const choice = <const T extends readonly string[]>(values: T) =>
  Type.Enum([...values] as T[number][], { type: 'string' });

export const OrderStatus = choice(['pending', 'paid', 'cancelled', 'expired', 'refunded']);
export type OrderStatus = Static<typeof OrderStatus>;

/** Text that PostgreSQL and every client accept: well-formed, without control characters. */
export const text = (minLength: number, maxLength: number, description?: string) =>
  Type.String({
    minLength,
    maxLength,
    format: 'text',
    ...(description === undefined ? {} : { description }),
  });

/** Text with a visible character: not only blanks and characters without width. */
export const visibleText = (maxLength: number, description?: string) => ({
  ...text(1, maxLength, description),
  format: 'name' as const,
});

/** The bytes of a file. */
export const FILE = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' });

/** Enough for the keys of other systems; each is stored and sent with every event. */
const METADATA_KEYS_MAX = 20;

/** The shop's own data: names and texts that Moa stores and shows without a meaning. */
export type Metadata = Readonly<Record<string, string>>;

export const Metadata = Type.Unsafe<Metadata>({
  type: 'object',
  maxProperties: METADATA_KEYS_MAX,
  propertyNames: text(1, 40),
  additionalProperties: text(0, 500),
  description:
    "the shop's own data: at most 20 keys of 40 characters, with texts of 500 characters",
});

/** A required field that may be null. */
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Fits the longest place in a list: a name of 200 characters of four bytes, and an id. */
const CURSOR_LENGTH_MAX = 1_200;

export const PAGE_LIMIT_DEFAULT = 20;

/** The `limit` and `cursor` of every list. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: PAGE_LIMIT_DEFAULT })),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: CURSOR_LENGTH_MAX, pattern: '^[A-Za-z0-9_-]+$' }),
  ),
};

/** The answer of a list of named items, named for example `ProductPage`. */
export const page = <T extends TSchema & { readonly title?: string }>(item: T) =>
  named(`${item.title ?? ''}Page`, {
    items: Type.Array(item),
    nextCursor: nullable(Type.String({ description: 'the `cursor` of the next page' })),
  });
