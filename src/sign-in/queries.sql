-- name: FindSessions :many
-- A session whose user was erased is not valid.
select s.token, s.user_id, s.expires_at, u.role, u.name
from auth.sessions s
join auth.users u on u.id = s.user_id
where s.token = any(:tokens::text[]) and s.expires_at > now();

-- name: DeleteExpiredSessions :exec
delete from auth.sessions
where id in (
  select id from auth.sessions where expires_at <= now() order by expires_at limit :limit::int
);

-- name: SaveSampleUser :exec
insert into auth.users (id, email, email_verified, name, role, created_at, updated_at)
values (:userId, :email, false, :name, :role, now(), now())
on conflict (id) do nothing;

-- name: FindSignInUser :one
-- `provider` says whether an identity provider signs the user in.
select
  u.id,
  u.role,
  exists (
    select from auth.accounts a where a.user_id = u.id and a.provider_id <> 'credential'
  ) as "provider!"
from auth.users u
where u.email = :email;

-- name: InsertStaff :exec
-- One statement: an account never has a role without its password.
with added as (
  insert into auth.users (id, email, email_verified, name, role, created_at, updated_at)
  values (:userId, :email, true, :name, 'staff', now(), now())
  returning id, created_at
)
insert into auth.accounts (id, account_id, provider_id, user_id, password, created_at, updated_at)
select :accountId::uuid, id, 'credential', id, :passwordHash::text, created_at, created_at
from added;

-- name: RaiseToStaff :exec
-- With a new password and without the earlier sessions: whoever signed up with the address may not
-- own it. Without a password, only an identity provider signs the user in.
with ended as (
  delete from auth.sessions where user_id = :userId
),
removed as (
  delete from auth.accounts
  where user_id = :userId and provider_id = 'credential' and :passwordHash?::text is null
),
replaced as (
  insert into auth.accounts (id, account_id, provider_id, user_id, password, created_at, updated_at)
  select :accountId::uuid, :userId, 'credential', :userId, hash, now(), now()
  from (select :passwordHash?::text as hash) as new
  where hash is not null
  on conflict (provider_id, account_id) do update
  set password = excluded.password, updated_at = excluded.updated_at
)
update auth.users
set role = 'staff', email_verified = true, updated_at = now()
where id = :userId;

-- name: RemoveStaff :one
-- The sessions end and the keys that act as the user are revoked in the same statement, so none
-- keeps the role.
with demoted as (
  update auth.users set role = 'customer', updated_at = now()
  where email = :email and role = 'staff'
  returning id
),
ended as (
  delete from auth.sessions where user_id in (select id from demoted)
),
revoked as (
  delete from identity.api_keys where user_id in (select id from demoted) returning api_key_id
)
select id as user_id, (select count(*)::int from revoked) as "revoked!" from demoted;

-- name: RevokeKeysOf :one
with revoked as (
  delete from identity.api_keys where user_id = :userId returning api_key_id
)
select count(*)::int as "revoked!" from revoked;

-- name: ListKeysMadeBy :many
-- The valid keys that somebody has made, also with staff keys that act as themselves.
with recursive makers (id) as (
  select :userId::text collate "C"
  union
  select keys.user_id
  from makers join identity.api_keys as keys on keys.created_by = makers.id
  where keys.role = 'staff' and keys.user_id = keys.api_key_id::text
)
select api_key_id, prefix, name, role
from identity.api_keys
where created_by in (select id from makers) and (expires_at is null or expires_at > now())
order by api_key_id;

-- name: ListStaff :many
select id, email, name, created_at from auth.users where role = 'staff' order by email;
