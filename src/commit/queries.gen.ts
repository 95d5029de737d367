// Generated from queries.sql by "npm run generate". Do not edit.
import {
  arrayOf,
  batch,
  column,
  exec,
  many,
  one,
  plainElement,
  textElement,
  timeElement,
  toDate,
  uuidElement,
} from '../database/statement.ts';

export interface FindEffectsRow {
  readonly keyId: string;
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
}

/**
 * The effects that already stand for these keys. Read after the locks, so that a twin that was
 * committed while we waited for them is seen.
 */
export const findEffects = many<{ readonly keyIds: readonly string[] }, FindEffectsRow>({
  name: 'commit.FindEffects',
  text: `select key_id, fingerprint, status, body
from commit.idempotency_keys
where key_id = any($1::uuid[])`,
  encode: (params) => [arrayOf(params.keyIds, uuidElement)],
  decode: (r) => ({ keyId: r[0]!, fingerprint: r[1]!, status: Number(r[2]!), body: r[3]! }),
});

export interface ReadClockRow {
  readonly time: Date;
  readonly xactId: string;
}

/**
 * The time of a batch, in whole milliseconds. Also gives the transaction its id before it takes any
 * position in the journal, which the journal's readers rely on.
 */
export const readClock = one<void, ReadClockRow>({
  name: 'commit.ReadClock',
  text: `select date_trunc('milliseconds', clock_timestamp()) as "time!", pg_current_xact_id() as "xact_id!"`,
  encode: () => [],
  decode: (r) => ({ time: toDate(r[0]!), xactId: r[1]! }),
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
    column(rows, (row) => row.status, plainElement),
    column(rows, (row) => row.body, textElement),
    column(rows, (row) => row.createdAt, timeElement),
  ],
});

/**
 * Forgets some of the keys that are older than a time, oldest blocks first; the limit keeps the
 * transaction short.
 */
export const forgetEffects = exec<{ readonly olderThan: Date; readonly most: number }>({
  name: 'commit.ForgetEffects',
  text: `delete from commit.idempotency_keys
where ctid = any(array(
  select ctid from commit.idempotency_keys where created_at < $1::timestamptz limit $2::int
))`,
  encode: (params) => [params.olderThan.toISOString(), params.most],
});
