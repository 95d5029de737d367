-- name: InsertEvents :batch
-- Positions are given in the order of the rows.
insert into journal.events (event_id, type, subject, time, data)
select * from unnest(
  :eventId::uuid[], :type::text[], :subject::text[], :time::timestamptz[], :data::json[]
);

-- name: ReadLastPosition :one
-- The last position that any transaction has taken, committed or not.
select case when is_called then last_value else 0 end as "position!"
from journal.events_position_seq;

-- name: ReadFence :one
-- A transaction of its own that takes an id: every id that was given before is lower. The snapshot's
-- xmax would not do: it only counts the transactions that have ended.
select pg_current_xact_id() as "fence!";

-- name: ReadHorizon :one
-- Every transaction with a lower id has ended.
select pg_snapshot_xmin(pg_current_snapshot()) as "oldest_running!";

-- name: ReadEvents :many
select position, event_id, type, subject, time, data
from journal.events
where position > :after::bigint and position <= :upTo::bigint
order by position
limit :most::int;
