-- name: InsertEvents :batch
-- Positions are given in the order of the rows.
insert into journal.events (event_id, type, subject, time, data)
select * from unnest(
  :eventId::uuid[], :type::text[], :subject::text[], :time::timestamptz[], :data::json[]
);

-- name: ReadFence :one
-- A transaction of its own that reads the last position that was taken, and then takes an id: whoever
-- took a position up to that one has a lower id. The snapshot's xmax would not do: it only counts the
-- transactions that have ended. The message writes to the WAL, so the commit is flushed before we get
-- the answer, and with it all that was written before: after a crash the sequence goes on above the
-- position, and ids above the fence. The message needs the position and `case` needs the message, so
-- both are in this order (PostgreSQL documentation, 4.2.14). The sequence's own row would not do: it
-- is changed while it is read, and shows for an instant what is logged ahead, up to 32 positions that
-- nobody has taken; the function waits for the change.
-- `now()` is read before the id is taken. A batch takes its id first and then its time, so every batch
-- with a lower time has a lower id. Times of batches are cut to milliseconds, so only the millisecond
-- before is over.
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
-- Every transaction with a lower id than the oldest that runs has ended. `position` is the last that
-- any transaction has taken, committed or not; it is read after the snapshot was made.
select
  pg_snapshot_xmin(pg_current_snapshot()) as "oldest_running!",
  coalesce(pg_sequence_last_value('journal.events_position_seq'), 0) as "position!";

-- name: ReadEvents :many
select position, event_id, type, subject, time, data
from journal.events
where position > :after::bigint and position <= :upTo::bigint
order by position
limit :limit::int;

-- name: FindCursor :one
select position from journal.cursors where name = :name;

-- name: LockCursor :one
-- Nothing when another transaction has it: then that one does what is to be done.
select position, build
from journal.cursors
where name = :name
for no key update skip locked;

-- name: CountEvents :one
select count(*) as "events!" from journal.events where position > :after and position <= :upTo;

-- name: MoveCursor :exec
update journal.cursors set position = :position, events = events + :read where name = :name;
