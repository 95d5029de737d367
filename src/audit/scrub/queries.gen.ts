// Generated from queries.sql by "npm run generate". Do not edit.
import {
  arrayOf,
  column,
  int8Element,
  nullableElement,
  textElement,
  timeElement,
} from '../../database/array.ts';
import {
  batch,
  many,
  one,
  toArray,
  toBoolean,
  toDate,
  toJson,
  toSafeInteger,
} from '../../database/statement.ts';

export interface EstimateRowsRow {
  readonly name: string;
  readonly rows: number;
}

/** As of the last vacuum or analyze; -1 before the first. */
export const estimateRows = many<{ readonly names: readonly string[] }, EstimateRowsRow>({
  name: 'audit.scrub.EstimateRows',
  text: `select n.nspname || '.' || c.relname as "name!", c.reltuples::bigint as "rows!"
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname || '.' || c.relname = any($1::text[])`,
  encode: (params) => [arrayOf(params.names, textElement)],
  decode: (r) => ({ name: r[0]!, rows: toSafeInteger(r[1]!) }),
});

export interface SliceWalletsRow {
  readonly userId: string;
  readonly balance: number;
  readonly entryCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const sliceWallets = many<{
  readonly after: string;
  readonly limit: number;
}, SliceWalletsRow>({
  name: 'audit.scrub.SliceWallets',
  text: `select user_id, balance, entry_count, created_at, updated_at
from wallet.wallets
where user_id > $1 order by user_id limit $2::int`,
  encode: (params) => [params.after, params.limit],
  decode: (r) => ({
    userId: r[0]!,
    balance: toSafeInteger(r[1]!),
    entryCount: toSafeInteger(r[2]!),
    createdAt: toDate(r[3]!),
    updatedAt: toDate(r[4]!),
  }),
});

export interface SliceProductsRow {
  readonly productId: string;
  readonly name: string;
  readonly sku: string | null;
  readonly price: number;
  readonly status: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const sliceProducts = many<{
  readonly after: string;
  readonly limit: number;
}, SliceProductsRow>({
  name: 'audit.scrub.SliceProducts',
  text: `select product_id, name, sku, price, status, on_hand, reserved, created_at, updated_at
from catalog.products
where product_id > $1::uuid order by product_id limit $2::int`,
  encode: (params) => [params.after, params.limit],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    sku: r[2] ?? null,
    price: toSafeInteger(r[3]!),
    status: r[4]!,
    onHand: toSafeInteger(r[5]!),
    reserved: toSafeInteger(r[6]!),
    createdAt: toDate(r[7]!),
    updatedAt: toDate(r[8]!),
  }),
});

export interface SliceDescriptionsRow {
  readonly productId: string;
  readonly description: string;
  readonly imageUrl: string | null;
  readonly metadata: unknown;
}

export const sliceDescriptions = many<{
  readonly after: string;
  readonly limit: number;
}, SliceDescriptionsRow>({
  name: 'audit.scrub.SliceDescriptions',
  text: `select product_id, description, image_url, metadata
from catalog.descriptions
where product_id > $1::uuid order by product_id limit $2::int`,
  encode: (params) => [params.after, params.limit],
  decode: (r) => ({
    productId: r[0]!,
    description: r[1]!,
    imageUrl: r[2] ?? null,
    metadata: toJson(r[3]!),
  }),
});

export interface SliceSkusRow {
  readonly skuKey: string;
  readonly productId: string | null;
}

export const sliceSkus = many<{ readonly after: string; readonly limit: number }, SliceSkusRow>({
  name: 'audit.scrub.SliceSkus',
  text: `select sku_key, product_id
from catalog.skus
where sku_key > $1 order by sku_key limit $2::int`,
  encode: (params) => [params.after, params.limit],
  decode: (r) => ({ skuKey: r[0]!, productId: r[1] ?? null }),
});

export interface SliceBuyersRow {
  readonly userId: string;
  readonly pendingOrders: number;
}

export const sliceBuyers = many<{
  readonly after: string;
  readonly limit: number;
}, SliceBuyersRow>({
  name: 'audit.scrub.SliceBuyers',
  text: `select user_id, pending_orders
from orders.buyers
where user_id > $1 order by user_id limit $2::int`,
  encode: (params) => [params.after, params.limit],
  decode: (r) => ({ userId: r[0]!, pendingOrders: Number(r[1]!) }),
});

