// Generated from queries.sql by "npm run generate". Do not edit.
import { many, one, toDate, toSafeInteger } from '../../database/statement.ts';

export interface FindBoundsRow {
  readonly since: Date;
  readonly quarter: Date;
  readonly reported: number;
}

/** What the sales report and the best sellers keep: older sales are deleted. */
export const findBounds = one<void, FindBoundsRow>({
  name: 'audit.sales.FindBounds',
  text: `select
  now() - interval '30 days' as "since!",
  date_bin('15 minutes', now() - interval '30 days', timestamptz '2000-01-01 00:00Z') as "quarter!",
  (select position from journal.cursors where name = 'sales-report') as "reported!"`,
  encode: () => [],
  decode: (r) => ({ since: toDate(r[0]!), quarter: toDate(r[1]!), reported: toSafeInteger(r[2]!) }),
});

export interface WeighProductsRow {
  readonly productId: string;
  readonly weight: number;
}

/** A weight below 2^26 for each product, which nobody can foresee. */
export const weighProducts = many<{ readonly seed: number }, WeighProductsRow>({
  name: 'audit.sales.WeighProducts',
  text: `select product_id, uuid_hash_extended(product_id, $1::bigint) & 67108863 as "weight!"
from catalog.products`,
  encode: (params) => [params.seed],
  decode: (r) => ({ productId: r[0]!, weight: toSafeInteger(r[1]!) }),
});

export interface SumBestSellersRow {
  readonly productId: string;
  readonly units: number;
  readonly revenue: number;
  readonly orders: number;
}

/** The recorded sales of each product since a time, plus the journal beyond the cursor. */
export const sumBestSellers = many<{ readonly since: Date }, SumBestSellersRow>({
  name: 'audit.sales.SumBestSellers',
  text: `with live as (select build, position from journal.cursors where name = 'best-sellers')
select
  product_id as "product_id!", sum(units)::bigint as "units!", sum(revenue)::bigint as "revenue!",
  sum(orders)::bigint as "orders!"
from (
  select product_id, units, revenue, orders
  from bestseller.sales
  where build = (select build from live) and paid_at > $1::timestamptz
  union all
  select product_id, units, revenue, orders
  from bestseller.changes
  where position > (select position from live) and paid_at > $1::timestamptz
) as changes
group by product_id`,
  encode: (params) => [params.since.toISOString()],
  decode: (r) => ({
    productId: r[0]!,
    units: toSafeInteger(r[1]!),
    revenue: toSafeInteger(r[2]!),
    orders: toSafeInteger(r[3]!),
  }),
});

export interface WrongDaysRow {
  readonly violation: string;
}

/** B1: each day's sum of a product equals its recorded sales. */
export const wrongDays = many<{ readonly limit: number }, WrongDaysRow>({
  name: 'audit.sales.WrongDays',
  text: `with live as (select build from journal.cursors where name = 'best-sellers'),
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
limit $1::int`,
  encode: (params) => [params.limit],
  decode: (r) => ({ violation: r[0]! }),
});

export interface SumReportsRow {
  readonly quarter: Date;
  readonly orders: number;
  readonly units: number;
  readonly gross: number;
  readonly refundedUnits: number;
  readonly refunded: number;
  readonly sumOfUnits: number;
  readonly sumOfGross: number;
  readonly sumOfRefundedUnits: number;
  readonly sumOfRefunded: number;
  readonly weightedOrders: number;
  readonly weightedUnits: number;
  readonly weightedGross: number;
  readonly weightedRefundedUnits: number;
  readonly weightedRefunded: number;
}

/**
 * The sums of the sales report for each quarter of an hour: the totals, the sums of its products,
 * and these with weights, as `Quarter` in quarters.ts has them.
 */
export const sumReports = many<{
  readonly since: Date;
  readonly modulus: number;
  readonly seed: number;
}, SumReportsRow>({
  name: 'audit.sales.SumReports',
  text: `select
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
from (select * from report.totals where quarter >= $1::timestamptz) as t
full join (
  select
    quarter, sum(units) as units, sum(gross) as gross, sum(refunded_units) as refunded_units,
    sum(refunded) as refunded,
    sum(weight * (orders % $2::bigint)) % $2::bigint as weighted_orders,
    sum(weight * (units % $2::bigint)) % $2::bigint as weighted_units,
    sum(weight * (gross % $2::bigint)) % $2::bigint as weighted_gross,
    sum(weight * (refunded_units % $2::bigint)) filter (where refunded_units <> 0)
      % $2::bigint as weighted_refunded_units,
    sum(weight * (refunded % $2::bigint)) filter (where refunded <> 0)
      % $2::bigint as weighted_refunded
  from (
    select *, uuid_hash_extended(product_id, $3::bigint) & 67108863 as weight
    from report.sales
    where quarter >= $1::timestamptz
  ) as weighed
  group by quarter
) as s using (quarter)`,
  encode: (params) => [params.since.toISOString(), params.modulus, params.seed],
  decode: (r) => ({
    quarter: toDate(r[0]!),
    orders: toSafeInteger(r[1]!),
    units: toSafeInteger(r[2]!),
    gross: toSafeInteger(r[3]!),
    refundedUnits: toSafeInteger(r[4]!),
    refunded: toSafeInteger(r[5]!),
    sumOfUnits: toSafeInteger(r[6]!),
    sumOfGross: toSafeInteger(r[7]!),
    sumOfRefundedUnits: toSafeInteger(r[8]!),
    sumOfRefunded: toSafeInteger(r[9]!),
    weightedOrders: toSafeInteger(r[10]!),
    weightedUnits: toSafeInteger(r[11]!),
    weightedGross: toSafeInteger(r[12]!),
    weightedRefundedUnits: toSafeInteger(r[13]!),
    weightedRefunded: toSafeInteger(r[14]!),
  }),
});

export type WrongReportsRow = WrongDaysRow;

/**
 * R1: the sums of the sales report equal a count over the events up to its cursor: the totals, here
 * under a product of zeros, and each product's part. Slow: run only to name the sums.
 */
export const wrongReports = many<{ readonly limit: number }, WrongReportsRow>({
  name: 'audit.sales.WrongReports',
  text: `with since as (
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
limit $1::int`,
  encode: (params) => [params.limit],
  decode: (r) => ({ violation: r[0]! }),
});
