// Generated from queries.sql by "npm run generate". Do not edit.
import { arrayOf, textElement } from '../database/array.ts';
import { exec, many, one, toBoolean, toDate } from '../database/statement.ts';

export interface FindSessionsRow {
  readonly token: string;
  readonly userId: string;
  readonly expiresAt: Date;
  readonly role: string;
  readonly name: string;
}

/** A session whose user was erased is not valid. */
export const findSessions = many<{ readonly tokens: readonly string[] }, FindSessionsRow>({
  name: 'sign-in.FindSessions',
  text: `select s.token, s.user_id, s.expires_at, u.role, u.name
from auth.sessions s
join auth.users u on u.id = s.user_id
where s.token = any($1::text[]) and s.expires_at > now()`,
  encode: (params) => [arrayOf(params.tokens, textElement)],
  decode: (r) => ({
    token: r[0]!,
    userId: r[1]!,
    expiresAt: toDate(r[2]!),
    role: r[3]!,
    name: r[4]!,
  }),
});

export const deleteExpiredSessions = exec<{ readonly limit: number }>({
  name: 'sign-in.DeleteExpiredSessions',
  text: `delete from auth.sessions
where id in (
  select id from auth.sessions where expires_at <= now() order by expires_at limit $1::int
)`,
  encode: (params) => [params.limit],
});

export const saveSampleUser = exec<{
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
}>({
  name: 'sign-in.SaveSampleUser',
  text: `insert into auth.users (id, email, email_verified, name, role, created_at, updated_at)
values ($1, $2, false, $3, $4, now(), now())
on conflict (id) do nothing`,
  encode: (params) => [params.userId, params.email, params.name, params.role],
});

export interface FindSignInUserRow {
  readonly id: string;
  readonly role: string;
  readonly provider: boolean;
}

/** `provider` says whether an identity provider signs the user in. */
export const findSignInUser = one<{ readonly email: string }, FindSignInUserRow>({
  name: 'sign-in.FindSignInUser',
  text: `select
  u.id,
  u.role,
  exists (
    select from auth.accounts a where a.user_id = u.id and a.provider_id <> 'credential'
  ) as "provider!"
from auth.users u
where u.email = $1`,
  encode: (params) => [params.email],
  decode: (r) => ({ id: r[0]!, role: r[1]!, provider: toBoolean(r[2]!) }),
});

/** One statement: an account never has a role without its password. */
export const insertStaff = exec<{
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly accountId: string;
  readonly passwordHash: string;
}>({
  name: 'sign-in.InsertStaff',
  text: `with added as (
  insert into auth.users (id, email, email_verified, name, role, created_at, updated_at)
  values ($1, $2, true, $3, 'staff', now(), now())
  returning id, created_at
)
insert into auth.accounts (id, account_id, provider_id, user_id, password, created_at, updated_at)
select $4::uuid, id, 'credential', id, $5::text, created_at, created_at
from added`,
  encode: (params) => [
    params.userId,
    params.email,
    params.name,
    params.accountId,
    params.passwordHash,
  ],
});

/**
 * With a new password and without the earlier sessions: whoever signed up with the address may not
 * own it. Without a password, only an identity provider signs the user in.
 */
export const raiseToStaff = exec<{
  readonly userId: string;
  readonly passwordHash: string | null;
  readonly accountId: string;
}>({
  name: 'sign-in.RaiseToStaff',
  text: `with ended as (
  delete from auth.sessions where user_id = $1
),
removed as (
  delete from auth.accounts
  where user_id = $1 and provider_id = 'credential' and $2::text is null
),
replaced as (
  insert into auth.accounts (id, account_id, provider_id, user_id, password, created_at, updated_at)
  select $3::uuid, $1, 'credential', $1, hash, now(), now()
  from (select $2::text as hash) as new
  where hash is not null
  on conflict (provider_id, account_id) do update
  set password = excluded.password, updated_at = excluded.updated_at
)
update auth.users
set role = 'staff', email_verified = true, updated_at = now()
where id = $1`,
  encode: (params) => [params.userId, params.passwordHash, params.accountId],
});

export interface RemoveStaffRow {
  readonly userId: string;
  readonly revoked: number;
}

/**
 * The sessions end and the keys that act as the user are revoked in the same statement, so none
 * keeps the role.
 */
export const removeStaff = one<{ readonly email: string }, RemoveStaffRow>({
  name: 'sign-in.RemoveStaff',
  text: `with demoted as (
  update auth.users set role = 'customer', updated_at = now()
  where email = $1 and role = 'staff'
  returning id
),
ended as (
  delete from auth.sessions where user_id in (select id from demoted)
),
revoked as (
  delete from identity.api_keys where user_id in (select id from demoted) returning api_key_id
)
select id as user_id, (select count(*)::int from revoked) as "revoked!" from demoted`,
  encode: (params) => [params.email],
  decode: (r) => ({ userId: r[0]!, revoked: Number(r[1]!) }),
});

export interface RevokeKeysOfRow {
  readonly revoked: number;
}

export const revokeKeysOf = one<{ readonly userId: string }, RevokeKeysOfRow>({
  name: 'sign-in.RevokeKeysOf',
  text: `with revoked as (
  delete from identity.api_keys where user_id = $1 returning api_key_id
)
select count(*)::int as "revoked!" from revoked`,
  encode: (params) => [params.userId],
  decode: (r) => ({ revoked: Number(r[0]!) }),
});

export interface ListKeysMadeByRow {
  readonly apiKeyId: string;
  readonly prefix: string;
  readonly name: string;
  readonly role: string;
}

/** The valid keys that somebody has made, also with staff keys that act as themselves. */
export const listKeysMadeBy = many<{ readonly userId: string }, ListKeysMadeByRow>({
  name: 'sign-in.ListKeysMadeBy',
  text: `with recursive makers (id) as (
  select $1::text collate "C"
  union
  select keys.user_id
  from makers join identity.api_keys as keys on keys.created_by = makers.id
  where keys.role = 'staff' and keys.user_id = keys.api_key_id::text
)
select api_key_id, prefix, name, role
from identity.api_keys
where created_by in (select id from makers) and (expires_at is null or expires_at > now())
order by api_key_id`,
  encode: (params) => [params.userId],
  decode: (r) => ({ apiKeyId: r[0]!, prefix: r[1]!, name: r[2]!, role: r[3]! }),
});

export interface ListStaffRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly createdAt: Date;
}

export const listStaff = many<void, ListStaffRow>({
  name: 'sign-in.ListStaff',
  text: `select id, email, name, created_at from auth.users where role = 'staff' order by email`,
  encode: () => [],
  decode: (r) => ({ id: r[0]!, email: r[1]!, name: r[2]!, createdAt: toDate(r[3]!) }),
});
