-- name: SaveProfile :exec
-- A null leaves what is stored.
insert into identity.profiles (user_id, name, metadata)
values (:userId, :name?, :metadata?::json)
on conflict (user_id) do update
set
  name = coalesce(excluded.name, profiles.name),
  metadata = coalesce(excluded.metadata, profiles.metadata);

-- name: SaveSignUpName :exec
-- Leaves a name as it is. A user who was erased has no account, and thus no name again.
insert into identity.profiles (user_id, name)
select id, name
from auth.users
where
  id = :userId
  and not exists (select from identity.profiles where user_id = :userId and name is not null)
for key share
on conflict (user_id) do update set name = excluded.name where profiles.name is null;

-- name: LockAccount :exec
-- Waits for a `SaveSignUpName` that runs, so that the next statement sees its row.
select from auth.users where id = :userId for update;

-- name: EraseUser :one
-- All that names a person, in one statement: the profile, and the account with its sessions. The
-- answer says whether there was an account.
with profile as (
  delete from identity.profiles where user_id = :userId
),
sessions as (
  delete from auth.sessions where user_id = :userId
),
ways as (
  delete from auth.accounts where user_id = :userId
),
account as (
  delete from auth.users where id = :userId returning id
)
select exists (select from account) as "hadAccount!";

-- name: FindUser :one
-- A user exists once they have a wallet; a name is optional.
select w.user_id, p.name as "name?", p.metadata as "metadata?", w.created_at
from wallet.wallets w
left join identity.profiles p on p.user_id = w.user_id
where w.user_id = :userId;

-- name: ListUsers :many
select w.user_id, p.name as "name?", p.metadata as "metadata?", w.created_at
from wallet.wallets w
left join identity.profiles p on p.user_id = w.user_id
where w.user_id > :after
order by w.user_id
limit :limit::int;

-- name: SearchUsers :many
-- Users whose id begins with the prefix, and users whose name contains every word. `~` follows
-- every character of an id. Frequent words fill the page from the next two thousand names. Only if
-- they do not, the index yields the names with the grams of all words. These are then few, so
-- neither way reads most of the table; the planner cannot know which way is short.
with sought as (
  select
    array_agg('%' || regexp_replace(folded, '([%_\\])', '\\\1', 'g') || '%') as patterns,
    (
      select array_agg(substr(word, place, 2))
      from
        unnest(array_agg(folded)) as word,
        generate_series(1, greatest(char_length(word) - 1, 1)) as place
    ) as grams
  from unnest(:words::text[]) as word, search.key(word) as folded
),
nearby as (
  select user_id
  from (
    select user_id, name from identity.profiles
    where user_id > :after
    order by user_id
    limit 2000
  ) as next
  where search.key(name) like all ((select patterns from sought)::text[])
  order by user_id
  limit :limit::int
),
named as materialized (
  select user_id from identity.profiles
  where
    (select count(*) from nearby) < :limit::int
    and search.grams(search.key(name)) @> (select grams from sought)
    and search.key(name) like all ((select patterns from sought)::text[])
    and user_id > :after
),
prefixed as (
  select user_id from wallet.wallets
  where user_id >= :prefix?::text and user_id < :prefix?::text || '~' and user_id > :after
  order by user_id
  limit :limit::int
)
select w.user_id, p.name as "name?", p.metadata as "metadata?", w.created_at
from (
  select user_id from nearby
  union select user_id from named
  union select user_id from prefixed
  order by user_id
  limit :limit::int
) as found
join wallet.wallets w on w.user_id = found.user_id
left join identity.profiles p on p.user_id = found.user_id
order by w.user_id;

-- name: InsertApiKey :one
insert into identity.api_keys
  (api_key_id, key_hash, prefix, name, role, user_id, created_by, created_at, expires_at)
values
  (:apiKeyId, :keyHash, :prefix, :name, :role, :userId, :createdBy, now(), :expiresAt?)
returning created_at;

-- name: ListApiKeys :many
select
  api_key_id, prefix, name, role, user_id, created_by, created_at, expires_at, last_used_at
from identity.api_keys
where api_key_id > :after::uuid
order by api_key_id
limit :limit::int;

-- name: DeleteApiKey :one
delete from identity.api_keys where api_key_id = :apiKeyId returning key_hash;

-- name: FindApiKeys :many
select key_hash, api_key_id, role, user_id, expires_at, last_used_at
from identity.api_keys
where key_hash = any(:keyHashes::text[]);

-- name: FindKeptApiKeys :many
-- Which of these keys were not revoked.
select api_key_id from identity.api_keys where api_key_id = any(:apiKeyIds::uuid[]);

-- name: RecordUses :batch
-- At most once a minute for each key, whichever process records it.
update identity.api_keys k set last_used_at = u.used_at
from unnest(:apiKeyId::uuid[], :usedAt::timestamptz[]) as u (api_key_id, used_at)
where
  k.api_key_id = u.api_key_id
  and (k.last_used_at is null or k.last_used_at <= u.used_at - interval '1 minute');
