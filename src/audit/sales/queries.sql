-- name: WrongSales :many
-- S2: on hand = initial + adjustments - sold + restocked. S3: reserved = the quantities on pending
-- orders. B1: each product's recorded sales, plus the journal beyond the cursor, equal a count over
-- the paid orders, and each day's sum equals its sales; only 30 days, because older sales are
-- deleted. O1: sums of amounts, each times a weight of its order, are equal. R1: the same, with
-- weights of the product and the quarter of an hour. If an invariant holds, its sums are equal
-- whatever the weights are; if not, they are equal with a probability of 2^-63, and no row is named
-- here. All in one pass, because reading the lines of the orders as JSON is most of the work.
with live as (select build, position from journal.cursors where name = 'best-sellers'),
reported as (select position from journal.cursors where name = 'sales-report'),
since as (
  select
    now() - interval '30 days' as time,
    date_bin('15 minutes', now() - interval '30 days', timestamptz '2000-01-01 00:00Z') as quarter
),
sums as materialized (
  select
    product_id,
    sum(quantity) filter (where status in ('paid', 'refunded')) as sold,
    sum(quantity) filter (where status = 'pending') as pending,
    sum(quantity - refunded) filter (where paid_at > (select time from since)) as units,
    sum((quantity - refunded) * price) filter (where paid_at > (select time from since))
      as revenue,
    count(*) filter (where paid_at > (select time from since) and quantity > refunded) as orders,
    sum(weight * (quantity * price)) as goods,
    sum(weight * (refunded * price)) filter (where refunded > 0) as refunds,
    sum(line_weight) filter (where paid_at >= (select quarter from since)) as sales,
    sum(line_weight * quantity) filter (where paid_at >= (select quarter from since)) as sold_units,
    sum(line_weight * (quantity * price)) filter (where paid_at >= (select quarter from since))
      as gross
  from (
    select
      o.status, o.paid_at, uuid_hash_extended(o.order_id, :seed::bigint)::numeric as weight,
      l."productId" as product_id, l.quantity, l."unitPrice" as price,
      l."refundedQuantity" as refunded,
      uuid_hash_extended(
        l."productId",
        :seed::bigint + (floor(date_part('epoch', o.paid_at) / 900) * 900000)::bigint
      )::numeric as line_weight
    from orders.orders o
    cross join lateral json_to_recordset(o.lines) as l (
      "productId" uuid, quantity bigint, "unitPrice" bigint, "refundedQuantity" bigint
    )
  ) as lines
  group by product_id
),
paid as (
  select
    count(*) filter (where kind = 'payment') as payments,
    sum(weight) filter (where kind = 'payment') as payment_weight,
    sum(weight * amount) filter (where kind = 'payment') as spent,
    sum(weight * amount) filter (where kind = 'refund') as refunded
  from (
    select kind, amount, uuid_hash_extended(reference, :seed::bigint)::numeric as weight
    from wallet.transfers
    where kind in ('payment', 'refund')
  ) as t
),
owed as (
  select
    count(paid_at) as payments,
    sum(weight) filter (where paid_at is not null) as payment_weight,
    sum(weight * total) filter (where paid_at is not null) as paid,
    sum(weight * total) as goods,
    sum(weight * refunded_total) filter (where refunded_total <> 0) as refunds
  from (
    select
      paid_at, total, refunded_total, uuid_hash_extended(order_id, :seed::bigint)::numeric as weight
    from orders.orders
  ) as o
),
changes as (
  select
    e.type = 'order.paid.v1' as is_sale, i.quantity, coalesce(i."lineTotal", i.amount) as amount,
    e.position > (select position from reported) as is_beyond,
    uuid_hash_extended(
      i."productId", :seed::bigint + (floor(date_part('epoch', e.time) / 900) * 900000)::bigint
    )::numeric as weight
  from journal.events e
  cross join lateral json_to_recordset(e.data -> 'items') as i (
    "productId" uuid, quantity bigint, "lineTotal" bigint, amount bigint
  )
  where
    e.time >= (select quarter from since)
    and (
      e.type = 'order.refunded.v1'
      or (e.type = 'order.paid.v1' and e.position > (select position from reported))
    )
),
counted as (
  select
    sums.sales - coalesce(beyond.sales, 0) as sales,
    sums.units - coalesce(beyond.units, 0) as units,
    sums.gross - coalesce(beyond.gross, 0) as gross,
    coalesce(beyond.refunded_units, 0) as refunded_units, coalesce(beyond.refunded, 0) as refunded
  from (
    select
      coalesce(sum(sales), 0) as sales, coalesce(sum(sold_units), 0) as units,
      coalesce(sum(gross), 0) as gross
    from sums
  ) as sums
  cross join (
    select
      sum(weight) filter (where is_sale) as sales,
      sum(weight * quantity) filter (where is_sale) as units,
      sum(weight * amount) filter (where is_sale) as gross,
      sum(weight * quantity) filter (where not is_sale and not is_beyond) as refunded_units,
      sum(weight * amount) filter (where not is_sale and not is_beyond) as refunded
    from changes
  ) as beyond
),
quarters as materialized (
  select
    quarter, sum(units) as units, sum(gross) as gross, sum(refunded_units) as refunded_units,
    sum(refunded) as refunded, sum(weight * orders) as sales, sum(weight * units) as unit_weight,
    sum(weight * gross) as gross_weight,
    sum(weight * refunded_units) filter (where refunded_units <> 0) as refunded_unit_weight,
    sum(weight * refunded) filter (where refunded <> 0) as refunded_weight
  from (
    select *, uuid_hash_extended(
      product_id, :seed::bigint + (date_part('epoch', quarter) * 1000)::bigint
    )::numeric as weight
    from report.sales
    where quarter >= (select quarter from since)
  ) as s
  group by quarter
),
moved as (
  select
    subject::uuid as product_id,
    sum(coalesce((data ->> 'delta')::bigint, (data ->> 'stock')::bigint)) as units
  from journal.events
  where type in ('product.created.v1', 'stock.adjusted.v1')
  group by subject
),
restocked as (
  select i."productId" as product_id, sum(i.quantity) as units
  from journal.events
  cross join lateral json_to_recordset(data -> 'items') as i ("productId" uuid, quantity bigint)
  where type = 'order.refunded.v1' and (data ->> 'restock')::boolean
  group by i."productId"
),
stock as (
  select
    product_id, p.on_hand, p.reserved, coalesce(s.pending, 0) as pending,
    coalesce(m.units, 0) - coalesce(s.sold, 0) + coalesce(r.units, 0) as explained
  from catalog.products p
  left join moved m using (product_id) left join sums s using (product_id)
  left join restocked r using (product_id)
),
sales as (
  select paid_at, product_id, units, revenue, orders
  from bestseller.sales
  where build = (select build from live) and paid_at > (select time from since)
),
recorded as (
  select product_id, sum(units) as units, sum(revenue) as revenue, sum(orders) as orders
  from (
    select product_id, units, revenue, orders from sales
    union all
    select product_id, units, revenue, orders
    from bestseller.changes
    where position > (select position from live) and paid_at > (select time from since)
  ) as changes
  group by product_id
),
summed as (
  select
    date_bin('1 day', paid_at, timestamptz '2000-01-01 00:00Z') as day, product_id,
    sum(units) as units, sum(revenue) as revenue, sum(orders) as orders
  from sales
  where paid_at >= date_trunc('day', now() - interval '29 days', 'UTC')
  group by 1, 2
),
days as (
  select day, product_id, units, revenue, orders
  from bestseller.days
  where
    build = (select build from live)
    and day >= date_trunc('day', now() - interval '29 days', 'UTC')
)
(
  select
    'S2' as "invariant!",
    format('product %s: on hand %s, explained %s', product_id, on_hand, explained) as "violation!"
  from stock
  where on_hand <> explained
  limit :limit::int
) union all (
  select 'S3', format('product %s: reserved %s, pending %s', product_id, reserved, pending)
  from stock
  where reserved <> pending
  limit :limit::int
) union all (
  select 'O1', ''
  from paid cross join owed
  where
    (
      paid.payments, coalesce(paid.payment_weight, 0), coalesce(-paid.spent, 0),
      coalesce(paid.refunded, 0), coalesce(owed.goods, 0), coalesce(owed.refunds, 0)
    ) <> (
      owed.payments, coalesce(owed.payment_weight, 0), coalesce(owed.paid, 0),
      coalesce(owed.refunds, 0), coalesce((select sum(goods) from sums), 0),
      coalesce((select sum(refunds) from sums), 0)
    )
) union all (
  select 'R1', ''
  from counted
  where (sales, units, gross, refunded_units, refunded) <> (
    select
      coalesce(sum(sales), 0), coalesce(sum(unit_weight), 0), coalesce(sum(gross_weight), 0),
      coalesce(sum(refunded_unit_weight), 0), coalesce(sum(refunded_weight), 0)
    from quarters
  ) or exists (
    select
    from quarters q
    full join (
      select * from report.totals where quarter >= (select quarter from since)
    ) as t using (quarter)
    full join (
      select
        date_bin('15 minutes', time, timestamptz '2000-01-01 00:00Z') as quarter,
        count(*) filter (where type = 'order.paid.v1') as orders
      from journal.events
      where
        type in ('order.paid.v1', 'order.refunded.v1') and time >= (select quarter from since)
        and position <= (select position from reported)
      group by 1
    ) as e using (quarter)
    where (t.orders, t.units, t.gross, t.refunded_units, t.refunded)
      is distinct from (e.orders, q.units, q.gross, q.refunded_units, q.refunded)
  )
) union all (
  select 'B1', format(
    'product %s: recorded %s for %s in %s orders, counted %s for %s in %s', product_id,
    coalesce(r.units, 0), coalesce(r.revenue, 0), coalesce(r.orders, 0), coalesce(c.units, 0),
    coalesce(c.revenue, 0), coalesce(c.orders, 0)
  )
  from recorded r
  full join (select * from sums where units is not null) as c using (product_id)
  where
    (coalesce(r.units, 0), coalesce(r.revenue, 0), coalesce(r.orders, 0))
    <> (coalesce(c.units, 0), coalesce(c.revenue, 0), coalesce(c.orders, 0))
  limit :limit::int
) union all (
  select 'B1', format('product %s on %s: the day says %s, its sales %s', product_id, day, d, s)
  from days d full join summed s using (day, product_id)
  where
    (coalesce(d.units, 0), coalesce(d.revenue, 0), coalesce(d.orders, 0))
    <> (coalesce(s.units, 0), coalesce(s.revenue, 0), coalesce(s.orders, 0))
  limit :limit::int
);

