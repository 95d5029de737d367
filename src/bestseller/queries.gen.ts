// Generated from queries.sql by "npm run generate". Do not edit.
import { arrayOf, int8Element } from '../database/array.ts';
import { exec, many, one, toDate, toSafeInteger } from '../database/statement.ts';

/** Skips sales that are older than every window. */
export const recordSales = exec<{
  readonly build: number;
  readonly upTo: number;
  readonly after: number;
}>({
  name: 'bestseller.RecordSales',
  text: `with added as (
  insert into bestseller.sales (build, paid_at, product_id, position, units, revenue, orders)
  select
    $1, paid_at, product_id, $2, sum(units)::bigint, sum(revenue)::bigint,
    sum(orders)::bigint
  from bestseller.changes
  where
    position > $3 and position <= $2
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
  orders = d.orders + excluded.orders`,
  encode: (params) => [params.build, params.upTo, params.after],
});

export interface CountWindowRow {
  readonly build: number;
  readonly position: number;
  readonly productId: string | null;
  readonly units: number | null;
  readonly revenue: string | null;
  readonly orders: number | null;
}

/**
 * All recorded sales of a window, from the sums of whole days where possible. The cursor is read in
 * the same snapshot, so it is exactly the counted position. Without sales, a row of nulls has the
 * cursor.
 */
export const countWindow = many<{
  readonly from: Date;
  readonly firstDay: Date;
  readonly endDay: Date;
  readonly to: Date;
}, CountWindowRow>({
  name: 'bestseller.CountWindow',
  text: `with live as (select build, position from journal.cursors where name = 'best-sellers')
select
  live.build, live.position, product_id as "product_id?", units as "units?", revenue as "revenue?",
  orders as "orders?"
from live left join (
  select
    product_id, sum(units)::bigint as units, sum(revenue) as revenue, sum(orders)::bigint as orders
  from (
    select product_id, units, revenue, orders
    from bestseller.sales
    where build = (select build from live) and paid_at > $1 and paid_at < $2
    union all
    select product_id, units, revenue, orders
    from bestseller.days
    where build = (select build from live) and day >= $2 and day < $3
    union all
    select product_id, units, revenue, orders
    from bestseller.sales
    where build = (select build from live) and paid_at >= $3 and paid_at <= $4
  ) as parts
  group by product_id
) as totals on true`,
  encode: (params) => [
    params.from.toISOString(),
    params.firstDay.toISOString(),
    params.endDay.toISOString(),
    params.to.toISOString(),
  ],
  decode: (r) => ({
    build: toSafeInteger(r[0]!),
    position: toSafeInteger(r[1]!),
    productId: r[2] ?? null,
    units: r[3] === null ? null : toSafeInteger(r[3]!),
    revenue: r[4] ?? null,
    orders: r[5] === null ? null : toSafeInteger(r[5]!),
  }),
});

export type CountChangesRow = CountWindowRow;

/**
 * The changes that turn a window (`:from`, `:to`], counted up to a position, into (`:newFrom`,
 * `:newTo`]: the sales that entered the window, the sales recorded since within the old window,
 * such as refunds, and the sales that left the window.
 */
export const countChanges = many<{
  readonly build: number;
  readonly to: Date;
  readonly newTo: Date;
  readonly position: number;
  readonly newFrom: Date;
  readonly from: Date;
}, CountChangesRow>({
  name: 'bestseller.CountChanges',
  text: `with live as (select build, position from journal.cursors where name = 'best-sellers')
select
  live.build, live.position, product_id as "product_id?", units as "units?", revenue as "revenue?",
  orders as "orders?"
from live left join (
  select
    product_id, sum(units)::bigint as units, sum(revenue) as revenue, sum(orders)::bigint as orders
  from (
    select product_id, units, revenue, orders
    from bestseller.sales
    where build = $1 and paid_at > $2 and paid_at <= $3
    union all
    select product_id, units, revenue, orders
    from bestseller.sales
    where build = $1 and position > $4 and paid_at > $5 and paid_at <= $2
    union all
    select product_id, -units, -revenue, -orders
    from bestseller.sales
    where
      build = $1 and paid_at > $6 and paid_at <= $5 and position <= $4
  ) as parts
  group by product_id
) as totals on true`,
  encode: (params) => [
    params.build,
    params.to.toISOString(),
    params.newTo.toISOString(),
    params.position,
    params.newFrom.toISOString(),
    params.from.toISOString(),
  ],
  decode: (r) => ({
    build: toSafeInteger(r[0]!),
    position: toSafeInteger(r[1]!),
    productId: r[2] ?? null,
    units: r[3] === null ? null : toSafeInteger(r[3]!),
    revenue: r[4] ?? null,
    orders: r[5] === null ? null : toSafeInteger(r[5]!),
  }),
});

export interface CountUnitsRow {
  readonly units: number;
}

/**
 * The units of the orders that were paid in the last seconds, without refunded ones; `sales_by_time`
 * finds them.
 */
export const countUnits = one<{ readonly seconds: number }, CountUnitsRow>({
  name: 'bestseller.CountUnits',
  text: `select coalesce(sum(units), 0)::bigint as "units!"
from bestseller.sales
where
  build = (select build from journal.cursors where name = 'best-sellers')
  and paid_at > now() - make_interval(secs => $1::int)`,
  encode: (params) => [params.seconds],
  decode: (r) => ({ units: toSafeInteger(r[0]!) }),
});

export interface ReadTimeRow {
  readonly time: Date;
}

export const readTime = one<void, ReadTimeRow>({
  name: 'bestseller.ReadTime',
  text: `select date_trunc('milliseconds', now()) as "time!"`,
  encode: () => [],
  decode: (r) => ({ time: toDate(r[0]!) }),
});

