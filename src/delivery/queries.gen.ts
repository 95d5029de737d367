// Generated from queries.sql by "npm run generate". Do not edit.
import { arrayOf, int8Element, textElement } from '../database/array.ts';
import {
  exec,
  many,
  one,
  toArray,
  toBoolean,
  toDate,
  toSafeInteger,
} from '../database/statement.ts';

export interface ListActiveRow {
  readonly destinationId: string;
  readonly name: string;
  readonly kind: string;
  readonly url: string;
  readonly types: readonly string[] | null;
  readonly secret: string | null;
  readonly previousSecret: string | null;
  readonly secretChangedAt: Date | null;
  readonly status: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly unconfigured: string | null;
  readonly ca: string | null;
}

export const listActive = many<void, ListActiveRow>({
  name: 'delivery.ListActive',
  text: `select
  destination_id, name, kind, url, types, secret, previous_secret, secret_changed_at, status,
  version, created_at, updated_at, unconfigured, ca
from delivery.destinations
where status = 'active'
order by destination_id`,
  encode: () => [],
  decode: (r) => ({
    destinationId: r[0]!,
    name: r[1]!,
    kind: r[2]!,
    url: r[3]!,
    types: r[4] === null ? null : toArray(r[4]!, String),
    secret: r[5] ?? null,
    previousSecret: r[6] ?? null,
    secretChangedAt: r[7] === null ? null : toDate(r[7]!),
    status: r[8]!,
    version: toSafeInteger(r[9]!),
    createdAt: toDate(r[10]!),
    updatedAt: toDate(r[11]!),
    unconfigured: r[12] ?? null,
    ca: r[13] ?? null,
  }),
});

export interface FindInstallationRow {
  readonly installationId: string;
}

export const findInstallation = one<void, FindInstallationRow>({
  name: 'delivery.FindInstallation',
  text: `select installation_id from delivery.installation where is_only`,
  encode: () => [],
  decode: (r) => ({ installationId: r[0]! }),
});

export type PageDestinationsRow = ListActiveRow;

export const pageDestinations = many<{
  readonly after: string | null;
  readonly limit: number;
}, PageDestinationsRow>({
  name: 'delivery.PageDestinations',
  text: `select
  destination_id, name, kind, url, types, secret, previous_secret, secret_changed_at, status,
  version, created_at, updated_at, unconfigured, ca
from delivery.destinations
where $1::uuid is null or destination_id > $1::uuid
order by destination_id
limit $2::int`,
  encode: (params) => [params.after, params.limit],
  decode: (r) => ({
    destinationId: r[0]!,
    name: r[1]!,
    kind: r[2]!,
    url: r[3]!,
    types: r[4] === null ? null : toArray(r[4]!, String),
    secret: r[5] ?? null,
    previousSecret: r[6] ?? null,
    secretChangedAt: r[7] === null ? null : toDate(r[7]!),
    status: r[8]!,
    version: toSafeInteger(r[9]!),
    createdAt: toDate(r[10]!),
    updatedAt: toDate(r[11]!),
    unconfigured: r[12] ?? null,
    ca: r[13] ?? null,
  }),
});

export type FindDestinationRow = ListActiveRow;

export const findDestination = one<{ readonly destinationId: string }, FindDestinationRow>({
  name: 'delivery.FindDestination',
  text: `select
  destination_id, name, kind, url, types, secret, previous_secret, secret_changed_at, status,
  version, created_at, updated_at, unconfigured, ca
from delivery.destinations
where destination_id = $1`,
  encode: (params) => [params.destinationId],
  decode: (r) => ({
    destinationId: r[0]!,
    name: r[1]!,
    kind: r[2]!,
    url: r[3]!,
    types: r[4] === null ? null : toArray(r[4]!, String),
    secret: r[5] ?? null,
    previousSecret: r[6] ?? null,
    secretChangedAt: r[7] === null ? null : toDate(r[7]!),
    status: r[8]!,
    version: toSafeInteger(r[9]!),
    createdAt: toDate(r[10]!),
    updatedAt: toDate(r[11]!),
    unconfigured: r[12] ?? null,
    ca: r[13] ?? null,
  }),
});

