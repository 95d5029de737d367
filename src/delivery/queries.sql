-- name: ListActive :many
select
  destination_id, name, kind, url, types, secret, previous_secret, secret_changed_at, status,
  version, created_at, updated_at, unconfigured, ca
from delivery.destinations
where status = 'active'
order by destination_id;

-- name: FindInstallation :one
select installation_id from delivery.installation where is_only;

-- name: PageDestinations :many
select
  destination_id, name, kind, url, types, secret, previous_secret, secret_changed_at, status,
  version, created_at, updated_at, unconfigured, ca
from delivery.destinations
where :after?::uuid is null or destination_id > :after?::uuid
order by destination_id
limit :limit::int;

-- name: FindDestination :one
select
  destination_id, name, kind, url, types, secret, previous_secret, secret_changed_at, status,
  version, created_at, updated_at, unconfigured, ca
from delivery.destinations
where destination_id = :destinationId;

-- name: InsertDestination :exec
-- The destination begins at `:position`; the journal is decided up to it.
with made as (
  insert into delivery.destinations
  values (
    :destinationId, :name, :kind, :url, :types?::text[], :secret?, null, null, :status, 1, now(),
    now(), null, :ca?
  )
  on conflict do nothing
  returning destination_id
)
insert into delivery.progress (destination_id, position, delivered, begin_position, seen)
select destination_id, :position::bigint, 0, :position::bigint, 0 from made;

-- name: ChangeDestination :exec
-- Changes a destination if its version is still `:version`. A new secret keeps the previous one.
update delivery.destinations
set
  name = :name,
  url = :url,
  types = :types?::text[],
  secret = :secret?::text,
  previous_secret = case when :secret?::text <> secret then secret else previous_secret end,
  secret_changed_at = case when :secret?::text <> secret then now() else secret_changed_at end,
  status = :status,
  unconfigured = :unconfigured?,
  ca = :ca?,
  version = version + 1,
  updated_at = now()
where destination_id = :destinationId and version = :version::bigint;

-- name: PauseDestination :exec
-- Pauses a destination if its version is still `:version`.
update delivery.destinations
set status = 'paused', version = version + 1, updated_at = now()
where destination_id = :destinationId and version = :version::bigint;

-- name: FindCurrent :one
-- No row when the destination was changed, paused or deleted.
select destination_id
from delivery.destinations
where destination_id = :destinationId and version = :version::bigint and status = 'active';

-- name: DeleteDestination :exec
with deleted as (
  delete from delivery.destinations where destination_id = :destinationId returning destination_id
), deleted_progress as (
  delete from delivery.progress where destination_id = :destinationId
), deleted_letters as (
  delete from delivery.dead_letters where destination_id = :destinationId
), deleted_attempts as (
  delete from delivery.attempts where destination_id = :destinationId
), deleted_replays as (
  delete from delivery.replays where destination_id = :destinationId
)
select destination_id from deleted;

-- name: TryLock :one
-- The connection holds the lock until it releases it or ends.
select pg_try_advisory_lock(hashtextextended('delivery ' || :destinationId::text, 0)) as "taken!";

-- name: Unlock :one
select pg_advisory_unlock(hashtextextended('delivery ' || :destinationId::text, 0)) as "given!";

-- name: Listen :exec
listen moa_delivery;

-- name: NotifyOthers :one
select pg_notify('moa_delivery', '') is null as "sent!";

-- name: FindProgress :one
select position, seen from delivery.progress where destination_id = :destinationId;

-- name: ReadOutgoing :many
-- Reads the destination in the same snapshot as the events, so no event is read that was committed
-- after a change of the destination. `ordinal` counts the events of any type after `:after`; the
-- last event of the range is returned for its ordinal even if its type is not wanted.
select
  e.position, e.event_id, e.type, e.subject, e.time, e.data::text as "data!",
  (select traceparent from journal.traces t where t.event_id = e.event_id) as "traceparent?",
  e.ordinal as "ordinal!", e.type = any(:types::text[]) as "is_wanted!"
from delivery.destinations d
cross join lateral (
  select position, event_id, type, subject, time, data, ordinal
  from (
    select
      position, event_id, type, subject, time, data,
      row_number() over (order by position) as ordinal,
      lead(position) over (order by position) is null as is_last
    from journal.events
    where position > :after::bigint and position <= :upTo::bigint
  ) as numbered
  where type = any(:types::text[]) or is_last
  order by position
  limit :limit::int
) as e
where d.destination_id = :destinationId and d.version = :version::bigint and d.status = 'active'
order by e.position;