export interface CountUndecidedRow {
  readonly productId: string;
  readonly units: number;
  readonly revenue: string;
  readonly orders: number;
}

/**
 * Committed sales beyond the cursor that are not recorded yet. Used only while a long transaction
 * delays the cursor; the cost grows with the delay.
 */
export const countUndecided = many<{
  readonly position: number;
  readonly from: Date;
  readonly to: Date;
}, CountUndecidedRow>({
  name: 'bestseller.CountUndecided',
  text: `select
  product_id as "product_id!", sum(units)::bigint as "units!", sum(revenue) as "revenue!",
  sum(orders)::bigint as "orders!"
from bestseller.changes
where position > $1::bigint and paid_at > $2 and paid_at <= $3
group by product_id`,
  encode: (params) => [params.position, params.from.toISOString(), params.to.toISOString()],
  decode: (r) => ({
    productId: r[0]!,
    units: toSafeInteger(r[1]!),
    revenue: r[2]!,
    orders: toSafeInteger(r[3]!),
  }),
});

/**
 * Some of the sales that are older than every window. The limit keeps the transaction short,
 * because readers of the journal wait for it. `order by` makes PostgreSQL use the index.
 */
export const deleteOldSales = exec<{ readonly limit: number }>({
  name: 'bestseller.DeleteOldSales',
  text: `delete from bestseller.sales
where ctid = any(array(
  select ctid
  from bestseller.sales
  where
    build = (select build from journal.cursors where name = 'best-sellers')
    and paid_at < clock_timestamp() - interval '31 days'
  order by paid_at
  limit $1::int
))`,
  encode: (params) => [params.limit],
});

export const deleteOldDays = exec<{ readonly limit: number }>({
  name: 'bestseller.DeleteOldDays',
  text: `delete from bestseller.days
where ctid = any(array(
  select ctid
  from bestseller.days
  where
    build = (select build from journal.cursors where name = 'best-sellers')
    and day < clock_timestamp() - interval '32 days'
  order by day
  limit $1::int
))`,
  encode: (params) => [params.limit],
});

/** Some of the sales of builds that were replaced. */
export const deleteReplacedSales = exec<{ readonly limit: number }>({
  name: 'bestseller.DeleteReplacedSales',
  text: `delete from bestseller.sales
where ctid = any(array(
  select ctid
  from bestseller.sales
  where build < (select build from journal.cursors where name = 'best-sellers')
  order by build, paid_at
  limit $1::int
))`,
  encode: (params) => [params.limit],
});

export const deleteReplacedDays = exec<{ readonly limit: number }>({
  name: 'bestseller.DeleteReplacedDays',
  text: `delete from bestseller.days
where ctid = any(array(
  select ctid
  from bestseller.days
  where build < (select build from journal.cursors where name = 'best-sellers')
  order by build, day
  limit $1::int
))`,
  encode: (params) => [params.limit],
});

export interface StartBuildRow {
  readonly build: number;
}

/** A number that no build has, not even an interrupted build. */
export const startBuild = one<void, StartBuildRow>({
  name: 'bestseller.StartBuild',
  text: `insert into journal.cursors as c (name, position, build, events)
select 'best-sellers.next', 0, build + 1, 0 from journal.cursors where name = 'best-sellers'
on conflict (name) do update
set position = 0, build = greatest(c.build + 1, excluded.build), events = 0
returning build`,
  encode: () => [],
  decode: (r) => ({ build: toSafeInteger(r[0]!) }),
});

export interface FindRecordedRow {
  readonly position: number;
}

/**
 * The position up to which sales are recorded in the live build. All positions up to it are
 * decided.
 */
export const findRecorded = one<void, FindRecordedRow>({
  name: 'bestseller.FindRecorded',
  text: `select position from journal.cursors where name = 'best-sellers'`,
  encode: () => [],
  decode: (r) => ({ position: toSafeInteger(r[0]!) }),
});

export interface LockBuildsRow {
  readonly name: string;
  readonly position: number;
  readonly build: number;
}

/** Locks the cursors of the live build and of its replacement, so that neither moves. */
export const lockBuilds = many<void, LockBuildsRow>({
  name: 'bestseller.LockBuilds',
  text: `select name, position, build
from journal.cursors
where name in ('best-sellers', 'best-sellers.next')
order by name
for no key update`,
  encode: () => [],
  decode: (r) => ({ name: r[0]!, position: toSafeInteger(r[1]!), build: toSafeInteger(r[2]!) }),
});

/** Makes the new build the live build. */
export const endBuild = exec<{ readonly position: number; readonly read: number }>({
  name: 'bestseller.EndBuild',
  text: `with next as (
  delete from journal.cursors where name = 'best-sellers.next' returning build, events
)
update journal.cursors c
set build = next.build, position = $1, events = next.events + $2
from next
where c.name = 'best-sellers'`,
  encode: (params) => [params.position, params.read],
});

export type FindRefundRow = FindRecordedRow;

/**
 * The positions with a committed refund beyond them. `order by` and the limit read only the events
 * up to the first refund.
 */
export const findRefund = many<{ readonly positions: readonly number[] }, FindRefundRow>({
  name: 'bestseller.FindRefund',
  text: `select p.position as "position!"
from unnest($1::bigint[]) as p (position)
cross join lateral (
  select from journal.events e
  where e.position > p.position and e.type = 'order.refunded.v1'
  order by e.position
  limit 1
) as refund`,
  encode: (params) => [arrayOf(params.positions, int8Element)],
  decode: (r) => ({ position: toSafeInteger(r[0]!) }),
});
