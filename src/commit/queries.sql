-- name: FindEffects :many
-- The batch's time in whole milliseconds, and the stored effects of these keys: at least one row,
-- with or without an effect. Read after the locks, to find a command with the same key that
-- committed while the batch waited for locks. The transaction gets its id before it reads the clock
-- and before it takes a position in the journal; the journal's readers rely on both. Only `case`
-- guarantees that order of evaluation (PostgreSQL documentation, 4.2.14).
select
  case
    when pg_current_xact_id() is not null then date_trunc('milliseconds', clock_timestamp())
  end as "time!",
  key_id as "key_id?", fingerprint as "fingerprint?", status as "status?", body as "body?"
from (values (1)) as batch
left join commit.idempotency_keys on key_id = any(:keyIds::uuid[]);

-- name: InsertEffects :batch
insert into commit.idempotency_keys (key_id, fingerprint, status, body, created_at)
select * from unnest(
  :keyId::uuid[], :fingerprint::uuid[], :status::smallint[], :body::text[], :createdAt::timestamptz[]
);

-- name: DeleteEffects :exec
-- Deletes some of the keys that are older than a time, oldest first. The limit keeps the transaction
-- short.
delete from commit.idempotency_keys
where ctid = any(array(
  select ctid
  from commit.idempotency_keys
  where created_at < :olderThan::timestamptz
  order by created_at
  limit :limit::int
));

-- name: ClaimEffect :one
-- Waits for a transaction that has claimed the same key; no row when that transaction committed.
insert into commit.idempotency_keys (key_id, fingerprint, status, body, created_at)
values (:keyId::uuid, :fingerprint::uuid, 0, '', now())
on conflict do nothing
returning fingerprint, status, body, created_at;

-- name: FindEffect :one
select fingerprint, status, body, created_at from commit.idempotency_keys where key_id = :keyId::uuid;

-- name: SettleEffect :exec
-- Stores the answer of an effect; 0 when an answer is already stored, which stays, or when the key
-- was freed and is used for another request.
update commit.idempotency_keys
set status = :status::smallint, body = :body::text
where key_id = :keyId::uuid and fingerprint = :fingerprint::uuid and body in ('', '{}');

-- name: ReleaseEffect :exec
-- Frees the key; 0 when an answer is already stored, which stays, or when the key was freed.
delete from commit.idempotency_keys
where key_id = :keyId::uuid and fingerprint = :fingerprint::uuid and body in ('', '{}');