export interface SliceCartsRow {
  readonly userId: string;
  readonly version: number;
  readonly lines: unknown;
}

export const sliceCarts = many<{ readonly after: string; readonly limit: number }, SliceCartsRow>({
  name: 'audit.scrub.SliceCarts',
  text: `select user_id, version, lines
from cart.carts
where user_id > $1 order by user_id limit $2::int`,
  encode: (params) => [params.after, params.limit],
  decode: (r) => ({ userId: r[0]!, version: toSafeInteger(r[1]!), lines: toJson(r[2]!) }),
});

export interface SliceOrdersRow {
  readonly orderId: string;
  readonly userId: string;
  readonly status: string;
  readonly lines: unknown;
  readonly total: number;
  readonly refundedTotal: number;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly paidAt: Date | null;
  readonly metadata: unknown;
}

export const sliceOrders = many<{
  readonly after: string;
  readonly limit: number;
}, SliceOrdersRow>({
  name: 'audit.scrub.SliceOrders',
  text: `select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where order_id > $1::uuid order by order_id limit $2::int`,
  encode: (params) => [params.after, params.limit],
  decode: (r) => ({
    orderId: r[0]!,
    userId: r[1]!,
    status: r[2]!,
    lines: toJson(r[3]!),
    total: toSafeInteger(r[4]!),
    refundedTotal: toSafeInteger(r[5]!),
    createdAt: toDate(r[6]!),
    expiresAt: r[7] === null ? null : toDate(r[7]!),
    paidAt: r[8] === null ? null : toDate(r[8]!),
    metadata: r[9] === null ? null : toJson(r[9]!),
  }),
});

export interface SliceKeptRow {
  readonly key: string;
  readonly row: unknown;
  readonly position: number;
}

export const sliceKept = many<{
  readonly tableName: string;
  readonly after: string;
  readonly upTo: string | null;
}, SliceKeptRow>({
  name: 'audit.scrub.SliceKept',
  text: `select key, row, position
from audit.rows
where table_name = $1 and key > $2 and ($3::text is null or key <= $3::text)
order by key`,
  encode: (params) => [params.tableName, params.after, params.upTo],
  decode: (r) => ({ key: r[0]!, row: toJson(r[1]!), position: toSafeInteger(r[2]!) }),
});

export interface SliceKeptOrdersRow {
  readonly orderId: string;
  readonly positions: readonly number[];
}

export const sliceKeptOrders = many<{
  readonly after: string;
  readonly upTo: string | null;
}, SliceKeptOrdersRow>({
  name: 'audit.scrub.SliceKeptOrders',
  text: `select order_id, positions
from audit.orders
where order_id > $1::uuid and ($2::uuid is null or order_id <= $2::uuid)
order by order_id`,
  encode: (params) => [params.after, params.upTo],
  decode: (r) => ({ orderId: r[0]!, positions: toArray(r[1]!, toSafeInteger) }),
});

export interface SliceTransferOwnersRow {
  readonly userId: string;
  readonly total: number;
}

/**
 * The next users with transfers, and how many they have together: only the last may bring more than
 * `countMax`, and is not counted to its end. Each user is one step in the index.
 */
export const sliceTransferOwners = many<{
  readonly after: string;
  readonly countMax: number;
  readonly limit: number;
}, SliceTransferOwnersRow>({
  name: 'audit.scrub.SliceTransferOwners',
  text: `with recursive owners as (
  select $1::text collate "C" as user_id, 0 as number, 0::bigint as total
  union all
  select t.user_id, o.number + 1, o.total + c.transfers
  from owners o
  cross join lateral (
    select user_id from wallet.transfers where user_id > o.user_id order by user_id limit 1
  ) as t
  cross join lateral (
    select count(*) as transfers
    from (select from wallet.transfers where user_id = t.user_id limit $2::int + 1) as own
  ) as c
  where o.number < $3::int and o.total <= $2::int
)
select user_id as "user_id!", total as "total!" from owners where number > 0`,
  encode: (params) => [params.after, params.countMax, params.limit],
  decode: (r) => ({ userId: r[0]!, total: toSafeInteger(r[1]!) }),
});