/** The destination begins at `:position`; the journal is decided up to it. */
export const insertDestination = exec<{
  readonly destinationId: string;
  readonly name: string;
  readonly kind: string;
  readonly url: string;
  readonly types: readonly string[] | null;
  readonly secret: string | null;
  readonly status: string;
  readonly ca: string | null;
  readonly position: number;
}>({
  name: 'delivery.InsertDestination',
  text: `with made as (
  insert into delivery.destinations
  values (
    $1, $2, $3, $4, $5::text[], $6, null, null, $7, 1, now(),
    now(), null, $8
  )
  on conflict do nothing
  returning destination_id
)
insert into delivery.progress (destination_id, position, delivered, begin_position, seen)
select destination_id, $9::bigint, 0, $9::bigint, 0 from made`,
  encode: (params) => [
    params.destinationId,
    params.name,
    params.kind,
    params.url,
    params.types === null ? null : arrayOf(params.types, textElement),
    params.secret,
    params.status,
    params.ca,
    params.position,
  ],
});

/**
 * Changes a destination if its version is still `:version`. A new secret keeps the previous one.
 */
export const changeDestination = exec<{
  readonly name: string;
  readonly url: string;
  readonly types: readonly string[] | null;
  readonly secret: string | null;
  readonly status: string;
  readonly unconfigured: string | null;
  readonly ca: string | null;
  readonly destinationId: string;
  readonly version: number;
}>({
  name: 'delivery.ChangeDestination',
  text: `update delivery.destinations
set
  name = $1,
  url = $2,
  types = $3::text[],
  secret = $4::text,
  previous_secret = case when $4::text <> secret then secret else previous_secret end,
  secret_changed_at = case when $4::text <> secret then now() else secret_changed_at end,
  status = $5,
  unconfigured = $6,
  ca = $7,
  version = version + 1,
  updated_at = now()
where destination_id = $8 and version = $9::bigint`,
  encode: (params) => [
    params.name,
    params.url,
    params.types === null ? null : arrayOf(params.types, textElement),
    params.secret,
    params.status,
    params.unconfigured,
    params.ca,
    params.destinationId,
    params.version,
  ],
});

/** Pauses a destination if its version is still `:version`. */
export const pauseDestination = exec<{ readonly destinationId: string; readonly version: number }>({
  name: 'delivery.PauseDestination',
  text: `update delivery.destinations
set status = 'paused', version = version + 1, updated_at = now()
where destination_id = $1 and version = $2::bigint`,
  encode: (params) => [params.destinationId, params.version],
});

export interface FindCurrentRow {
  readonly destinationId: string;
}

/** No row when the destination was changed, paused or deleted. */
export const findCurrent = one<{
  readonly destinationId: string;
  readonly version: number;
}, FindCurrentRow>({
  name: 'delivery.FindCurrent',
  text: `select destination_id
from delivery.destinations
where destination_id = $1 and version = $2::bigint and status = 'active'`,
  encode: (params) => [params.destinationId, params.version],
  decode: (r) => ({ destinationId: r[0]! }),
});

export const deleteDestination = exec<{ readonly destinationId: string }>({
  name: 'delivery.DeleteDestination',
  text: `with deleted as (
  delete from delivery.destinations where destination_id = $1 returning destination_id
), deleted_progress as (
  delete from delivery.progress where destination_id = $1
), deleted_letters as (
  delete from delivery.dead_letters where destination_id = $1
), deleted_attempts as (
  delete from delivery.attempts where destination_id = $1
), deleted_replays as (
  delete from delivery.replays where destination_id = $1
)
select destination_id from deleted`,
  encode: (params) => [params.destinationId],
});

export interface TryLockRow {
  readonly taken: boolean;
}

