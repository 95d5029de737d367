// Generated from queries.sql by "npm run generate". Do not edit.
import {
  arrayOf,
  column,
  int2Element,
  textElement,
  timeElement,
  uuidElement,
} from '../database/array.ts';
import { batch, exec, many, one, toDate } from '../database/statement.ts';

export interface FindEffectsRow {
  readonly time: Date;
  readonly keyId: string | null;
  readonly fingerprint: string | null;
  readonly status: number | null;
  readonly body: string | null;
}

/**
 * The batch's time in whole milliseconds, and the stored effects of these keys: at least one row,
 * with or without an effect. Read after the locks, to find a command with the same key that
 * committed while the batch waited for locks. The transaction gets its id before it reads the clock
 * and before it takes a position in the journal; the journal's readers rely on both. Only `case`
 * guarantees that order of evaluation (PostgreSQL documentation, 4.2.14).
 */
export const findEffects = many<{ readonly keyIds: readonly string[] }, FindEffectsRow>({
  name: 'commit.FindEffects',
  text: `select
  case
    when pg_current_xact_id() is not null then date_trunc('milliseconds', clock_timestamp())
  end as "time!",
  key_id as "key_id?", fingerprint as "fingerprint?", status as "status?", body as "body?"
from (values (1)) as batch
left join commit.idempotency_keys on key_id = any($1::uuid[])`,
  encode: (params) => [arrayOf(params.keyIds, uuidElement)],
  decode: (r) => ({
    time: toDate(r[0]!),
    keyId: r[1] ?? null,
    fingerprint: r[2] ?? null,
    status: r[3] === null ? null : Number(r[3]!),
    body: r[4] ?? null,
  }),
});

export const insertEffects = batch<{
  readonly keyId: string;
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
  readonly createdAt: Date;
}>({
  name: 'commit.InsertEffects',
  text: `insert into commit.idempotency_keys (key_id, fingerprint, status, body, created_at)
select * from unnest(
  $1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::timestamptz[]
)`,
  encode: (rows) => [
    column(rows, (row) => row.keyId, uuidElement),
    column(rows, (row) => row.fingerprint, uuidElement),
    column(rows, (row) => row.status, int2Element),
    column(rows, (row) => row.body, textElement),
    column(rows, (row) => row.createdAt, timeElement),
  ],
});

/**
 * Deletes some of the keys that are older than a time, oldest first. The limit keeps the transaction
 * short.
 */
export const deleteEffects = exec<{ readonly olderThan: Date; readonly limit: number }>({
  name: 'commit.DeleteEffects',
  text: `delete from commit.idempotency_keys
where ctid = any(array(
  select ctid
  from commit.idempotency_keys
  where created_at < $1::timestamptz
  order by created_at
  limit $2::int
))`,
  encode: (params) => [params.olderThan.toISOString(), params.limit],
});

export interface ClaimEffectRow {
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
  readonly createdAt: Date;
}

/**
 * Waits for a transaction that has claimed the same key; no row when that transaction committed.
 */
export const claimEffect = one<{
  readonly keyId: string;
  readonly fingerprint: string;
}, ClaimEffectRow>({
  name: 'commit.ClaimEffect',
  text: `insert into commit.idempotency_keys (key_id, fingerprint, status, body, created_at)
values ($1::uuid, $2::uuid, 0, '', now())
on conflict do nothing
returning fingerprint, status, body, created_at`,
  encode: (params) => [params.keyId, params.fingerprint],
  decode: (r) => ({
    fingerprint: r[0]!,
    status: Number(r[1]!),
    body: r[2]!,
    createdAt: toDate(r[3]!),
  }),
});

export type FindEffectRow = ClaimEffectRow;

export const findEffect = one<{ readonly keyId: string }, FindEffectRow>({
  name: 'commit.FindEffect',
  text: `select fingerprint, status, body, created_at from commit.idempotency_keys where key_id = $1::uuid`,
  encode: (params) => [params.keyId],
  decode: (r) => ({
    fingerprint: r[0]!,
    status: Number(r[1]!),
    body: r[2]!,
    createdAt: toDate(r[3]!),
  }),
});

/**
 * Stores the answer of an effect; 0 when an answer is already stored, which stays, or when the key
 * was freed and is used for another request.
 */
export const settleEffect = exec<{
  readonly status: number;
  readonly body: string;
  readonly keyId: string;
  readonly fingerprint: string;
}>({
  name: 'commit.SettleEffect',
  text: `update commit.idempotency_keys
set status = $1::smallint, body = $2::text
where key_id = $3::uuid and fingerprint = $4::uuid and body in ('', '{}')`,
  encode: (params) => [params.status, params.body, params.keyId, params.fingerprint],
});

/** Frees the key; 0 when an answer is already stored, which stays, or when the key was freed. */
export const releaseEffect = exec<{ readonly keyId: string; readonly fingerprint: string }>({
  name: 'commit.ReleaseEffect',
  text: `delete from commit.idempotency_keys
where key_id = $1::uuid and fingerprint = $2::uuid and body in ('', '{}')`,
  encode: (params) => [params.keyId, params.fingerprint],
});
