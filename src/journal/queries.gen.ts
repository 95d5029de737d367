// Generated from queries.sql by "npm run generate". Do not edit.
import { column, jsonElement, textElement, timeElement, uuidElement } from '../database/array.ts';
import { batch, exec, many, one, toDate, toJson, toSafeInteger } from '../database/statement.ts';

/** Assigns positions in the order of the rows. */
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
    column(rows, (row) => row.data, jsonElement),
  ],
});

export const insertTraces = batch<{ readonly eventId: string; readonly traceparent: string }>({
  name: 'journal.InsertTraces',
  text: `insert into journal.traces (event_id, traceparent)
select * from unnest($1::uuid[], $2::text[])`,
  encode: (rows) => [
    column(rows, (row) => row.eventId, uuidElement),
    column(rows, (row) => row.traceparent, textElement),
  ],
});

/**
 * Ids grow with time, so the primary key finds the old ones. The limit keeps the transaction short.
 */
export const deleteTraces = exec<{ readonly before: string; readonly limit: number }>({
  name: 'journal.DeleteTraces',
  text: `delete from journal.traces
where ctid = any(array(
  select ctid from journal.traces where event_id < $1::uuid order by event_id limit $2::int
))`,
  encode: (params) => [params.before, params.limit],
});

export interface ReadFenceRow {
  readonly position: number;
  readonly time: Date;
  readonly fence: string;
}

/**
 * A transaction of its own that reads the last taken position and then takes an id, so each
 * transaction with a position up to it has a lower id. The snapshot's xmax is no substitute: it
 * counts only transactions that have ended. The message writes to the WAL, so PostgreSQL flushes
 * the commit, and all WAL before it, before it answers: after a crash the sequence continues above
 * the position, and ids continue above the fence. The message needs the position and `case` needs
 * the message, so they are evaluated in this order (PostgreSQL documentation, 4.2.14). The function
 * waits for a concurrent `nextval`; the sequence's own row does not, and may show up to 32
 * positions that are logged ahead and not taken. `now()` is read before the id is taken. A batch
 * takes its id first and then its time, so every batch with an earlier time has a lower id. Times
 * of batches are cut to milliseconds, so the fence's time is the previous millisecond.
 */
export const readFence = one<void, ReadFenceRow>({
  name: 'journal.ReadFence',
  text: `with noted as materialized (
  select coalesce(pg_sequence_last_value('journal.events_position_seq'), 0) as position
)
select
  position as "position!",
  date_trunc('milliseconds', now()) - interval '1 millisecond' as "time!",
  case
    when pg_logical_emit_message(true, 'moa', position::text) is not null
    then pg_current_xact_id()
  end as "fence!"
from noted`,
  encode: () => [],
  decode: (r) => ({ position: toSafeInteger(r[0]!), time: toDate(r[1]!), fence: r[2]! }),
});

export interface ReadHorizonRow {
  readonly oldestRunning: string;
  readonly position: number;
}

/**
 * Every transaction with an id below the oldest running one has ended. `position` is the last
 * position that any transaction has taken, committed or not; it is read after the snapshot was
 * taken.
 */
export const readHorizon = one<void, ReadHorizonRow>({
  name: 'journal.ReadHorizon',
  text: `select
  pg_snapshot_xmin(pg_current_snapshot()) as "oldest_running!",
  coalesce(pg_sequence_last_value('journal.events_position_seq'), 0) as "position!"`,
  encode: () => [],
  decode: (r) => ({ oldestRunning: r[0]!, position: toSafeInteger(r[1]!) }),
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
  readonly limit: number;
}, ReadEventsRow>({
  name: 'journal.ReadEvents',
  text: `select position, event_id, type, subject, time, data
from journal.events
where position > $1::bigint and position <= $2::bigint
order by position
limit $3::int`,
  encode: (params) => [params.after, params.upTo, params.limit],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    subject: r[3]!,
    time: toDate(r[4]!),
    data: toJson(r[5]!),
  }),
});

export interface ReadClockRow {
  readonly time: Date;
}

export const readClock = one<void, ReadClockRow>({
  name: 'journal.ReadClock',
  text: `select date_trunc('milliseconds', clock_timestamp()) as "time!"`,
  encode: () => [],
  decode: (r) => ({ time: toDate(r[0]!) }),
});

export interface FindCursorRow {
  readonly position: number;
  readonly build: number;
}

export const findCursor = one<{ readonly name: string }, FindCursorRow>({
  name: 'journal.FindCursor',
  text: `select position, build from journal.cursors where name = $1`,
  encode: (params) => [params.name],
  decode: (r) => ({ position: toSafeInteger(r[0]!), build: toSafeInteger(r[1]!) }),
});

export interface LockCursorRow {
  readonly position: number;
  readonly build: number;
  readonly taken: number;
}

/**
 * No row when another transaction has locked the cursor: that transaction does the work. `taken` is
 * the last position that any transaction has taken.
 */
export const lockCursor = one<{ readonly name: string }, LockCursorRow>({
  name: 'journal.LockCursor',
  text: `select
  position,
  build,
  coalesce(pg_sequence_last_value('journal.events_position_seq'), 0) as "taken!"
from journal.cursors
where name = $1
for no key update skip locked`,
  encode: (params) => [params.name],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    build: toSafeInteger(r[1]!),
    taken: toSafeInteger(r[2]!),
  }),
});

export interface CountEventsRow {
  readonly events: number;
}

export const countEvents = one<{ readonly after: number; readonly upTo: number }, CountEventsRow>({
  name: 'journal.CountEvents',
  text: `select count(*) as "events!" from journal.events where position > $1 and position <= $2`,
  encode: (params) => [params.after, params.upTo],
  decode: (r) => ({ events: toSafeInteger(r[0]!) }),
});

export const moveCursor = exec<{
  readonly position: number;
  readonly read: number;
  readonly name: string;
}>({
  name: 'journal.MoveCursor',
  text: `update journal.cursors set position = $1, events = events + $2 where name = $3`,
  encode: (params) => [params.position, params.read, params.name],
});