/** The connection holds the lock until it releases it or ends. */
export const tryLock = one<{ readonly destinationId: string }, TryLockRow>({
  name: 'delivery.TryLock',
  text: `select pg_try_advisory_lock(hashtextextended('delivery ' || $1::text, 0)) as "taken!"`,
  encode: (params) => [params.destinationId],
  decode: (r) => ({ taken: toBoolean(r[0]!) }),
});

export interface UnlockRow {
  readonly given: boolean;
}

export const unlock = one<{ readonly destinationId: string }, UnlockRow>({
  name: 'delivery.Unlock',
  text: `select pg_advisory_unlock(hashtextextended('delivery ' || $1::text, 0)) as "given!"`,
  encode: (params) => [params.destinationId],
  decode: (r) => ({ given: toBoolean(r[0]!) }),
});

export const listen = exec<void>({
  name: 'delivery.Listen',
  text: `listen moa_delivery`,
  encode: () => [],
});

export interface NotifyOthersRow {
  readonly sent: boolean;
}

export const notifyOthers = one<void, NotifyOthersRow>({
  name: 'delivery.NotifyOthers',
  text: `select pg_notify('moa_delivery', '') is null as "sent!"`,
  encode: () => [],
  decode: (r) => ({ sent: toBoolean(r[0]!) }),
});

export interface FindProgressRow {
  readonly position: number;
  readonly seen: number;
}

export const findProgress = one<{ readonly destinationId: string }, FindProgressRow>({
  name: 'delivery.FindProgress',
  text: `select position, seen from delivery.progress where destination_id = $1`,
  encode: (params) => [params.destinationId],
  decode: (r) => ({ position: toSafeInteger(r[0]!), seen: toSafeInteger(r[1]!) }),
});

export interface ReadOutgoingRow {
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  readonly data: string;
  readonly traceparent: string | null;
  readonly ordinal: number;
  readonly isWanted: boolean;
}

/**
 * Reads the destination in the same snapshot as the events, so no event is read that was committed
 * after a change of the destination. `ordinal` counts the events of any type after `:after`; the
 * last event of the range is returned for its ordinal even if its type is not wanted.
 */
export const readOutgoing = many<{
  readonly types: readonly string[];
  readonly after: number;
  readonly upTo: number;
  readonly limit: number;
  readonly destinationId: string;
  readonly version: number;
}, ReadOutgoingRow>({
  name: 'delivery.ReadOutgoing',
  text: `select
  e.position, e.event_id, e.type, e.subject, e.time, e.data::text as "data!",
  (select traceparent from journal.traces t where t.event_id = e.event_id) as "traceparent?",
  e.ordinal as "ordinal!", e.type = any($1::text[]) as "is_wanted!"
from delivery.destinations d
cross join lateral (
  select position, event_id, type, subject, time, data, ordinal
  from (
    select
      position, event_id, type, subject, time, data,
      row_number() over (order by position) as ordinal,
      lead(position) over (order by position) is null as is_last
    from journal.events
    where position > $2::bigint and position <= $3::bigint
  ) as numbered
  where type = any($1::text[]) or is_last
  order by position
  limit $4::int
) as e
where d.destination_id = $5 and d.version = $6::bigint and d.status = 'active'
order by e.position`,
  encode: (params) => [
    arrayOf(params.types, textElement),
    params.after,
    params.upTo,
    params.limit,
    params.destinationId,
    params.version,
  ],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    subject: r[3]!,
    time: toDate(r[4]!),
    data: r[5]!,
    traceparent: r[6] ?? null,
    ordinal: toSafeInteger(r[7]!),
    isWanted: toBoolean(r[8]!),
  }),
});

export interface ReadReplayRow {
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  readonly data: string;
  readonly traceparent: string | null;
}

