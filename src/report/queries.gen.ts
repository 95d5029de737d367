// Generated from queries.sql by "npm run generate". Do not edit.
import {
  arrayOf,
  column,
  int8Element,
  textElement,
  timeElement,
  uuidElement,
} from '../database/array.ts';
import { batch, exec, many, one, toDate, toSafeInteger } from '../database/statement.ts';

export interface SumRangeRow {
  readonly quarter: Date;
  readonly productId: string | null;
  readonly orders: number;
  readonly units: number;
  readonly gross: string;
  readonly refundedUnits: number;
  readonly refunded: string;
}

/**
 * What a range of the journal adds to the sums of quarters of an hour; without a product, the totals.
 * A refund counts at its own time. An event has each product once, so a product's orders are its
 * lines; the first lines are counted for the total. Amounts are text: they may exceed 2^53.
 */
export const sumRange = many<{ readonly after: number; readonly upTo: number }, SumRangeRow>({
  name: 'report.SumRange',
  text: `with lines as (
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
    e.position > $1 and e.position <= $2
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
order by quarter, product_id`,
  encode: (params) => [params.after, params.upTo],
  decode: (r) => ({
    quarter: toDate(r[0]!),
    productId: r[1] ?? null,
    orders: toSafeInteger(r[2]!),
    units: toSafeInteger(r[3]!),
    gross: r[4]!,
    refundedUnits: toSafeInteger(r[5]!),
    refunded: r[6]!,
  }),
});

export const addTotals = batch<{
  readonly quarter: Date;
  readonly orders: number;
  readonly units: number;
  readonly gross: string;
  readonly refundedUnits: number;
  readonly refunded: string;
}>({
  name: 'report.AddTotals',
  text: `insert into report.totals as t (quarter, orders, units, gross, refunded_units, refunded)
select quarter, orders, units, gross::bigint, refunded_units, refunded::bigint
from unnest(
  $1::timestamptz[], $2::bigint[], $3::bigint[], $4::text[],
  $5::bigint[], $6::text[]
) as c (quarter, orders, units, gross, refunded_units, refunded)
on conflict (quarter) do update
set
  orders = t.orders + excluded.orders, units = t.units + excluded.units,
  gross = t.gross + excluded.gross,
  refunded_units = t.refunded_units + excluded.refunded_units,
  refunded = t.refunded + excluded.refunded`,
  encode: (rows) => [
    column(rows, (row) => row.quarter, timeElement),
    column(rows, (row) => row.orders, int8Element),
    column(rows, (row) => row.units, int8Element),
    column(rows, (row) => row.gross, textElement),
    column(rows, (row) => row.refundedUnits, int8Element),
    column(rows, (row) => row.refunded, textElement),
  ],
});

export const addSales = batch<{
  readonly quarter: Date;
  readonly productId: string;
  readonly orders: number;
  readonly units: number;
  readonly gross: string;
  readonly refundedUnits: number;
  readonly refunded: string;
}>({
  name: 'report.AddSales',
  text: `insert into report.sales as s (quarter, product_id, orders, units, gross, refunded_units, refunded)
select quarter, product_id, orders, units, gross::bigint, refunded_units, refunded::bigint
from unnest(
  $1::timestamptz[], $2::uuid[], $3::bigint[], $4::bigint[],
  $5::text[], $6::bigint[], $7::text[]
) as c (quarter, product_id, orders, units, gross, refunded_units, refunded)
on conflict (quarter, product_id) do update
set
  orders = s.orders + excluded.orders, units = s.units + excluded.units,
  gross = s.gross + excluded.gross, refunded_units = s.refunded_units + excluded.refunded_units,
  refunded = s.refunded + excluded.refunded`,
  encode: (rows) => [
    column(rows, (row) => row.quarter, timeElement),
    column(rows, (row) => row.productId, uuidElement),
    column(rows, (row) => row.orders, int8Element),
    column(rows, (row) => row.units, int8Element),
    column(rows, (row) => row.gross, textElement),
    column(rows, (row) => row.refundedUnits, int8Element),
    column(rows, (row) => row.refunded, textElement),
  ],
});

export interface SumDaysRow {
  readonly orders: string;
  readonly units: string;
  readonly gross: string;
  readonly refundedUnits: string;
  readonly refunded: string;
}

/** The sum of each day, also of a day without sales, in the order of the days. */
export const sumDays = many<{
  readonly begins: readonly Date[];
  readonly ends: readonly Date[];
}, SumDaysRow>({
  name: 'report.SumDays',
  text: `select
  t.orders as "orders!", t.units as "units!", t.gross as "gross!",
  t.refunded_units as "refunded_units!", t.refunded as "refunded!"
from unnest($1::timestamptz[], $2::timestamptz[])
  with ordinality as d (begins, ends, number)
cross join lateral (
  select
    coalesce(sum(orders), 0) as orders, coalesce(sum(units), 0) as units,
    coalesce(sum(gross), 0) as gross, coalesce(sum(refunded_units), 0) as refunded_units,
    coalesce(sum(refunded), 0) as refunded
  from report.totals
  where quarter >= d.begins and quarter < d.ends
) as t
order by d.number`,
  encode: (params) => [arrayOf(params.begins, timeElement), arrayOf(params.ends, timeElement)],
  decode: (r) => ({
    orders: r[0]!,
    units: r[1]!,
    gross: r[2]!,
    refundedUnits: r[3]!,
    refunded: r[4]!,
  }),
});

