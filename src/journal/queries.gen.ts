// Generated from queries.sql by "npm run generate". Do not edit.
import {
  batch,
  column,
  many,
  one,
  textElement,
  timeElement,
  toDate,
  toJson,
  toSafeInteger,
  uuidElement,
} from '../database/statement.ts';

/** Positions are given in the order of the rows. */
export const insertEvents = batch<{
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  readonly data: string;
}>({
  name: 'journal.InsertEvents',
  text: `insert into journal.events (event_id, type, subject, time, data)
select * from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::json[]
)`,
  encode: (rows) => [
    column(rows, (row) => row.eventId, uuidElement),
    column(rows, (row) => row.type, textElement),
    column(rows, (row) => row.subject, textElement),
    column(rows, (row) => row.time, timeElement),
    column(rows, (row) => row.data, textElement),
  ],
});

export interface ReadLastPositionRow {
  readonly position: number;
}

/** The last position that any transaction has taken, committed or not. */
export const readLastPosition = one<void, ReadLastPositionRow>({
  name: 'journal.ReadLastPosition',
  text: `select case when is_called then last_value else 0 end as "position!"
from journal.events_position_seq`,
  encode: () => [],
  decode: (r) => ({ position: toSafeInteger(r[0]!) }),
});

export interface ReadFenceRow {
  readonly fence: string;
}

/**
 * A transaction of its own that takes an id: every id that was given before is lower. The snapshot's
 * xmax would not do: it only counts the transactions that have ended.
 */
export const readFence = one<void, ReadFenceRow>({
  name: 'journal.ReadFence',
  text: `select pg_current_xact_id() as "fence!"`,
  encode: () => [],
  decode: (r) => ({ fence: r[0]! }),
});

export interface ReadHorizonRow {
  readonly oldestRunning: string;
}

/** Every transaction with a lower id has ended. */
export const readHorizon = one<void, ReadHorizonRow>({
  name: 'journal.ReadHorizon',
  text: `select pg_snapshot_xmin(pg_current_snapshot()) as "oldest_running!"`,
  encode: () => [],
  decode: (r) => ({ oldestRunning: r[0]! }),
});

export interface ReadEventsRow {
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  readonly data: unknown;
}

export const readEvents = many<{
  readonly after: number;
  readonly upTo: number;
  readonly most: number;
}, ReadEventsRow>({
  name: 'journal.ReadEvents',
  text: `select position, event_id, type, subject, time, data
from journal.events
where position > $1::bigint and position <= $2::bigint
order by position
limit $3::int`,
  encode: (params) => [params.after, params.upTo, params.most],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    subject: r[3]!,
    time: toDate(r[4]!),
    data: toJson(r[5]!),
  }),
});