/** Reads the destination in the same snapshot as the events. */
export const readReplay = many<{
  readonly after: number;
  readonly upTo: number;
  readonly types: readonly string[];
  readonly fromTime: Date;
  readonly toTime: Date;
  readonly limit: number;
  readonly destinationId: string;
  readonly version: number;
}, ReadReplayRow>({
  name: 'delivery.ReadReplay',
  text: `select
  e.position, e.event_id, e.type, e.subject, e.time, e.data::text as "data!",
  (select traceparent from journal.traces t where t.event_id = e.event_id) as "traceparent?"
from delivery.destinations d
cross join lateral (
  select position, event_id, type, subject, time, data
  from journal.events
  where
    position > $1::bigint and position <= $2::bigint
    and type = any($3::text[])
    and time >= $4 and time <= $5
  order by position
  limit $6::int
) as e
where d.destination_id = $7 and d.version = $8::bigint and d.status = 'active'
order by e.position`,
  encode: (params) => [
    params.after,
    params.upTo,
    arrayOf(params.types, textElement),
    params.fromTime.toISOString(),
    params.toTime.toISOString(),
    params.limit,
    params.destinationId,
    params.version,
  ],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    subject: r[3]!,
    time: toDate(r[4]!),
    data: r[5]!,
    traceparent: r[6] ?? null,
  }),
});

export type ReadDueDeadLettersRow = ReadReplayRow;

/** Reads the destination in the same snapshot as the events. */
export const readDueDeadLetters = many<{
  readonly destinationId: string;
  readonly version: number;
  readonly limit: number;
}, ReadDueDeadLettersRow>({
  name: 'delivery.ReadDueDeadLetters',
  text: `select
  e.position, e.event_id, e.type, e.subject, e.time, e.data::text as "data!",
  (select traceparent from journal.traces t where t.event_id = e.event_id) as "traceparent?"
from delivery.destinations d
join delivery.dead_letters l on l.destination_id = d.destination_id and l.is_due
join journal.events e on e.position = l.position
where d.destination_id = $1 and d.version = $2::bigint and d.status = 'active'
order by l.position
limit $3::int`,
  encode: (params) => [params.destinationId, params.version, params.limit],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    subject: r[3]!,
    time: toDate(r[4]!),
    data: r[5]!,
    traceparent: r[6] ?? null,
  }),
});

export type ReadSentRow = ReadReplayRow;

export const readSent = many<{
  readonly after: number;
  readonly upTo: number;
  readonly types: readonly string[];
  readonly subject: string | null;
  readonly limit: number;
}, ReadSentRow>({
  name: 'delivery.ReadSent',
  text: `select
  position, event_id, type, subject, time, data::text as "data!",
  (select traceparent from journal.traces t where t.event_id = e.event_id) as "traceparent?"
from journal.events e
where
  position > $1::bigint and position <= $2::bigint
  and type = any($3::text[])
  and ($4::text is null or subject = $4::text)
order by position
limit $5::int`,
  encode: (params) => [
    params.after,
    params.upTo,
    arrayOf(params.types, textElement),
    params.subject,
    params.limit,
  ],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    subject: r[3]!,
    time: toDate(r[4]!),
    data: r[5]!,
    traceparent: r[6] ?? null,
  }),
});

export const moveProgress = exec<{
  readonly position: number;
  readonly seen: number;
  readonly destinationId: string;
}>({
  name: 'delivery.MoveProgress',
  text: `update delivery.progress
set position = $1::bigint, seen = $2::bigint
where destination_id = $3`,
  encode: (params) => [params.position, params.seen, params.destinationId],
});

/**
 * A replay passes a null position, because it does not move the progress. One statement, because it
 * runs after every request. Consecutive deliveries share one row of attempts.
 */
