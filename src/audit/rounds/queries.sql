-- name: TryLease :one
-- The connection holds the lease until it ends.
select pg_try_advisory_lock(hashtextextended('audit', 0)) as "taken!";

-- name: ListenForRuns :exec
listen moa_audit;

-- name: RequestRun :one
with requested as (
  update audit.progress set requested = requested + 1 returning requested
)
select requested as "run!", pg_notify('moa_audit', '') is null as "sent!" from requested;

-- name: FindProgress :one
select
  step, position, ahead, answers_until, proven_at, rounds, round_ms, requested, answered,
  entries_view,
  (select (select max(name) from moa.migrations) || ' ' || current_setting('server_version_num')
    || ' ' || pg_get_viewdef('wallet.entries'::regclass)) as "view_now!",
  date_trunc('milliseconds', clock_timestamp()) as "now!",
  coalesce((select max(position) from journal.events), 0) as "last!"
from audit.progress;

-- name: ReadNext :many
-- The next events that were not folded, decided or not: until they have `bytesMax` together.
select position, event_id, type, subject, time, data, bytes as "bytes!"
from (
  select *, sum(bytes) over (order by position) - bytes as before
  from (
    select *, octet_length(data::text) as bytes
    from journal.events
    where position > :after::bigint and position <> all(:ahead::bigint[])
    order by position
    limit :limit::int
  ) as next
) as page
where before < :bytesMax::bigint
order by position;

-- name: CloseStep :exec
-- First in its transaction: locks the progress. 0 when another process has written meanwhile.
update audit.progress
set step = step + 1, position = :position, ahead = :ahead::bigint[]
where step = :step;

-- name: CloseRound :exec
update audit.progress
set
  proven_at = :provenAt, rounds = rounds + 1, round_ms = :roundMs, answered = :answered,
  entries_view = :entriesView?;

-- name: KeepRows :batch
insert into audit.rows (table_name, key, row, position)
select * from unnest(:tableName::text[], :key::text[], :row::json[], :position::bigint[])
on conflict (table_name, key) do update set row = excluded.row, position = excluded.position;

-- name: KeepOrders :batch
insert into audit.orders as o (order_id, positions)
select order_id, positions::bigint[]
from unnest(:orderId::uuid[], :positions::text[]) as k (order_id, positions)
on conflict (order_id) do update set positions = o.positions || excluded.positions;

-- name: KeepEvents :exec
insert into audit.events as b (block, offsets, digests)
select
  position / 1000, array_agg((position % 1000)::smallint order by position),
  array_agg(audit.digest(concat_ws(' ', event_id, type, subject, time, data)) order by position)
from journal.events
where position = any(:positions::bigint[])
group by 1
on conflict (block) do update
set offsets = b.offsets || excluded.offsets, digests = b.digests || excluded.digests;

-- name: FindFirstAnswer :one
select min(created_at) as "first?" from commit.idempotency_keys;

-- name: KeepAnswers :exec
insert into audit.answers (second, key_ids, digests)
select
  date_trunc('second', created_at), array_agg(key_id),
  array_agg(case
    when body in ('', '{}') then 0
    else audit.digest(concat_ws(' ', key_id, fingerprint, status, body))
  end)
from commit.idempotency_keys
where created_at >= :after::timestamptz and created_at < :upTo::timestamptz
group by 1
on conflict (second) do nothing;

-- name: MoveAnswers :exec
update audit.progress set answers_until = :until::timestamptz;

-- name: DeleteAnswers :exec
delete from audit.answers where second < :olderThan::timestamptz;

-- name: ListSubscribers :many
-- Each subscriber now, as the last round saw it, and the events between: for a rebuild or a new
-- subscriber, nothing. A destination's first position is where it begins. More events take too long
-- to count.
with now as (
  select 'cursor ' || name as name, position, events as read, build from journal.cursors
  union all
  select 'destination ' || destination_id, position, seen, begin_position from delivery.progress
)
select
  n.name as "name!", n.position as "position!", n.read as "read!", n.build as "build!",
  s.position as "before?", s.read as "read_before?",
  case when s.build = n.build and n.position - s.position between 0 and 10000000 then (
    select count(*) from journal.events e where e.position > s.position and e.position <= n.position
  ) end as "events?"
from now n left join audit.subscribers s using (name);

-- name: KeepSubscribers :batch
insert into audit.subscribers (name, position, read, build)
select * from unnest(:name::text[], :position::bigint[], :read::bigint[], :build::bigint[])
on conflict (name) do update
set position = excluded.position, read = excluded.read, build = excluded.build;

-- name: FindRepeatedEffects :many
-- The new transfers whose reference an earlier one of the same kind and wallet has, among the new
-- ones and the twenty before them.
select t.user_id, max(t.number) as "number!", t.kind, t.reference
from (
  select user_id, min(number) as first, max(number) as last
  from unnest(:userIds::text[], :numbers::bigint[]) as new (user_id, number)
  group by user_id
) as new
join wallet.transfers t
  on t.user_id = new.user_id and t.number between new.first - 20 and new.last
where t.kind <> 'refund'
group by t.user_id, t.kind, t.reference, new.first
having count(*) > 1 and max(t.number) >= new.first;

-- name: CloseViolations :exec
-- The checked keys of a part: those that are found again are inserted afterwards.
delete from audit.violations where part = :part and key = any(:keys::text[]);

-- name: CloseViolationsIn :exec
delete from audit.violations
where part = :part and key > :after and (:upTo?::text is null or key <= :upTo?::text);

-- name: OpenViolations :batch
insert into audit.violations (
  part, key, invariants, kind, subject, expected, found, since, found_at
)
select part, key, invariants::text[], kind, subject, expected::json, found::json, since, found_at
from unnest(
  :part::text[], :key::text[], :invariants::text[], :kind::text[], :subject::text[],
  :expected?::text[], :found?::text[], :since?::bigint[], :foundAt::timestamptz[]
) as v (part, key, invariants, kind, subject, expected, found, since, found_at)
on conflict (part, key) do update
set
  invariants = excluded.invariants, expected = excluded.expected, found = excluded.found;

-- name: ListViolations :many
select part, key, invariants, kind, subject, expected, found, since, found_at
from audit.violations
order by found_at, part, key
limit :limit::int;

-- name: CountViolations :many
select invariant as "invariant!", count(*) as "violations!"
from audit.violations, unnest(invariants) as invariant
group by invariant;
