-- name: InsertEvents :batch
-- Assigns positions in the order of the rows.
insert into journal.events (event_id, type, subject, time, data)
select * from unnest(
  :eventId::uuid[], :type::text[], :subject::text[], :time::timestamptz[], :data::json[]
);

-- name: InsertTraces :batch
insert into journal.traces (event_id, traceparent)
select * from unnest(:eventId::uuid[], :traceparent::text[]);

-- name: DeleteTraces :exec
-- Ids grow with time, so the primary key finds the old ones. The limit keeps the transaction short.
delete from journal.traces
where ctid = any(array(
  select ctid from journal.traces where event_id < :before::uuid order by event_id limit :limit::int
));

-- name: ReadFence :one
-- A transaction of its own that reads the last taken position and then takes an id, so each
-- transaction with a position up to it has a lower id. The snapshot's xmax is no substitute: it
-- counts only transactions that have ended. The message writes to the WAL, so PostgreSQL flushes
-- the commit, and all WAL before it, before it answers: after a crash the sequence continues above
-- the position, and ids continue above the fence. The message needs the position and `case` needs
-- the message, so they are evaluated in this order (PostgreSQL documentation, 4.2.14). The function
-- waits for a concurrent `nextval`; the sequence's own row does not, and may show up to 32
-- positions that are logged ahead and not taken. `now()` is read before the id is taken. A batch
-- takes its id first and then its time, so every batch with an earlier time has a lower id. Times
-- of batches are cut to milliseconds, so the fence's time is the previous millisecond.
with noted as materialized (
  select coalesce(pg_sequence_last_value('journal.events_position_seq'), 0) as position
)
select
  position as "position!",
  date_trunc('milliseconds', now()) - interval '1 millisecond' as "time!",
  case
    when pg_logical_emit_message(true, 'moa', position::text) is not null
    then pg_current_xact_id()
  end as "fence!"
from noted;

-- name: ReadHorizon :one
-- Every transaction with an id below the oldest running one has ended. `position` is the last
-- position that any transaction has taken, committed or not; it is read after the snapshot was
-- taken.
select
  pg_snapshot_xmin(pg_current_snapshot()) as "oldest_running!",
  coalesce(pg_sequence_last_value('journal.events_position_seq'), 0) as "position!";

-- name: ReadEvents :many
select position, event_id, type, subject, time, data
from journal.events
where position > :after::bigint and position <= :upTo::bigint
order by position
limit :limit::int;

-- name: ReadClock :one
select date_trunc('milliseconds', clock_timestamp()) as "time!";

-- name: FindCursor :one
select position, build from journal.cursors where name = :name;

-- name: LockCursor :one
-- No row when another transaction has locked the cursor: that transaction does the work. `taken` is
-- the last position that any transaction has taken.
select
  position,
  build,
  coalesce(pg_sequence_last_value('journal.events_position_seq'), 0) as "taken!"
from journal.cursors
where name = :name
for no key update skip locked;

-- name: CountEvents :one
select count(*) as "events!" from journal.events where position > :after and position <= :upTo;

-- name: MoveCursor :exec
update journal.cursors set position = :position, events = events + :read where name = :name;