export interface SumProductsRow {
  readonly productId: string | null;
  readonly name: string | null;
  readonly orders: string;
  readonly units: string;
  readonly gross: string;
  readonly refundedUnits: string;
  readonly refunded: string;
}

/**
 * The total, in a row without product, and then the products, the highest gross revenue first. One
 * statement, so that both are of the same instant.
 */
export const sumProducts = many<{
  readonly begins: Date;
  readonly ends: Date;
  readonly limit: number;
}, SumProductsRow>({
  name: 'report.SumProducts',
  text: `with total as (
  select
    coalesce(sum(orders), 0) as orders, coalesce(sum(units), 0) as units,
    coalesce(sum(gross), 0) as gross, coalesce(sum(refunded_units), 0) as refunded_units,
    coalesce(sum(refunded), 0) as refunded
  from report.totals
  where quarter >= $1::timestamptz and quarter < $2::timestamptz
),
products as (
  select
    product_id, sum(orders) as orders, sum(units) as units, sum(gross) as gross,
    sum(refunded_units) as refunded_units, sum(refunded) as refunded
  from report.sales
  where quarter >= $1 and quarter < $2
  group by product_id
  order by gross desc, product_id
  limit $3::int
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
order by r.product_id is not null, r.gross desc, r.product_id`,
  encode: (params) => [params.begins.toISOString(), params.ends.toISOString(), params.limit],
  decode: (r) => ({
    productId: r[0] ?? null,
    name: r[1] ?? null,
    orders: r[2]!,
    units: r[3]!,
    gross: r[4]!,
    refundedUnits: r[5]!,
    refunded: r[6]!,
  }),
});

export interface FindSpanRow {
  readonly first: Date | null;
  readonly last: Date | null;
}

/** The time of the first and of the last event, or of sums that are outside of them. */
export const findSpan = one<void, FindSpanRow>({
  name: 'report.FindSpan',
  text: `select
  least(
    (select time from journal.events order by position limit 1),
    (select min(quarter) from report.totals), (select min(quarter) from report.sales)
  ) as "first?",
  greatest(
    (select time from journal.events order by position desc limit 1),
    (select max(quarter) from report.totals), (select max(quarter) from report.sales)
  ) as "last?"`,
  encode: () => [],
  decode: (r) => ({
    first: r[0] === null ? null : toDate(r[0]!),
    last: r[1] === null ? null : toDate(r[1]!),
  }),
});

export interface FindPositionsRow {
  readonly after: number | null;
  readonly upTo: number | null;
}

/**
 * All events of the time are in this range of the journal, with others that committed meanwhile.
 */
export const findPositions = one<{ readonly begins: Date; readonly ends: Date }, FindPositionsRow>({
  name: 'report.FindPositions',
  text: `select min(position) - 1 as "after?", max(position) as "up_to?"
from journal.events
where time >= $1::timestamptz and time < $2::timestamptz`,
  encode: (params) => [params.begins.toISOString(), params.ends.toISOString()],
  decode: (r) => ({
    after: r[0] === null ? null : toSafeInteger(r[0]!),
    upTo: r[1] === null ? null : toSafeInteger(r[1]!),
  }),
});

export interface FindRecordedRow {
  readonly position: number;
}

export const findRecorded = one<void, FindRecordedRow>({
  name: 'report.FindRecorded',
  text: `select position from journal.cursors where name = 'sales-report'`,
  encode: () => [],
  decode: (r) => ({ position: toSafeInteger(r[0]!) }),
});

export type LockRecordedRow = FindRecordedRow;

/** Waits for a range that is being recorded; the next one is recorded after this transaction. */
export const lockRecorded = one<void, LockRecordedRow>({
  name: 'report.LockRecorded',
  text: `select position from journal.cursors where name = 'sales-report' for no key update`,
  encode: () => [],
  decode: (r) => ({ position: toSafeInteger(r[0]!) }),
});

export const deleteTotals = exec<{ readonly begins: Date; readonly ends: Date }>({
  name: 'report.DeleteTotals',
  text: `delete from report.totals where quarter >= $1::timestamptz and quarter < $2::timestamptz`,
  encode: (params) => [params.begins.toISOString(), params.ends.toISOString()],
});

export const deleteSales = exec<{ readonly begins: Date; readonly ends: Date }>({
  name: 'report.DeleteSales',
  text: `delete from report.sales where quarter >= $1::timestamptz and quarter < $2::timestamptz`,
  encode: (params) => [params.begins.toISOString(), params.ends.toISOString()],
});