export const recordDelivery = exec<{
  readonly position: number | null;
  readonly seen: number | null;
  readonly delivered: number;
  readonly destinationId: string;
  readonly status: number | null;
  readonly body: string | null;
  readonly eventId: string | null;
}>({
  name: 'delivery.RecordDelivery',
  text: `with moved as (
  update delivery.progress
  set
    position = coalesce($1::bigint, position), seen = coalesce($2::bigint, seen),
    delivered = delivered + $3::bigint,
    attempts = attempts + (outcome is distinct from 'delivered')::int,
    attempted_at = now(), outcome = 'delivered', detail = '', next_attempt_at = null
  where destination_id = $4
  returning destination_id, attempts
), dropped as (
  delete from delivery.attempts a
  using moved m
  where a.destination_id = m.destination_id and a.number = m.attempts - 1000
)
insert into delivery.attempts as a (
  destination_id, number, outcome, detail, status, body, event_id, requests, events,
  began_at, ended_at
)
select
  destination_id, attempts, 'delivered', '', $5::int, $6::text,
  $7::uuid, 1, $3::bigint, now(), now()
from moved
on conflict (destination_id, number) do update set
  requests = case when a.outcome = 'delivered' then a.requests + 1 else 1 end,
  events = case when a.outcome = 'delivered' then a.events else 0 end + excluded.events,
  began_at = case when a.outcome = 'delivered' then a.began_at else excluded.began_at end,
  outcome = excluded.outcome, detail = excluded.detail, status = excluded.status,
  body = excluded.body, event_id = excluded.event_id,
  ended_at = excluded.ended_at`,
  encode: (params) => [
    params.position,
    params.seen,
    params.delivered,
    params.destinationId,
    params.status,
    params.body,
    params.eventId,
  ],
});

export const recordFailure = exec<{
  readonly outcome: string;
  readonly detail: string;
  readonly nextAttemptAt: Date | null;
  readonly destinationId: string;
  readonly status: number | null;
  readonly body: string | null;
  readonly eventId: string | null;
  readonly events: number;
}>({
  name: 'delivery.RecordFailure',
  text: `with moved as (
  update delivery.progress
  set
    attempts = attempts + 1,
    attempted_at = now(), outcome = $1, detail = $2,
    next_attempt_at = $3
  where destination_id = $4
  returning destination_id, attempts
), dropped as (
  delete from delivery.attempts a
  using moved m
  where a.destination_id = m.destination_id and a.number = m.attempts - 1000
)
insert into delivery.attempts (
  destination_id, number, outcome, detail, status, body, event_id, requests, events,
  began_at, ended_at
)
select
  destination_id, attempts, $1, $2, $5::int, $6::text,
  $7::uuid, 1, $8::bigint, now(), now()
from moved`,
  encode: (params) => [
    params.outcome,
    params.detail,
    params.nextAttemptAt?.toISOString(),
    params.destinationId,
    params.status,
    params.body,
    params.eventId,
    params.events,
  ],
});

export interface PageAttemptsRow {
  readonly number: number;
  readonly outcome: string;
  readonly detail: string;
  readonly status: number | null;
  readonly body: string | null;
  readonly eventId: string | null;
  readonly requests: number;
  readonly events: number;
  readonly beganAt: Date;
  readonly endedAt: Date;
}

export const pageAttempts = many<{
  readonly destinationId: string;
  readonly before: number | null;
  readonly limit: number;
}, PageAttemptsRow>({
  name: 'delivery.PageAttempts',
  text: `select number, outcome, detail, status, body, event_id, requests, events, began_at, ended_at
from delivery.attempts
where
  destination_id = $1
  and ($2::bigint is null or number < $2::bigint)
order by number desc
limit $3::int`,
  encode: (params) => [params.destinationId, params.before, params.limit],
  decode: (r) => ({
    number: toSafeInteger(r[0]!),
    outcome: r[1]!,
    detail: r[2]!,
    status: r[3] === null ? null : Number(r[3]!),
    body: r[4] ?? null,
    eventId: r[5] ?? null,
    requests: toSafeInteger(r[6]!),
    events: toSafeInteger(r[7]!),
    beganAt: toDate(r[8]!),
    endedAt: toDate(r[9]!),
  }),
});

