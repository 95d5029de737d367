-- name: SumRange :many
-- What a range of the journal adds to the sums of quarters of an hour; without a product, the totals.
-- A refund counts at its own time. An event has each product once, so a product's orders are its
-- lines; the first lines are counted for the total. Amounts are text: they may exceed 2^53.
with lines as (
  select
    date_bin('15 minutes', e.time, timestamptz '2000-01-01 00:00Z') as quarter,
    e.type = 'order.paid.v1' as is_sale, i."productId" as product_id, i.quantity,
    coalesce(i."lineTotal", i.amount) as amount, i.number
  from journal.events e
  cross join lateral rows from (
    json_to_recordset(e.data -> 'items') as (
      "productId" uuid, quantity bigint, "lineTotal" bigint, amount bigint
    )
  ) with ordinality as i ("productId", quantity, "lineTotal", amount, number)
  where
    e.position > :after and e.position <= :upTo
    and e.type in ('order.paid.v1', 'order.refunded.v1')
),
sums as (
  select
    quarter, product_id,
    case grouping(product_id)
      when 1 then count(*) filter (where is_sale and number = 1)
      else count(*) filter (where is_sale)
    end as orders,
    coalesce(sum(quantity) filter (where is_sale), 0)::bigint as units,
    coalesce(sum(amount) filter (where is_sale), 0)::bigint as gross,
    coalesce(sum(quantity) filter (where not is_sale), 0)::bigint as refunded_units,
    coalesce(sum(amount) filter (where not is_sale), 0)::bigint as refunded
  from lines
  group by grouping sets ((quarter, product_id), (quarter))
)
select
  quarter as "quarter!", product_id as "product_id?", orders as "orders!", units as "units!",
  gross::text as "gross!", refunded_units as "refunded_units!", refunded::text as "refunded!"
from sums
order by quarter, product_id;

-- name: AddTotals :batch
insert into report.totals as t (quarter, orders, units, gross, refunded_units, refunded)
select quarter, orders, units, gross::bigint, refunded_units, refunded::bigint
from unnest(
  :quarter::timestamptz[], :orders::bigint[], :units::bigint[], :gross::text[],
  :refundedUnits::bigint[], :refunded::text[]
) as c (quarter, orders, units, gross, refunded_units, refunded)
on conflict (quarter) do update
set
  orders = t.orders + excluded.orders, units = t.units + excluded.units,
  gross = t.gross + excluded.gross,
  refunded_units = t.refunded_units + excluded.refunded_units,
  refunded = t.refunded + excluded.refunded;

-- name: AddSales :batch
insert into report.sales as s (quarter, product_id, orders, units, gross, refunded_units, refunded)
select quarter, product_id, orders, units, gross::bigint, refunded_units, refunded::bigint
from unnest(
  :quarter::timestamptz[], :productId::uuid[], :orders::bigint[], :units::bigint[],
  :gross::text[], :refundedUnits::bigint[], :refunded::text[]
) as c (quarter, product_id, orders, units, gross, refunded_units, refunded)
on conflict (quarter, product_id) do update
set
  orders = s.orders + excluded.orders, units = s.units + excluded.units,
  gross = s.gross + excluded.gross, refunded_units = s.refunded_units + excluded.refunded_units,
  refunded = s.refunded + excluded.refunded;

-- name: SumDays :many
-- The sum of each day, also of a day without sales, in the order of the days.
select
  t.orders as "orders!", t.units as "units!", t.gross as "gross!",
  t.refunded_units as "refunded_units!", t.refunded as "refunded!"
from unnest(:begins::timestamptz[], :ends::timestamptz[])
  with ordinality as d (begins, ends, number)
cross join lateral (
  select
    coalesce(sum(orders), 0) as orders, coalesce(sum(units), 0) as units,
    coalesce(sum(gross), 0) as gross, coalesce(sum(refunded_units), 0) as refunded_units,
    coalesce(sum(refunded), 0) as refunded
  from report.totals
  where quarter >= d.begins and quarter < d.ends
) as t
order by d.number;

-- name: SumProducts :many
-- The total, in a row without product, and then the products, the highest gross revenue first. One
-- statement, so that both are of the same instant.
with total as (
  select
    coalesce(sum(orders), 0) as orders, coalesce(sum(units), 0) as units,
    coalesce(sum(gross), 0) as gross, coalesce(sum(refunded_units), 0) as refunded_units,
    coalesce(sum(refunded), 0) as refunded
  from report.totals
  where quarter >= :begins::timestamptz and quarter < :ends::timestamptz
),
products as (
  select
    product_id, sum(orders) as orders, sum(units) as units, sum(gross) as gross,
    sum(refunded_units) as refunded_units, sum(refunded) as refunded
  from report.sales
  where quarter >= :begins and quarter < :ends
  group by product_id
  order by gross desc, product_id
  limit :limit::int
)
select
  r.product_id as "product_id?",
  (select name from catalog.products p where p.product_id = r.product_id) as "name?",
  r.orders as "orders!", r.units as "units!", r.gross as "gross!",
  r.refunded_units as "refunded_units!", r.refunded as "refunded!"
from (
  select null::uuid as product_id, total.* from total
  union all
  select * from products
) as r
order by r.product_id is not null, r.gross desc, r.product_id;

-- name: FindSpan :one
-- The time of the first and of the last event, or of sums that are outside of them.
select
  least(
    (select time from journal.events order by position limit 1),
    (select min(quarter) from report.totals), (select min(quarter) from report.sales)
  ) as "first?",
  greatest(
    (select time from journal.events order by position desc limit 1),
    (select max(quarter) from report.totals), (select max(quarter) from report.sales)
  ) as "last?";

-- name: FindPositions :one
-- All events of the time are in this range of the journal, with others that committed meanwhile.
select min(position) - 1 as "after?", max(position) as "up_to?"
from journal.events
where time >= :begins::timestamptz and time < :ends::timestamptz;

-- name: FindRecorded :one
select position from journal.cursors where name = 'sales-report';

-- name: LockRecorded :one
-- Waits for a range that is being recorded; the next one is recorded after this transaction.
select position from journal.cursors where name = 'sales-report' for no key update;

-- name: DeleteTotals :exec
delete from report.totals where quarter >= :begins::timestamptz and quarter < :ends::timestamptz;

-- name: DeleteSales :exec
delete from report.sales where quarter >= :begins::timestamptz and quarter < :ends::timestamptz;