export interface SumTransfersRow {
  readonly userId: string;
  readonly count: number;
  readonly sum: string;
  readonly firstWrong: number | null;
}

/** The digest of each transfer is summed, modulo 2^64 in the process. */
export const sumTransfers = many<{ readonly userIds: readonly string[] }, SumTransfersRow>({
  name: 'audit.scrub.SumTransfers',
  text: `select
  user_id, count(*) as "count!",
  sum(audit.digest(concat_ws(
    ' ', user_id, number, transfer_id, kind, amount, balance_after, reference,
    (extract(epoch from created_at) * 1000)::bigint
  )))::text as "sum!",
  min(case when balance_after <> running or number <> counted then number end) as "first_wrong?"
from (
  select
    *, sum(amount) over (partition by user_id order by number) as running,
    row_number() over (partition by user_id order by number) as counted
  from wallet.transfers
  where user_id = any($1::text[])
) as t
group by user_id`,
  encode: (params) => [arrayOf(params.userIds, textElement)],
  decode: (r) => ({
    userId: r[0]!,
    count: toSafeInteger(r[1]!),
    sum: r[2]!,
    firstWrong: r[3] === null ? null : toSafeInteger(r[3]!),
  }),
});

export interface FindChangedEventsRow {
  readonly position: number;
  readonly type: string | null;
  readonly subject: string | null;
  readonly wasKnown: boolean;
}

/**
 * The events of some blocks whose digest differs, events that are missing, and events that were
 * added after the block was folded. Events that are not yet folded are no difference.
 */
export const findChangedEvents = many<{
  readonly after: number;
  readonly upTo: number;
  readonly proven: number;
  readonly limit: number;
}, FindChangedEventsRow>({
  name: 'audit.scrub.FindChangedEvents',
  text: `select
  coalesce(k.position, e.position) as "position!", e.type as "type?", e.subject as "subject?",
  k.position is not null as "was_known!"
from (
  select block * 1000 + folded."offset" as position, folded.digest
  from audit.events, unnest(offsets, digests) as folded ("offset", digest)
  where block > $1::bigint and block <= $2::bigint
) as k
full join (
  select
    position, type, subject,
    audit.digest(concat_ws(' ', event_id, type, subject, time, data)) as digest
  from journal.events
  where
    position >= ($1::bigint + 1) * 1000 and position < ($2::bigint + 1) * 1000
    and position <= $3::bigint
) as e using (position)
where k.digest is distinct from e.digest and (k.position is null or k.position <= $3::bigint)
order by 1
limit $4::int`,
  encode: (params) => [params.after, params.upTo, params.proven, params.limit],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    type: r[1] ?? null,
    subject: r[2] ?? null,
    wasKnown: toBoolean(r[3]!),
  }),
});

export interface FindChangedAnswersRow {
  readonly keyId: string;
  readonly second: Date;
  readonly expected: string;
  readonly digest: string;
  readonly isGone: boolean;
}

/** Known idempotency records of some seconds that changed or are gone. */
export const findChangedAnswers = many<{
  readonly after: Date;
  readonly last: Date;
}, FindChangedAnswersRow>({
  name: 'audit.scrub.FindChangedAnswers',
  text: `select
  k.key_id as "key_id!", k.second as "second!", k.digest::text as "expected!",
  audit.digest(concat_ws(' ', i.key_id, i.fingerprint, i.status, i.body))::text as "digest!",
  i.key_id is null as "is_gone!"
from (
  select second, known.key_id, known.digest
  from
    (
      select * from audit.answers
      where second > $1::timestamptz and second <= $2::timestamptz
    ) as a,
    unnest(key_ids, digests) as known (key_id, digest)
) as k
left join commit.idempotency_keys i using (key_id)
where
  case
    when k.digest = 0 then false
    when i.key_id is null then k.second > now() - interval '15 days'
    else k.digest <> audit.digest(concat_ws(' ', i.key_id, i.fingerprint, i.status, i.body))
  end`,
  encode: (params) => [params.after.toISOString(), params.last.toISOString()],
  decode: (r) => ({
    keyId: r[0]!,
    second: toDate(r[1]!),
    expected: r[2]!,
    digest: r[3]!,
    isGone: toBoolean(r[4]!),
  }),
});

export interface ChangedAnswersRow {
  readonly violation: string;
}

