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

-- name: ReadHorizon :one
-- Transactions below `oldest_running` have ended; those from `next` on have not begun.
select
  pg_snapshot_xmin(pg_current_snapshot()) as "oldest_running!",
  pg_snapshot_xmax(pg_current_snapshot()) as "next!";

-- name: ReadEvents :many
select position, event_id, type, subject, time, data
from journal.events
where position > :after::bigint and position <= :upTo::bigint
order by position
limit :most::int;