export const insertDeadLetter = exec<{
  readonly position: number;
  readonly detail: string;
  readonly attempts: number;
  readonly status: number | null;
  readonly body: string | null;
  readonly destinationId: string;
}>({
  name: 'delivery.InsertDeadLetter',
  text: `insert into delivery.dead_letters as l (
  destination_id, position, detail, created_at, is_due, attempts, status, body, attempted_at
)
select
  destination_id, $1::bigint, $2, now(), false, $3::int, $4::int,
  $5::text, now()
from delivery.destinations
where destination_id = $6
on conflict (destination_id, position) do update set
  detail = excluded.detail, is_due = false, attempts = l.attempts + excluded.attempts,
  status = excluded.status, body = excluded.body, attempted_at = excluded.attempted_at`,
  encode: (params) => [
    params.position,
    params.detail,
    params.attempts,
    params.status,
    params.body,
    params.destinationId,
  ],
});

export const changeDeadLetter = exec<{
  readonly detail: string;
  readonly attempts: number;
  readonly status: number | null;
  readonly body: string | null;
  readonly destinationId: string;
  readonly position: number;
}>({
  name: 'delivery.ChangeDeadLetter',
  text: `update delivery.dead_letters
set
  detail = $1, is_due = false, attempts = attempts + $2::int, status = $3::int,
  body = $4::text, attempted_at = now()
where destination_id = $5 and position = $6::bigint`,
  encode: (params) => [
    params.detail,
    params.attempts,
    params.status,
    params.body,
    params.destinationId,
    params.position,
  ],
});

export interface PageDeadLettersRow {
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  readonly data: string;
  readonly traceparent: string | null;
  readonly detail: string;
  readonly status: number | null;
  readonly body: string | null;
  readonly attempts: number;
  readonly attemptedAt: Date;
  readonly createdAt: Date;
  readonly isDue: boolean;
}

export const pageDeadLetters = many<{
  readonly destinationId: string;
  readonly before: number | null;
  readonly limit: number;
}, PageDeadLettersRow>({
  name: 'delivery.PageDeadLetters',
  text: `select
  l.position, e.event_id, e.type, e.subject, e.time, e.data::text as "data!",
  (select traceparent from journal.traces t where t.event_id = e.event_id) as "traceparent?",
  l.detail, l.status,
  l.body, l.attempts, coalesce(l.attempted_at, l.created_at) as "attempted_at!", l.created_at,
  l.is_due
from delivery.dead_letters l
join journal.events e on e.position = l.position
where
  l.destination_id = $1
  and ($2::bigint is null or l.position < $2::bigint)
order by l.position desc
limit $3::int`,
  encode: (params) => [params.destinationId, params.before, params.limit],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    subject: r[3]!,
    time: toDate(r[4]!),
    data: r[5]!,
    traceparent: r[6] ?? null,
    detail: r[7]!,
    status: r[8] === null ? null : Number(r[8]!),
    body: r[9] ?? null,
    attempts: Number(r[10]!),
    attemptedAt: toDate(r[11]!),
    createdAt: toDate(r[12]!),
    isDue: toBoolean(r[13]!),
  }),
});

export const retryDeadLetter = exec<{ readonly destinationId: string; readonly eventId: string }>({
  name: 'delivery.RetryDeadLetter',
  text: `update delivery.dead_letters l
set is_due = true
from journal.events e
where
  l.destination_id = $1 and e.position = l.position and e.event_id = $2::uuid`,
  encode: (params) => [params.destinationId, params.eventId],
});

/**
 * A relay may hold a due event in memory; the new version of the destination makes it drop that.
 */
export const deleteDeadLetter = exec<{ readonly destinationId: string; readonly eventId: string }>({
  name: 'delivery.DeleteDeadLetter',
  text: `with deleted as (
  delete from delivery.dead_letters l
  using journal.events e
  where
    l.destination_id = $1 and e.position = l.position and e.event_id = $2::uuid
  returning l.is_due
), changed as (
  update delivery.destinations
  set version = version + 1
  where destination_id = $1 and exists (select from deleted where is_due)
)
select is_due from deleted`,
  encode: (params) => [params.destinationId, params.eventId],
});

