// Generated from queries.sql by "npm run generate". Do not edit.
import { arrayOf, column, textElement, timeElement, uuidElement } from '../database/array.ts';
import { batch, exec, many, one, toBoolean, toDate, toJson } from '../database/statement.ts';

/** A null leaves what is stored. */
export const saveProfile = exec<{
  readonly userId: string;
  readonly name: string | null;
  readonly metadata: string | null;
}>({
  name: 'identity.SaveProfile',
  text: `insert into identity.profiles (user_id, name, metadata)
values ($1, $2, $3::json)
on conflict (user_id) do update
set
  name = coalesce(excluded.name, profiles.name),
  metadata = coalesce(excluded.metadata, profiles.metadata)`,
  encode: (params) => [params.userId, params.name, params.metadata],
});

/** Leaves a name as it is. A user who was erased has no account, and thus no name again. */
export const saveSignUpName = exec<{ readonly userId: string }>({
  name: 'identity.SaveSignUpName',
  text: `insert into identity.profiles (user_id, name)
select id, name
from auth.users
where
  id = $1
  and not exists (select from identity.profiles where user_id = $1 and name is not null)
for key share
on conflict (user_id) do update set name = excluded.name where profiles.name is null`,
  encode: (params) => [params.userId],
});

/** Waits for a `SaveSignUpName` that runs, so that the next statement sees its row. */
export const lockAccount = exec<{ readonly userId: string }>({
  name: 'identity.LockAccount',
  text: `select from auth.users where id = $1 for update`,
  encode: (params) => [params.userId],
});

export interface EraseUserRow {
  readonly hadAccount: boolean;
}

/**
 * All that names a person, in one statement: the profile, and the account with its sessions. The
 * answer says whether there was an account.
 */
export const eraseUser = one<{ readonly userId: string }, EraseUserRow>({
  name: 'identity.EraseUser',
  text: `with profile as (
  delete from identity.profiles where user_id = $1
),
sessions as (
  delete from auth.sessions where user_id = $1
),
ways as (
  delete from auth.accounts where user_id = $1
),
account as (
  delete from auth.users where id = $1 returning id
)
select exists (select from account) as "hadAccount!"`,
  encode: (params) => [params.userId],
  decode: (r) => ({ hadAccount: toBoolean(r[0]!) }),
});

export interface FindUserRow {
  readonly userId: string;
  readonly name: string | null;
  readonly metadata: unknown;
  readonly createdAt: Date;
}

/** A user exists once they have a wallet; a name is optional. */
export const findUser = one<{ readonly userId: string }, FindUserRow>({
  name: 'identity.FindUser',
  text: `select w.user_id, p.name as "name?", p.metadata as "metadata?", w.created_at
from wallet.wallets w
left join identity.profiles p on p.user_id = w.user_id
where w.user_id = $1`,
  encode: (params) => [params.userId],
  decode: (r) => ({
    userId: r[0]!,
    name: r[1] ?? null,
    metadata: r[2] === null ? null : toJson(r[2]!),
    createdAt: toDate(r[3]!),
  }),
});

export type ListUsersRow = FindUserRow;

export const listUsers = many<{ readonly after: string; readonly limit: number }, ListUsersRow>({
  name: 'identity.ListUsers',
  text: `select w.user_id, p.name as "name?", p.metadata as "metadata?", w.created_at
from wallet.wallets w
left join identity.profiles p on p.user_id = w.user_id
where w.user_id > $1
order by w.user_id
limit $2::int`,
  encode: (params) => [params.after, params.limit],
  decode: (r) => ({
    userId: r[0]!,
    name: r[1] ?? null,
    metadata: r[2] === null ? null : toJson(r[2]!),
    createdAt: toDate(r[3]!),
  }),
});

export type SearchUsersRow = FindUserRow;

/**
 * Users whose id begins with the prefix, and users whose name contains every word. `~` follows
 * every character of an id. Frequent words fill the page from the next two thousand names. Only if
 * they do not, the index yields the names with the grams of all words. These are then few, so
 * neither way reads most of the table; the planner cannot know which way is short.
 */
export const searchUsers = many<{
  readonly words: readonly string[];
  readonly after: string;
  readonly limit: number;
  readonly prefix: string | null;
}, SearchUsersRow>({
  name: 'identity.SearchUsers',
  text: `with sought as (
  select
    array_agg('%' || regexp_replace(folded, '([%_\\\\])', '\\\\\\1', 'g') || '%') as patterns,
    (
      select array_agg(substr(word, place, 2))
      from
        unnest(array_agg(folded)) as word,
        generate_series(1, greatest(char_length(word) - 1, 1)) as place
    ) as grams
  from unnest($1::text[]) as word, search.key(word) as folded
),
nearby as (
  select user_id
  from (
    select user_id, name from identity.profiles
    where user_id > $2
    order by user_id
    limit 2000
  ) as next
  where search.key(name) like all ((select patterns from sought)::text[])
  order by user_id
  limit $3::int
),
named as materialized (
  select user_id from identity.profiles
  where
    (select count(*) from nearby) < $3::int
    and search.grams(search.key(name)) @> (select grams from sought)
    and search.key(name) like all ((select patterns from sought)::text[])
    and user_id > $2
),
prefixed as (
  select user_id from wallet.wallets
  where user_id >= $4::text and user_id < $4::text || '~' and user_id > $2
  order by user_id
  limit $3::int
)
select w.user_id, p.name as "name?", p.metadata as "metadata?", w.created_at
from (
  select user_id from nearby
  union select user_id from named
  union select user_id from prefixed
  order by user_id
  limit $3::int
) as found
join wallet.wallets w on w.user_id = found.user_id
left join identity.profiles p on p.user_id = found.user_id
order by w.user_id`,
  encode: (params) => [
    arrayOf(params.words, textElement),
    params.after,
    params.limit,
    params.prefix,
  ],
  decode: (r) => ({
    userId: r[0]!,
    name: r[1] ?? null,
    metadata: r[2] === null ? null : toJson(r[2]!),
    createdAt: toDate(r[3]!),
  }),
});