-- name: ReadReplay :many
-- Reads the destination in the same snapshot as the events.
select
  e.position, e.event_id, e.type, e.subject, e.time, e.data::text as "data!",
  (select traceparent from journal.traces t where t.event_id = e.event_id) as "traceparent?"
from delivery.destinations d
cross join lateral (
  select position, event_id, type, subject, time, data
  from journal.events
  where
    position > :after::bigint and position <= :upTo::bigint
    and type = any(:types::text[])
    and time >= :fromTime and time <= :toTime
  order by position
  limit :limit::int
) as e
where d.destination_id = :destinationId and d.version = :version::bigint and d.status = 'active'
order by e.position;

-- name: ReadDueDeadLetters :many
-- Reads the destination in the same snapshot as the events.
select
  e.position, e.event_id, e.type, e.subject, e.time, e.data::text as "data!",
  (select traceparent from journal.traces t where t.event_id = e.event_id) as "traceparent?"
from delivery.destinations d
join delivery.dead_letters l on l.destination_id = d.destination_id and l.is_due
join journal.events e on e.position = l.position
where d.destination_id = :destinationId and d.version = :version::bigint and d.status = 'active'
order by l.position
limit :limit::int;

-- name: ReadSent :many
select
  position, event_id, type, subject, time, data::text as "data!",
  (select traceparent from journal.traces t where t.event_id = e.event_id) as "traceparent?"
from journal.events e
where
  position > :after::bigint and position <= :upTo::bigint
  and type = any(:types::text[])
  and (:subject?::text is null or subject = :subject?::text)
order by position
limit :limit::int;

-- name: MoveProgress :exec
update delivery.progress
set position = :position::bigint, seen = :seen::bigint
where destination_id = :destinationId;