export const deleteDeadLetters = exec<{
  readonly destinationId: string;
  readonly positions: readonly number[];
}>({
  name: 'delivery.DeleteDeadLetters',
  text: `delete from delivery.dead_letters
where destination_id = $1 and position = any($2::bigint[])`,
  encode: (params) => [params.destinationId, arrayOf(params.positions, int8Element)],
});

export const retryDeadLetters = exec<{ readonly destinationId: string }>({
  name: 'delivery.RetryDeadLetters',
  text: `update delivery.dead_letters set is_due = true where destination_id = $1`,
  encode: (params) => [params.destinationId],
});

export interface FindRangeRow {
  readonly after: number | null;
  readonly upTo: number | null;
}

/**
 * Times grow with positions except among concurrent commits and for clocks that differ, so all
 * events of the time are between those of its first and its last minute with events.
 */
export const findRange = one<{ readonly fromTime: Date; readonly toTime: Date }, FindRangeRow>({
  name: 'delivery.FindRange',
  text: `with ends as (
  select
    (select min(time) from journal.events where time >= $1 and time <= $2) as first,
    (select max(time) from journal.events where time >= $1 and time <= $2) as last
)
select
  (
    select min(position) - 1 from journal.events
    where time >= first and time < first + interval '1 minute'
  ) as "after?",
  (
    select max(position) from journal.events
    where time <= last and time > last - interval '1 minute'
  ) as "up_to?"
from ends`,
  encode: (params) => [params.fromTime.toISOString(), params.toTime.toISOString()],
  decode: (r) => ({
    after: r[0] === null ? null : toSafeInteger(r[0]!),
    upTo: r[1] === null ? null : toSafeInteger(r[1]!),
  }),
});

export const insertReplay = exec<{
  readonly replayId: string;
  readonly after: number;
  readonly upTo: number;
  readonly fromTime: Date;
  readonly toTime: Date;
  readonly destinationId: string;
}>({
  name: 'delivery.InsertReplay',
  text: `insert into delivery.replays (destination_id, replay_id, position, up_to, from_time, to_time)
select d.destination_id, $1, $2::bigint, $3::bigint, $4, $5
from delivery.destinations d
where d.destination_id = $6`,
  encode: (params) => [
    params.replayId,
    params.after,
    params.upTo,
    params.fromTime.toISOString(),
    params.toTime.toISOString(),
    params.destinationId,
  ],
});

export interface FindReplayRow {
  readonly replayId: string;
  readonly position: number;
  readonly upTo: number;
  readonly fromTime: Date;
  readonly toTime: Date;
}

export const findReplay = one<{ readonly destinationId: string }, FindReplayRow>({
  name: 'delivery.FindReplay',
  text: `select replay_id, position, up_to, from_time, to_time
from delivery.replays
where destination_id = $1
order by replay_id
limit 1`,
  encode: (params) => [params.destinationId],
  decode: (r) => ({
    replayId: r[0]!,
    position: toSafeInteger(r[1]!),
    upTo: toSafeInteger(r[2]!),
    fromTime: toDate(r[3]!),
    toTime: toDate(r[4]!),
  }),
});

export const moveReplay = exec<{
  readonly position: number;
  readonly destinationId: string;
  readonly replayId: string;
}>({
  name: 'delivery.MoveReplay',
  text: `update delivery.replays
set position = $1::bigint
where destination_id = $2 and replay_id = $3`,
  encode: (params) => [params.position, params.destinationId, params.replayId],
});

export const deleteReplay = exec<{ readonly destinationId: string; readonly replayId: string }>({
  name: 'delivery.DeleteReplay',
  text: `delete from delivery.replays where destination_id = $1 and replay_id = $2`,
  encode: (params) => [params.destinationId, params.replayId],
});