export interface InsertApiKeyRow {
  readonly createdAt: Date;
}

export const insertApiKey = one<{
  readonly apiKeyId: string;
  readonly keyHash: string;
  readonly prefix: string;
  readonly name: string;
  readonly role: string;
  readonly userId: string;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
}, InsertApiKeyRow>({
  name: 'identity.InsertApiKey',
  text: `insert into identity.api_keys
  (api_key_id, key_hash, prefix, name, role, user_id, created_by, created_at, expires_at)
values
  ($1, $2, $3, $4, $5, $6, $7, now(), $8)
returning created_at`,
  encode: (params) => [
    params.apiKeyId,
    params.keyHash,
    params.prefix,
    params.name,
    params.role,
    params.userId,
    params.createdBy,
    params.expiresAt?.toISOString(),
  ],
  decode: (r) => ({ createdAt: toDate(r[0]!) }),
});

export interface ListApiKeysRow {
  readonly apiKeyId: string;
  readonly prefix: string;
  readonly name: string;
  readonly role: string;
  readonly userId: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export const listApiKeys = many<{
  readonly after: string;
  readonly limit: number;
}, ListApiKeysRow>({
  name: 'identity.ListApiKeys',
  text: `select
  api_key_id, prefix, name, role, user_id, created_by, created_at, expires_at, last_used_at
from identity.api_keys
where api_key_id > $1::uuid
order by api_key_id
limit $2::int`,
  encode: (params) => [params.after, params.limit],
  decode: (r) => ({
    apiKeyId: r[0]!,
    prefix: r[1]!,
    name: r[2]!,
    role: r[3]!,
    userId: r[4]!,
    createdBy: r[5]!,
    createdAt: toDate(r[6]!),
    expiresAt: r[7] === null ? null : toDate(r[7]!),
    lastUsedAt: r[8] === null ? null : toDate(r[8]!),
  }),
});

export interface DeleteApiKeyRow {
  readonly keyHash: string;
}

export const deleteApiKey = one<{ readonly apiKeyId: string }, DeleteApiKeyRow>({
  name: 'identity.DeleteApiKey',
  text: `delete from identity.api_keys where api_key_id = $1 returning key_hash`,
  encode: (params) => [params.apiKeyId],
  decode: (r) => ({ keyHash: r[0]! }),
});

export interface FindApiKeysRow {
  readonly keyHash: string;
  readonly apiKeyId: string;
  readonly role: string;
  readonly userId: string;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export const findApiKeys = many<{ readonly keyHashes: readonly string[] }, FindApiKeysRow>({
  name: 'identity.FindApiKeys',
  text: `select key_hash, api_key_id, role, user_id, expires_at, last_used_at
from identity.api_keys
where key_hash = any($1::text[])`,
  encode: (params) => [arrayOf(params.keyHashes, textElement)],
  decode: (r) => ({
    keyHash: r[0]!,
    apiKeyId: r[1]!,
    role: r[2]!,
    userId: r[3]!,
    expiresAt: r[4] === null ? null : toDate(r[4]!),
    lastUsedAt: r[5] === null ? null : toDate(r[5]!),
  }),
});

export interface FindKeptApiKeysRow {
  readonly apiKeyId: string;
}

/** Which of these keys were not revoked. */
export const findKeptApiKeys = many<{ readonly apiKeyIds: readonly string[] }, FindKeptApiKeysRow>({
  name: 'identity.FindKeptApiKeys',
  text: `select api_key_id from identity.api_keys where api_key_id = any($1::uuid[])`,
  encode: (params) => [arrayOf(params.apiKeyIds, uuidElement)],
  decode: (r) => ({ apiKeyId: r[0]! }),
});

/** At most once a minute for each key, whichever process records it. */
export const recordUses = batch<{ readonly apiKeyId: string; readonly usedAt: Date }>({
  name: 'identity.RecordUses',
  text: `update identity.api_keys k set last_used_at = u.used_at
from unnest($1::uuid[], $2::timestamptz[]) as u (api_key_id, used_at)
where
  k.api_key_id = u.api_key_id
  and (k.last_used_at is null or k.last_used_at <= u.used_at - interval '1 minute')`,
  encode: (rows) => [
    column(rows, (row) => row.apiKeyId, uuidElement),
    column(rows, (row) => row.usedAt, timeElement),
  ],
});