-- name: RecordDelivery :exec
-- A replay passes a null position, because it does not move the progress. One statement, because it
-- runs after every request. Consecutive deliveries share one row of attempts.
with moved as (
  update delivery.progress
  set
    position = coalesce(:position?::bigint, position), seen = coalesce(:seen?::bigint, seen),
    delivered = delivered + :delivered::bigint,
    attempts = attempts + (outcome is distinct from 'delivered')::int,
    attempted_at = now(), outcome = 'delivered', detail = '', next_attempt_at = null
  where destination_id = :destinationId
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
  destination_id, attempts, 'delivered', '', :status?::int, :body?::text,
  :eventId?::uuid, 1, :delivered::bigint, now(), now()
from moved
on conflict (destination_id, number) do update set
  requests = case when a.outcome = 'delivered' then a.requests + 1 else 1 end,
  events = case when a.outcome = 'delivered' then a.events else 0 end + excluded.events,
  began_at = case when a.outcome = 'delivered' then a.began_at else excluded.began_at end,
  outcome = excluded.outcome, detail = excluded.detail, status = excluded.status,
  body = excluded.body, event_id = excluded.event_id,
  ended_at = excluded.ended_at;

-- name: RecordFailure :exec
with moved as (
  update delivery.progress
  set
    attempts = attempts + 1,
    attempted_at = now(), outcome = :outcome, detail = :detail,
    next_attempt_at = :nextAttemptAt?
  where destination_id = :destinationId
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
  destination_id, attempts, :outcome, :detail, :status?::int, :body?::text,
  :eventId?::uuid, 1, :events::bigint, now(), now()
from moved;

-- name: PageAttempts :many
select number, outcome, detail, status, body, event_id, requests, events, began_at, ended_at
from delivery.attempts
where
  destination_id = :destinationId
  and (:before?::bigint is null or number < :before?::bigint)
order by number desc
limit :limit::int;

-- name: InsertDeadLetter :exec
insert into delivery.dead_letters as l (
  destination_id, position, detail, created_at, is_due, attempts, status, body, attempted_at
)
select
  destination_id, :position::bigint, :detail, now(), false, :attempts::int, :status?::int,
  :body?::text, now()
from delivery.destinations
where destination_id = :destinationId
on conflict (destination_id, position) do update set
  detail = excluded.detail, is_due = false, attempts = l.attempts + excluded.attempts,
  status = excluded.status, body = excluded.body, attempted_at = excluded.attempted_at;

-- name: ChangeDeadLetter :exec
update delivery.dead_letters
set
  detail = :detail, is_due = false, attempts = attempts + :attempts::int, status = :status?::int,
  body = :body?::text, attempted_at = now()
where destination_id = :destinationId and position = :position::bigint;

-- name: PageDeadLetters :many
select
  l.position, e.event_id, e.type, e.subject, e.time, e.data::text as "data!",
  (select traceparent from journal.traces t where t.event_id = e.event_id) as "traceparent?",
  l.detail, l.status,
  l.body, l.attempts, coalesce(l.attempted_at, l.created_at) as "attempted_at!", l.created_at,
  l.is_due
from delivery.dead_letters l
join journal.events e on e.position = l.position
where
  l.destination_id = :destinationId
  and (:before?::bigint is null or l.position < :before?::bigint)
order by l.position desc
limit :limit::int;

-- name: RetryDeadLetter :exec
update delivery.dead_letters l
set is_due = true
from journal.events e
where
  l.destination_id = :destinationId and e.position = l.position and e.event_id = :eventId::uuid;

-- name: DeleteDeadLetter :exec
-- A relay may hold a due event in memory; the new version of the destination makes it drop that.
with deleted as (
  delete from delivery.dead_letters l
  using journal.events e
  where
    l.destination_id = :destinationId and e.position = l.position and e.event_id = :eventId::uuid
  returning l.is_due
), changed as (
  update delivery.destinations
  set version = version + 1
  where destination_id = :destinationId and exists (select from deleted where is_due)
)
select is_due from deleted;

-- name: DeleteDeadLetters :exec
delete from delivery.dead_letters
where destination_id = :destinationId and position = any(:positions::bigint[]);

-- name: RetryDeadLetters :exec
update delivery.dead_letters set is_due = true where destination_id = :destinationId;

-- name: FindRange :one
-- Times grow with positions except among concurrent commits and for clocks that differ, so all
-- events of the time are between those of its first and its last minute with events.
with ends as (
  select
    (select min(time) from journal.events where time >= :fromTime and time <= :toTime) as first,
    (select max(time) from journal.events where time >= :fromTime and time <= :toTime) as last
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
from ends;

-- name: InsertReplay :exec
insert into delivery.replays (destination_id, replay_id, position, up_to, from_time, to_time)
select d.destination_id, :replayId, :after::bigint, :upTo::bigint, :fromTime, :toTime
from delivery.destinations d
where d.destination_id = :destinationId;

-- name: FindReplay :one
select replay_id, position, up_to, from_time, to_time
from delivery.replays
where destination_id = :destinationId
order by replay_id
limit 1;

-- name: MoveReplay :exec
update delivery.replays
set position = :position::bigint
where destination_id = :destinationId and replay_id = :replayId;

-- name: DeleteReplay :exec
delete from delivery.replays where destination_id = :destinationId and replay_id = :replayId;

-- name: FindStatus :one
-- Pending events are counted up to `:limit`, so that a status stays cheap after a long outage.
with wanted as (
  select p.*, coalesce(d.types, :allTypes::text[]) as wanted_types
  from delivery.destinations d
  join delivery.progress p on p.destination_id = d.destination_id
  where d.destination_id = :destinationId
), live as (
  select e.time
  from wanted w
  join journal.events e on e.position > w.position and e.type = any(w.wanted_types)
  order by e.position
  limit :limit::int
), repeated as (
  select 1
  from wanted w
  join delivery.replays r on r.destination_id = w.destination_id
  join journal.events e
    on e.position > r.position and e.position <= r.up_to and e.type = any(w.wanted_types)
    and e.time >= r.from_time and e.time <= r.to_time
  limit :limit::int
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
from wanted w;

-- name: ListBacklogs :many
-- All destinations at once, for metrics. Events are counted up to `:limit`, as in a status.
select
  d.destination_id,
  (select count(*) from (
    select from journal.events e
    where e.position > p.position and e.type = any(coalesce(d.types, :allTypes::text[]))
    limit :limit::int
  ) unsent)::bigint as "pending!",
  greatest(0, extract(epoch from now() - (
    select e.time from journal.events e
    where e.position > p.position and e.type = any(coalesce(d.types, :allTypes::text[]))
    order by e.position
    limit 1
  )) * 1000)::bigint as "lag_ms!",
  (select count(*) from delivery.dead_letters l
    where l.destination_id = d.destination_id)::bigint as "dead_letters!"
from delivery.destinations d
join delivery.progress p on p.destination_id = d.destination_id
order by d.destination_id
limit :destinations::int;