export interface FindStatusRow {
  readonly delivered: number;
  readonly attemptedAt: Date | null;
  readonly outcome: string | null;
  readonly detail: string | null;
  readonly nextAttemptAt: Date | null;
  readonly pending: number;
  readonly lagMs: number | null;
  readonly deadLetters: number;
}

/** Pending events are counted up to `:limit`, so that a status stays cheap after a long outage. */
export const findStatus = one<{
  readonly allTypes: readonly string[];
  readonly destinationId: string;
  readonly limit: number;
}, FindStatusRow>({
  name: 'delivery.FindStatus',
  text: `with wanted as (
  select p.*, coalesce(d.types, $1::text[]) as wanted_types
  from delivery.destinations d
  join delivery.progress p on p.destination_id = d.destination_id
  where d.destination_id = $2
), live as (
  select e.time
  from wanted w
  join journal.events e on e.position > w.position and e.type = any(w.wanted_types)
  order by e.position
  limit $3::int
), repeated as (
  select 1
  from wanted w
  join delivery.replays r on r.destination_id = w.destination_id
  join journal.events e
    on e.position > r.position and e.position <= r.up_to and e.type = any(w.wanted_types)
    and e.time >= r.from_time and e.time <= r.to_time
  limit $3::int
)
select
  w.delivered,
  w.attempted_at,
  w.outcome,
  w.detail,
  w.next_attempt_at,
  (select count(*) from live)::bigint + (select count(*) from repeated)::bigint
    + (select count(*) from delivery.dead_letters l
      where l.destination_id = w.destination_id and l.is_due)::bigint as "pending!",
  greatest(0, extract(epoch from now() - (select min(time) from live)) * 1000)::bigint as "lag_ms?",
  (select count(*) from delivery.dead_letters l
    where l.destination_id = w.destination_id)::bigint as "dead_letters!"
from wanted w`,
  encode: (params) => [arrayOf(params.allTypes, textElement), params.destinationId, params.limit],
  decode: (r) => ({
    delivered: toSafeInteger(r[0]!),
    attemptedAt: r[1] === null ? null : toDate(r[1]!),
    outcome: r[2] ?? null,
    detail: r[3] ?? null,
    nextAttemptAt: r[4] === null ? null : toDate(r[4]!),
    pending: toSafeInteger(r[5]!),
    lagMs: r[6] === null ? null : toSafeInteger(r[6]!),
    deadLetters: toSafeInteger(r[7]!),
  }),
});

export interface ListBacklogsRow {
  readonly destinationId: string;
  readonly pending: number;
  readonly lagMs: number;
  readonly deadLetters: number;
}

/** All destinations at once, for metrics. Events are counted up to `:limit`, as in a status. */
export const listBacklogs = many<{
  readonly allTypes: readonly string[];
  readonly limit: number;
  readonly destinations: number;
}, ListBacklogsRow>({
  name: 'delivery.ListBacklogs',
  text: `select
  d.destination_id,
  (select count(*) from (
    select from journal.events e
    where e.position > p.position and e.type = any(coalesce(d.types, $1::text[]))
    limit $2::int
  ) unsent)::bigint as "pending!",
  greatest(0, extract(epoch from now() - (
    select e.time from journal.events e
    where e.position > p.position and e.type = any(coalesce(d.types, $1::text[]))
    order by e.position
    limit 1
  )) * 1000)::bigint as "lag_ms!",
  (select count(*) from delivery.dead_letters l
    where l.destination_id = d.destination_id)::bigint as "dead_letters!"
from delivery.destinations d
join delivery.progress p on p.destination_id = d.destination_id
order by d.destination_id
limit $3::int`,
  encode: (params) => [arrayOf(params.allTypes, textElement), params.limit, params.destinations],
  decode: (r) => ({
    destinationId: r[0]!,
    pending: toSafeInteger(r[1]!),
    lagMs: toSafeInteger(r[2]!),
    deadLetters: toSafeInteger(r[3]!),
  }),
});