-- name: WrongOrders :many
-- The orders that break O1: a paid order has exactly one payment of its total, its lines sum to the
-- total, and its refunds sum to the refunds of its lines. Slow: run only to name the orders.
with money as (
  select
    reference as order_id,
    count(*) filter (where kind = 'payment') as payments,
    coalesce(-sum(amount) filter (where kind = 'payment'), 0) as paid,
    coalesce(sum(amount) filter (where kind = 'refund'), 0) as refunded
  from wallet.transfers
  where kind in ('payment', 'refund')
  group by reference
)
select format(
  'order %s of %s: paid %s in %s payments, refunded %s of %s', order_id, o.total,
  coalesce(m.paid, 0), coalesce(m.payments, 0), coalesce(m.refunded, 0), o.refunded_total
) as "violation!"
from orders.orders o full join money m using (order_id)
left join lateral (
  select
    sum(quantity * "unitPrice") as goods, sum("refundedQuantity" * "unitPrice") as refunds
  from json_to_recordset(o.lines) as l (
    quantity bigint, "unitPrice" bigint, "refundedQuantity" bigint
  )
) as l on true
where
  o.total is null
  or coalesce(m.payments, 0) <> case when o.paid_at is null then 0 else 1 end
  or (o.paid_at is not null and m.paid <> o.total)
  or o.total is distinct from l.goods
  or o.refunded_total is distinct from l.refunds
  or o.refunded_total <> coalesce(m.refunded, 0)
limit :limit::int;

-- name: WrongReports :many
-- The sums that break R1: the sums of the sales report equal a count over the events up to its
-- cursor: the totals, here under a product of zeros, and each product's part. Only the last 30 days,
-- because the count reads the lines of each event.
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
