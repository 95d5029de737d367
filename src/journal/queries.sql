-- name: InsertEvents :batch
-- Positions are given in the order of the rows.
insert into journal.events (event_id, type, subject, time, data)
select * from unnest(
  :eventId::uuid[], :type::text[], :subject::text[], :time::timestamptz[], :data::json[]
);

-- name: ReadFence :one
-- A transaction of its own that takes an id: every id that was given before is lower. The snapshot's
-- xmax would not do: it only counts the transactions that have ended. `now()` is read before the id
-- is taken. A batch takes its id first and then its time, so every batch with a lower time has a
-- lower id. Times of batches are cut to milliseconds, so only the millisecond before is over.
select
  date_trunc('milliseconds', now()) - interval '1 millisecond' as "time!",
  pg_current_xact_id() as "fence!";

-- name: ReadHorizon :one
-- Every transaction with a lower id than the oldest that runs has ended. `position` is the last that
-- any transaction has taken, committed or not; it is read after the snapshot was made.
select
  pg_snapshot_xmin(pg_current_snapshot()) as "oldest_running!",
  case when is_called then last_value else 0 end as "position!"
from journal.events_position_seq;

-- name: ReadEvents :many
select position, event_id, type, subject, time, data
from journal.events
where position > :after::bigint and position <= :upTo::bigint
order by position
limit :most::int;

-- name: FindCursor :one
select position from journal.cursors where name = :name;

-- name: LockCursor :one
-- Nothing when another transaction has it: then that one does what is to be done.
select position, build
from journal.cursors
where name = :name
for no key update skip locked;

-- name: MoveCursor :exec
update journal.cursors set position = :position where name = :name;