/**
 * Each record of an idempotency key, against its digest of when a round has first seen it. Records
 * are kept for 15 days; the digest is zero while the answer is not stored.
 */
export const changedAnswers = many<{ readonly limit: number }, ChangedAnswersRow>({
  name: 'audit.scrub.ChangedAnswers',
  text: `select format('key %s: its record was %s', key_id, case when i.key_id is null then 'removed'
  else 'changed' end) as "violation!"
from audit.answers a
cross join lateral unnest(a.key_ids, a.digests) as known (key_id, digest)
left join commit.idempotency_keys i using (key_id)
where
  case
    when known.digest = 0 then false
    when i.key_id is null then a.second > now() - interval '15 days'
    else known.digest <> audit.digest(concat_ws(' ', i.key_id, i.fingerprint, i.status, i.body))
  end
limit $1::int`,
  encode: (params) => [params.limit],
  decode: (r) => ({ violation: r[0]! }),
});

export interface FindAnswersEndRow {
  readonly last: Date | null;
  readonly keys: number;
  readonly isEnd: boolean;
}

/** The end of the seconds after a time that together have some keys, and at least one second. */
export const findAnswersEnd = one<{
  readonly after: Date;
  readonly keys: number;
}, FindAnswersEndRow>({
  name: 'audit.scrub.FindAnswersEnd',
  text: `select
  last as "last?", keys as "keys!",
  not exists (select from audit.answers where second > last) as "is_end!"
from (
  select max(second) as last, coalesce(sum(keys), 0)::bigint as keys
  from (
    select second, keys, sum(keys) over (order by second) - keys as before
    from (
      select second, cardinality(key_ids) as keys
      from audit.answers
      where second > $1::timestamptz
      order by second
      limit $2::int
    ) as next
  ) as counted
  where before < $2::int
) as slice`,
  encode: (params) => [params.after.toISOString(), params.keys],
  decode: (r) => ({
    last: r[0] === null ? null : toDate(r[0]!),
    keys: toSafeInteger(r[1]!),
    isEnd: toBoolean(r[2]!),
  }),
});

export interface FindSalesEndRow {
  readonly cursor: number;
  readonly end: number | null;
  readonly first: number | null;
}

/**
 * The end of a run of recorded sales some positions later. `first` is the first run of the last 30
 * days, if the journal is older.
 */
export const findSalesEnd = one<{ readonly after: number }, FindSalesEndRow>({
  name: 'audit.scrub.FindSalesEnd',
  text: `with live as (select build, position from journal.cursors where name = 'best-sellers')
select
  live.position as "cursor!",
  coalesce(
    (select max(position) from bestseller.sales s
    where s.build = live.build and position > $1 and position <= $1 + 5000),
    (select min(position) from bestseller.sales s
    where s.build = live.build and position > $1)
  ) as "end?",
  case when (select time from journal.events order by position limit 1) < now() - interval '30 days'
    then (select min(position) from bestseller.sales s
    where s.build = live.build and paid_at > now() - interval '30 days')
  end as "first?"
from live`,
  encode: (params) => [params.after],
  decode: (r) => ({
    cursor: toSafeInteger(r[0]!),
    end: r[1] === null ? null : toSafeInteger(r[1]!),
    first: r[2] === null ? null : toSafeInteger(r[2]!),
  }),
});

