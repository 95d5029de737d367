-- name: FindBounds :one
-- What the sales report and the best sellers keep: older sales are deleted.
select
  now() - interval '30 days' as "since!",
  date_bin('15 minutes', now() - interval '30 days', timestamptz '2000-01-01 00:00Z') as "quarter!",
  (select position from journal.cursors where name = 'sales-report') as "reported!";

-- name: WeighProducts :many
-- A weight below 2^26 for each product, which nobody can foresee.
select product_id, uuid_hash_extended(product_id, :seed::bigint) & 67108863 as "weight!"
from catalog.products;

-- name: SumBestSellers :many
-- The recorded sales of each product since a time, plus the journal beyond the cursor.
with live as (select build, position from journal.cursors where name = 'best-sellers')
select
  product_id as "product_id!", sum(units)::bigint as "units!", sum(revenue)::bigint as "revenue!",
  sum(orders)::bigint as "orders!"
from (
  select product_id, units, revenue, orders
  from bestseller.sales
  where build = (select build from live) and paid_at > :since::timestamptz
  union all
  select product_id, units, revenue, orders
  from bestseller.changes
  where position > (select position from live) and paid_at > :since::timestamptz
) as changes
group by product_id;

-- name: WrongDays :many
-- B1: each day's sum of a product equals its recorded sales.
with live as (select build from journal.cursors where name = 'best-sellers'),
summed as (
  select
    date_bin('1 day', paid_at, timestamptz '2000-01-01 00:00Z') as day, product_id,
    sum(units) as units, sum(revenue) as revenue, sum(orders) as orders
  from bestseller.sales
  where
    build = (select build from live)
    and paid_at >= date_trunc('day', now() - interval '29 days', 'UTC')
  group by 1, 2
),
days as (
  select day, product_id, units, revenue, orders
  from bestseller.days
  where
    build = (select build from live)
    and day >= date_trunc('day', now() - interval '29 days', 'UTC')
)
select format('product %s on %s: the day says %s, its sales %s', product_id, day, d, s)
  as "violation!"
from days d full join summed s using (day, product_id)
where
  (coalesce(d.units, 0), coalesce(d.revenue, 0), coalesce(d.orders, 0))
  <> (coalesce(s.units, 0), coalesce(s.revenue, 0), coalesce(s.orders, 0))
limit :limit::int;

-- name: SumReports :many
-- The sums of the sales report for each quarter of an hour: the totals, the sums of its products,
-- and these with weights, as `Quarter` in quarters.ts has them.
select
  quarter as "quarter!", coalesce(t.orders, 0) as "orders!",
  coalesce(t.units, 0) as "units!", coalesce(t.gross, 0) as "gross!",
  coalesce(t.refunded_units, 0) as "refunded_units!", coalesce(t.refunded, 0) as "refunded!",
  coalesce(s.units, 0)::bigint as "sum_of_units!", coalesce(s.gross, 0)::bigint as "sum_of_gross!",
  coalesce(s.refunded_units, 0)::bigint as "sum_of_refunded_units!",
  coalesce(s.refunded, 0)::bigint as "sum_of_refunded!",
  coalesce(s.weighted_orders, 0)::bigint as "weighted_orders!",
  coalesce(s.weighted_units, 0)::bigint as "weighted_units!",
  coalesce(s.weighted_gross, 0)::bigint as "weighted_gross!",
  coalesce(s.weighted_refunded_units, 0)::bigint as "weighted_refunded_units!",
  coalesce(s.weighted_refunded, 0)::bigint as "weighted_refunded!"
from (select * from report.totals where quarter >= :since::timestamptz) as t
full join (
  select
    quarter, sum(units) as units, sum(gross) as gross, sum(refunded_units) as refunded_units,
    sum(refunded) as refunded,
    sum(weight * (orders % :modulus::bigint)) % :modulus::bigint as weighted_orders,
    sum(weight * (units % :modulus::bigint)) % :modulus::bigint as weighted_units,
    sum(weight * (gross % :modulus::bigint)) % :modulus::bigint as weighted_gross,
    sum(weight * (refunded_units % :modulus::bigint)) filter (where refunded_units <> 0)
      % :modulus::bigint as weighted_refunded_units,
    sum(weight * (refunded % :modulus::bigint)) filter (where refunded <> 0)
      % :modulus::bigint as weighted_refunded
  from (
    select *, uuid_hash_extended(product_id, :seed::bigint) & 67108863 as weight
    from report.sales
    where quarter >= :since::timestamptz
  ) as weighed
  group by quarter
) as s using (quarter);

-- name: WrongReports :many
-- R1: the sums of the sales report equal a count over the events up to its cursor: the totals, here
-- under a product of zeros, and each product's part. Slow: run only to name the sums.
with since as (
  select date_bin('15 minutes', now() - interval '30 days', timestamptz '2000-01-01 00:00Z') as time
),
lines as (
  select
    date_bin('15 minutes', e.time, timestamptz '2000-01-01 00:00Z') as quarter, e.subject,
    e.type = 'order.paid.v1' as is_sale, i."productId" as product_id, i.quantity,
    coalesce(i."lineTotal", i.amount) as amount
  from journal.events e
  cross join lateral json_to_recordset(e.data -> 'items') as i (
    "productId" uuid, quantity bigint, "lineTotal" bigint, amount bigint
  )
  where
    e.type in ('order.paid.v1', 'order.refunded.v1') and e.time >= (select time from since)
    and e.position <= (select position from journal.cursors where name = 'sales-report')
),
counted as (
  select
    quarter, coalesce(product_id, '00000000-0000-0000-0000-000000000000') as product_id,
    concat_ws(
      ' ', count(distinct subject) filter (where is_sale),
      coalesce(sum(quantity) filter (where is_sale), 0),
      coalesce(sum(amount) filter (where is_sale), 0),
      coalesce(sum(quantity) filter (where not is_sale), 0),
      coalesce(sum(amount) filter (where not is_sale), 0)
    ) as figures
  from lines
  group by grouping sets ((quarter, product_id), (quarter))
),
recorded as (
  select
    quarter, '00000000-0000-0000-0000-000000000000'::uuid as product_id,
    concat_ws(' ', orders, units, gross, refunded_units, refunded) as figures
  from report.totals
  where quarter >= (select time from since)
  union all
  select
    quarter, product_id, concat_ws(' ', orders, units, gross, refunded_units, refunded)
  from report.sales
  where quarter >= (select time from since)
)
select format(
  'product %s at %s: recorded %s, counted %s', product_id, quarter, r.figures, c.figures
) as "violation!"
from recorded r full join counted c using (quarter, product_id)
where r.figures is distinct from c.figures
limit :limit::int;
