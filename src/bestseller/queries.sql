-- name: RecordSales :exec
-- Skips sales that are older than every window.
with added as (
  insert into bestseller.sales (build, paid_at, product_id, position, units, revenue, orders)
  select
    :build, paid_at, product_id, :upTo, sum(units)::bigint, sum(revenue)::bigint,
    sum(orders)::bigint
  from bestseller.changes
  where
    position > :after and position <= :upTo
    and paid_at > clock_timestamp() - interval '31 days'
  group by paid_at, product_id
  returning build, paid_at, product_id, units, revenue, orders
)
insert into bestseller.days as d (build, day, product_id, units, revenue, orders)
select
  build, date_trunc('day', paid_at, 'UTC'), product_id, sum(units)::bigint, sum(revenue)::bigint,
  sum(orders)::bigint
from added
group by 1, 2, 3
on conflict (build, day, product_id) do update
set
  units = d.units + excluded.units, revenue = d.revenue + excluded.revenue,
  orders = d.orders + excluded.orders;

-- name: CountWindow :many
-- All recorded sales of a window, from the sums of whole days where possible. The cursor is read in
-- the same snapshot, so it is exactly the counted position. Without sales, a row of nulls has the
-- cursor.
with live as (select build, position from journal.cursors where name = 'best-sellers')
select
  live.build, live.position, product_id as "product_id?", units as "units?", revenue as "revenue?",
  orders as "orders?"
from live left join (
  select
    product_id, sum(units)::bigint as units, sum(revenue) as revenue, sum(orders)::bigint as orders
  from (
    select product_id, units, revenue, orders
    from bestseller.sales
    where build = (select build from live) and paid_at > :from and paid_at < :firstDay
    union all
    select product_id, units, revenue, orders
    from bestseller.days
    where build = (select build from live) and day >= :firstDay and day < :endDay
    union all
    select product_id, units, revenue, orders
    from bestseller.sales
    where build = (select build from live) and paid_at >= :endDay and paid_at <= :to
  ) as parts
  group by product_id
) as totals on true;

-- name: CountChanges :many
-- The changes that turn a window (`:from`, `:to`], counted up to a position, into (`:newFrom`,
-- `:newTo`]: the sales that entered the window, the sales recorded since within the old window,
-- such as refunds, and the sales that left the window.
with live as (select build, position from journal.cursors where name = 'best-sellers')
select
  live.build, live.position, product_id as "product_id?", units as "units?", revenue as "revenue?",
  orders as "orders?"
from live left join (
  select
    product_id, sum(units)::bigint as units, sum(revenue) as revenue, sum(orders)::bigint as orders
  from (
    select product_id, units, revenue, orders
    from bestseller.sales
    where build = :build and paid_at > :to and paid_at <= :newTo
    union all
    select product_id, units, revenue, orders
    from bestseller.sales
    where build = :build and position > :position and paid_at > :newFrom and paid_at <= :to
    union all
    select product_id, -units, -revenue, -orders
    from bestseller.sales
    where
      build = :build and paid_at > :from and paid_at <= :newFrom and position <= :position
  ) as parts
  group by product_id
) as totals on true;

-- name: CountUnits :one
-- The units of the orders that were paid in the last seconds, without refunded ones; `sales_by_time`
-- finds them.
select coalesce(sum(units), 0)::bigint as "units!"
from bestseller.sales
where
  build = (select build from journal.cursors where name = 'best-sellers')
  and paid_at > now() - make_interval(secs => :seconds::int);

-- name: ReadTime :one
select date_trunc('milliseconds', now()) as "time!";

-- name: CountUndecided :many
-- Committed sales beyond the cursor that are not recorded yet. Used only while a long transaction
-- delays the cursor; the cost grows with the delay.
select
  product_id as "product_id!", sum(units)::bigint as "units!", sum(revenue) as "revenue!",
  sum(orders)::bigint as "orders!"
from bestseller.changes
where position > :position::bigint and paid_at > :from and paid_at <= :to
group by product_id;

-- name: DeleteOldSales :exec
-- Some of the sales that are older than every window. The limit keeps the transaction short,
-- because readers of the journal wait for it. `order by` makes PostgreSQL use the index.
delete from bestseller.sales
where ctid = any(array(
  select ctid
  from bestseller.sales
  where
    build = (select build from journal.cursors where name = 'best-sellers')
    and paid_at < clock_timestamp() - interval '31 days'
  order by paid_at
  limit :limit::int
));

-- name: DeleteOldDays :exec
delete from bestseller.days
where ctid = any(array(
  select ctid
  from bestseller.days
  where
    build = (select build from journal.cursors where name = 'best-sellers')
    and day < clock_timestamp() - interval '32 days'
  order by day
  limit :limit::int
));

-- name: DeleteReplacedSales :exec
-- Some of the sales of builds that were replaced.
delete from bestseller.sales
where ctid = any(array(
  select ctid
  from bestseller.sales
  where build < (select build from journal.cursors where name = 'best-sellers')
  order by build, paid_at
  limit :limit::int
));

-- name: DeleteReplacedDays :exec
delete from bestseller.days
where ctid = any(array(
  select ctid
  from bestseller.days
  where build < (select build from journal.cursors where name = 'best-sellers')
  order by build, day
  limit :limit::int
));

-- name: StartBuild :one
-- A number that no build has, not even an interrupted build.
insert into journal.cursors as c (name, position, build, events)
select 'best-sellers.next', 0, build + 1, 0 from journal.cursors where name = 'best-sellers'
on conflict (name) do update
set position = 0, build = greatest(c.build + 1, excluded.build), events = 0
returning build;

-- name: FindRecorded :one
-- The position up to which sales are recorded in the live build. All positions up to it are
-- decided.
select position from journal.cursors where name = 'best-sellers';

-- name: LockBuilds :many
-- Locks the cursors of the live build and of its replacement, so that neither moves.
select name, position, build
from journal.cursors
where name in ('best-sellers', 'best-sellers.next')
order by name
for no key update;

-- name: EndBuild :exec
-- Makes the new build the live build.
with next as (
  delete from journal.cursors where name = 'best-sellers.next' returning build, events
)
update journal.cursors c
set build = next.build, position = :position, events = next.events + :read
from next
where c.name = 'best-sellers';

-- name: FindRefund :many
-- The positions with a committed refund beyond them. `order by` and the limit read only the events
-- up to the first refund.
select p.position as "position!"
from unnest(:positions::bigint[]) as p (position)
cross join lateral (
  select from journal.events e
  where e.position > p.position and e.type = 'order.refunded.v1'
  order by e.position
  limit 1
) as refund;