export interface FindWrongSalesRow {
  readonly productId: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/**
 * B1: the sales that a range of runs has recorded equal what its events change. Only the last 30
 * days: older sales are deleted.
 */
export const findWrongSales = many<{
  readonly after: number;
  readonly upTo: number;
  readonly limit: number;
}, FindWrongSalesRow>({
  name: 'audit.scrub.FindWrongSales',
  text: `with recorded as (
  select
    product_id, sum(units)::bigint as units, sum(revenue)::bigint as revenue,
    sum(orders)::bigint as orders
  from bestseller.sales
  where
    build = (select build from journal.cursors where name = 'best-sellers')
    and position > $1 and position <= $2 and paid_at > now() - interval '30 days'
  group by product_id
),
counted as (
  select
    product_id, sum(units)::bigint as units, sum(revenue)::bigint as revenue,
    sum(orders)::bigint as orders
  from bestseller.changes
  where position > $1 and position <= $2 and paid_at > now() - interval '30 days'
  group by product_id
)
select
  product_id as "product_id!",
  case when c.units is null then null else json_build_object(
    'units', c.units, 'revenue', c.revenue, 'orders', c.orders) end as "expected?",
  case when r.units is null then null else json_build_object(
    'units', r.units, 'revenue', r.revenue, 'orders', r.orders) end as "found?"
from recorded r full join counted c using (product_id)
where (r.units, r.revenue, r.orders) is distinct from (c.units, c.revenue, c.orders)
limit $3::int`,
  encode: (params) => [params.after, params.upTo, params.limit],
  decode: (r) => ({
    productId: r[0]!,
    expected: r[1] === null ? null : toJson(r[1]!),
    found: r[2] === null ? null : toJson(r[2]!),
  }),
});

export interface CountDaySalesRow {
  readonly sales: number;
}

/** The recorded sales of a day, at most `limit`. */
export const countDaySales = one<{ readonly day: Date; readonly limit: number }, CountDaySalesRow>({
  name: 'audit.scrub.CountDaySales',
  text: `select count(*) as "sales!"
from (
  select
  from bestseller.sales
  where
    build = (select build from journal.cursors where name = 'best-sellers')
    and paid_at >= $1::timestamptz and paid_at < $1::timestamptz + interval '1 day'
  limit $2::int
) as counted`,
  encode: (params) => [params.day.toISOString(), params.limit],
  decode: (r) => ({ sales: toSafeInteger(r[0]!) }),
});

export type FindWrongDaysRow = FindWrongSalesRow;

/** B1: each product's sum of a day equals the day's recorded sales. */
export const findWrongDays = many<{
  readonly day: Date;
  readonly limit: number;
}, FindWrongDaysRow>({
  name: 'audit.scrub.FindWrongDays',
  text: `with live as (select build from journal.cursors where name = 'best-sellers'),
summed as (
  select product_id, sum(units)::bigint as units, sum(revenue)::bigint as revenue,
    sum(orders)::bigint as orders
  from bestseller.sales
  where build = (select build from live) and paid_at >= $1::timestamptz
    and paid_at < $1::timestamptz + interval '1 day'
  group by product_id
),
days as (
  select product_id, units, revenue, orders
  from bestseller.days
  where build = (select build from live) and day = $1::timestamptz
)
select
  product_id as "product_id!",
  case when c.units is null then null else json_build_object(
    'units', c.units, 'revenue', c.revenue, 'orders', c.orders) end as "expected?",
  case when r.units is null then null else json_build_object(
    'units', r.units, 'revenue', r.revenue, 'orders', r.orders) end as "found?"
from days r full join summed c using (product_id)
where (r.units, r.revenue, r.orders) is distinct from (c.units, c.revenue, c.orders)
limit $2::int`,
  encode: (params) => [params.day.toISOString(), params.limit],
  decode: (r) => ({
    productId: r[0]!,
    expected: r[1] === null ? null : toJson(r[1]!),
    found: r[2] === null ? null : toJson(r[2]!),
  }),
});

export interface FindPositionAtRow {
  readonly position: number;
}

/**
 * A position near the first event at a time: times rise with positions, apart from the duration of a
 * transaction.
 */
export const findPositionAt = one<{ readonly time: Date }, FindPositionAtRow>({
  name: 'audit.scrub.FindPositionAt',
  text: `select coalesce(
  (select position from journal.events where time >= $1::timestamptz order by time limit 1),
  (select coalesce(max(position), 0) + 1 from journal.events)
) as "position!"`,
  encode: (params) => [params.time.toISOString()],
  decode: (r) => ({ position: toSafeInteger(r[0]!) }),
});

export interface FindWrongQuartersRow {
  readonly quarter: Date;
  readonly productId: string;
  readonly expected: string | null;
  readonly found: string | null;
}

/**
 * R1: the sums of some quarters of an hour equal a count over their events up to the report's
 * cursor, which are between two positions. The totals are under a product of zeros. No index is on
 * quarters, so the positions find the events.
 */
export const findWrongQuarters = many<{
  readonly first: number;
  readonly beyond: number;
  readonly from: Date;
  readonly to: Date;
  readonly limit: number;
}, FindWrongQuartersRow>({
  name: 'audit.scrub.FindWrongQuarters',
  text: `with lines as (
  select
    date_bin('15 minutes', e.time, timestamptz '2000-01-01 00:00Z') as quarter, e.subject,
    e.type = 'order.paid.v1' as is_sale, i."productId" as product_id, i.quantity,
    coalesce(i."lineTotal", i.amount) as amount
  from journal.events e
  cross join lateral json_to_recordset(e.data -> 'items') as i (
    "productId" uuid, quantity bigint, "lineTotal" bigint, amount bigint
  )
  where
    e.position >= $1::bigint and e.position < $2::bigint
    and e.position <= (select position from journal.cursors where name = 'sales-report')
    and e.type in ('order.paid.v1', 'order.refunded.v1')
    and date_bin('15 minutes', e.time, timestamptz '2000-01-01 00:00Z') >= $3::timestamptz
    and date_bin('15 minutes', e.time, timestamptz '2000-01-01 00:00Z') < $4::timestamptz
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
  from report.totals where quarter >= $3::timestamptz and quarter < $4::timestamptz
  union all
  select
    quarter, product_id, concat_ws(' ', orders, units, gross, refunded_units, refunded)
  from report.sales where quarter >= $3::timestamptz and quarter < $4::timestamptz
)
select
  quarter as "quarter!", product_id as "product_id!", c.figures as "expected?",
  r.figures as "found?"
from recorded r full join counted c using (quarter, product_id)
where r.figures is distinct from c.figures
limit $5::int`,
  encode: (params) => [
    params.first,
    params.beyond,
    params.from.toISOString(),
    params.to.toISOString(),
    params.limit,
  ],
  decode: (r) => ({
    quarter: toDate(r[0]!),
    productId: r[1]!,
    expected: r[2] ?? null,
    found: r[3] ?? null,
  }),
});

export interface FindQuartersEndRow {
  readonly current: Date;
  readonly orders: number;
  readonly next: Date | null;
}

/**
 * The next quarter of an hour in the report after some time, and the current one with its orders.
 */
export const findQuartersEnd = one<{ readonly after: Date }, FindQuartersEndRow>({
  name: 'audit.scrub.FindQuartersEnd',
  text: `select
  current as "current!",
  coalesce((select orders from report.totals where quarter = current), 0) as "orders!",
  (select min(quarter) from report.totals where quarter > $1::timestamptz) as "next?"
from (select date_bin('15 minutes', now(), timestamptz '2000-01-01 00:00Z') as current) as clock`,
  encode: (params) => [params.after.toISOString()],
  decode: (r) => ({
    current: toDate(r[0]!),
    orders: toSafeInteger(r[1]!),
    next: r[2] === null ? null : toDate(r[2]!),
  }),
});

export interface FindScrubsRow {
  readonly part: string;
  readonly after: string;
  readonly visited: number;
  readonly beganAt: Date;
  readonly completedAt: Date | null;
}

export const findScrubs = many<void, FindScrubsRow>({
  name: 'audit.scrub.FindScrubs',
  text: `select part, after, visited, began_at, completed_at from audit.scrubs`,
  encode: () => [],
  decode: (r) => ({
    part: r[0]!,
    after: r[1]!,
    visited: toSafeInteger(r[2]!),
    beganAt: toDate(r[3]!),
    completedAt: r[4] === null ? null : toDate(r[4]!),
  }),
});

export const keepScrubs = batch<{
  readonly part: string;
  readonly after: string;
  readonly visited: number;
  readonly beganAt: Date;
  readonly completedAt: Date | null;
}>({
  name: 'audit.scrub.KeepScrubs',
  text: `insert into audit.scrubs (part, after, visited, began_at, completed_at)
select * from unnest(
  $1::text[], $2::text[], $3::bigint[], $4::timestamptz[],
  $5::timestamptz[]
)
on conflict (part) do update
set
  after = excluded.after, visited = excluded.visited, began_at = excluded.began_at,
  completed_at = excluded.completed_at`,
  encode: (rows) => [
    column(rows, (row) => row.part, textElement),
    column(rows, (row) => row.after, textElement),
    column(rows, (row) => row.visited, int8Element),
    column(rows, (row) => row.beganAt, timeElement),
    column(rows, (row) => row.completedAt, nullableElement(timeElement)),
  ],
});
