// Generated from queries.sql by "npm run generate". Do not edit.
import {
  arrayOf,
  column,
  int4Element,
  int8Element,
  jsonElement,
  nullableElement,
  textElement,
  timeElement,
  uuidElement,
} from '../database/array.ts';
import { batch, many, one, toDate, toJson, toSafeInteger } from '../database/statement.ts';

export interface LockOrdersRow {
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

/**
 * In key order, so that batches cannot deadlock. `no key update` is the weakest lock that suffices.
 */
export const lockOrders = many<{ readonly orderIds: readonly string[] }, LockOrdersRow>({
  name: 'order.LockOrders',
  text: `select order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where order_id = any($1::uuid[])
order by order_id
for no key update`,
  encode: (params) => [arrayOf(params.orderIds, uuidElement)],
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

export const insertOrders = batch<{
  readonly orderId: string;
  readonly userId: string;
  readonly status: string;
  readonly lines: string;
  readonly total: number;
  readonly refundedTotal: number;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly paidAt: Date | null;
  readonly metadata: string | null;
}>({
  name: 'order.InsertOrders',
  text: `insert into orders.orders
  (order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at, metadata)
select * from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::json[], $5::bigint[],
  $6::bigint[], $7::timestamptz[], $8::timestamptz[],
  $9::timestamptz[], $10::json[]
)`,
  encode: (rows) => [
    column(rows, (row) => row.orderId, uuidElement),
    column(rows, (row) => row.userId, textElement),
    column(rows, (row) => row.status, textElement),
    column(rows, (row) => row.lines, jsonElement),
    column(rows, (row) => row.total, int8Element),
    column(rows, (row) => row.refundedTotal, int8Element),
    column(rows, (row) => row.createdAt, timeElement),
    column(rows, (row) => row.expiresAt, nullableElement(timeElement)),
    column(rows, (row) => row.paidAt, nullableElement(timeElement)),
    column(rows, (row) => row.metadata, nullableElement(jsonElement)),
  ],
});

/** The metadata of an order never changes. */
export const updateOrders = batch<{
  readonly orderId: string;
  readonly status: string;
  readonly lines: string;
  readonly refundedTotal: number;
  readonly expiresAt: Date | null;
  readonly paidAt: Date | null;
}>({
  name: 'order.UpdateOrders',
  text: `update orders.orders o
set
  status = c.status, lines = c.lines, refunded_total = c.refunded_total,
  expires_at = c.expires_at, paid_at = c.paid_at
from unnest(
  $1::uuid[], $2::text[], $3::json[], $4::bigint[],
  $5::timestamptz[], $6::timestamptz[]
) as c (order_id, status, lines, refunded_total, expires_at, paid_at)
where o.order_id = c.order_id`,
  encode: (rows) => [
    column(rows, (row) => row.orderId, uuidElement),
    column(rows, (row) => row.status, textElement),
    column(rows, (row) => row.lines, jsonElement),
    column(rows, (row) => row.refundedTotal, int8Element),
    column(rows, (row) => row.expiresAt, nullableElement(timeElement)),
    column(rows, (row) => row.paidAt, nullableElement(timeElement)),
  ],
});

export interface LockBuyersRow {
  readonly userId: string;
  readonly pendingOrders: number;
}

export const lockBuyers = many<{ readonly userIds: readonly string[] }, LockBuyersRow>({
  name: 'order.LockBuyers',
  text: `select user_id, pending_orders
from orders.buyers
where user_id = any($1::text[])
order by user_id
for no key update`,
  encode: (params) => [arrayOf(params.userIds, textElement)],
  decode: (r) => ({ userId: r[0]!, pendingOrders: Number(r[1]!) }),
});

export const insertBuyers = batch<{ readonly userId: string; readonly pendingOrders: number }>({
  name: 'order.InsertBuyers',
  text: `insert into orders.buyers (user_id, pending_orders)
select * from unnest($1::text[], $2::int[])`,
  encode: (rows) => [
    column(rows, (row) => row.userId, textElement),
    column(rows, (row) => row.pendingOrders, int4Element),
  ],
});

export const updateBuyers = batch<{ readonly userId: string; readonly pendingOrders: number }>({
  name: 'order.UpdateBuyers',
  text: `update orders.buyers b
set pending_orders = c.pending_orders
from unnest($1::text[], $2::int[]) as c (user_id, pending_orders)
where b.user_id = c.user_id`,
  encode: (rows) => [
    column(rows, (row) => row.userId, textElement),
    column(rows, (row) => row.pendingOrders, int4Element),
  ],
});

export interface FindDueOrdersRow {
  readonly orderId: string;
  readonly waitMs: number;
}

/** Pending orders that have expired or will within `:withinMs`, the earliest first. */
export const findDueOrders = many<{
  readonly withinMs: number;
  readonly limit: number;
}, FindDueOrdersRow>({
  name: 'order.FindDueOrders',
  text: `select
  order_id,
  ceil(extract(epoch from expires_at - clock_timestamp()) * 1000)::bigint as "wait_ms!"
from orders.orders
where
  status = 'pending' and expires_at <= clock_timestamp() + make_interval(secs => $1::int / 1000.0)
order by expires_at
limit $2::int`,
  encode: (params) => [params.withinMs, params.limit],
  decode: (r) => ({ orderId: r[0]!, waitMs: toSafeInteger(r[1]!) }),
});

export type FindOrderRow = LockOrdersRow;

export const findOrder = one<{ readonly orderId: string }, FindOrderRow>({
  name: 'order.FindOrder',
  text: `select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where order_id = $1`,
  encode: (params) => [params.orderId],
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

export type ListOrdersRow = LockOrdersRow;

/**
 * Every list of orders may name a product. The search in the text of the lines skips nearly all other
 * orders, because reading lines as JSON costs ten times as much.
 */
export const listOrders = many<{
  readonly beforeId: string;
  readonly productId: string | null;
  readonly limit: number;
}, ListOrdersRow>({
  name: 'order.ListOrders',
  text: `select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where
  order_id < $1::uuid
  and (
    $2::text is null
    or strpos(lines::text, $2) > 0 and exists (
      select from json_to_recordset(lines) as l ("productId" text) where l."productId" = $2
    )
  )
order by order_id desc
limit $3::int`,
  encode: (params) => [params.beforeId, params.productId, params.limit],
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

export type ListOrdersOfUserRow = LockOrdersRow;

/** A user has few orders, so times only filter them. */
export const listOrdersOfUser = many<{
  readonly userId: string;
  readonly beforeId: string;
  readonly status: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
  readonly productId: string | null;
  readonly limit: number;
}, ListOrdersOfUserRow>({
  name: 'order.ListOrdersOfUser',
  text: `select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where
  user_id = $1 and order_id < $2::uuid
  and ($3::text is null or status = $3)
  and ($4::timestamptz is null or created_at >= $4)
  and ($5::timestamptz is null or created_at < $5)
  and (
    $6::text is null
    or strpos(lines::text, $6) > 0 and exists (
      select from json_to_recordset(lines) as l ("productId" text) where l."productId" = $6
    )
  )
order by order_id desc
limit $7::int`,
  encode: (params) => [
    params.userId,
    params.beforeId,
    params.status,
    params.from?.toISOString(),
    params.to?.toISOString(),
    params.productId,
    params.limit,
  ],
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

export type ListOrdersOfTimeRow = LockOrdersRow;

/**
 * Orders of a time, of any status or paid ones, in order of time. The place is an order; without it
 * the list begins at `:to`.
 */
export const listOrdersOfTime = many<{
  readonly from: Date;
  readonly to: Date;
  readonly beforeId: string;
  readonly status: string | null;
  readonly productId: string | null;
  readonly limit: number;
}, ListOrdersOfTimeRow>({
  name: 'order.ListOrdersOfTime',
  text: `select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where
  created_at >= $1::timestamptz and created_at < $2::timestamptz
  and (created_at, order_id) < (
    coalesce((select created_at from orders.orders where order_id = $3::uuid), $2),
    $3
  )
  and ($4::text is null or status = $4)
  and (
    $5::text is null
    or strpos(lines::text, $5) > 0 and exists (
      select from json_to_recordset(lines) as l ("productId" text) where l."productId" = $5
    )
  )
order by created_at desc, order_id desc
limit $6::int`,
  encode: (params) => [
    params.from.toISOString(),
    params.to.toISOString(),
    params.beforeId,
    params.status,
    params.productId,
    params.limit,
  ],
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

export type ListPaidOrdersRow = LockOrdersRow;

/** Nearly all orders are paid, so a walk over the primary key is fastest. */
export const listPaidOrders = many<{
  readonly beforeId: string;
  readonly productId: string | null;
  readonly limit: number;
}, ListPaidOrdersRow>({
  name: 'order.ListPaidOrders',
  text: `select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where
  status = 'paid' and order_id < $1::uuid
  and (
    $2::text is null
    or strpos(lines::text, $2) > 0 and exists (
      select from json_to_recordset(lines) as l ("productId" text) where l."productId" = $2
    )
  )
order by order_id desc
limit $3::int`,
  encode: (params) => [params.beforeId, params.productId, params.limit],
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

export type ListOtherOrdersRow = LockOrdersRow;

/**
 * Orders in a rare status, through a partial index of the orders that are not paid; times only
 * filter them.
 */
export const listOtherOrders = many<{
  readonly status: string;
  readonly beforeId: string;
  readonly from: Date | null;
  readonly to: Date | null;
  readonly productId: string | null;
  readonly limit: number;
}, ListOtherOrdersRow>({
  name: 'order.ListOtherOrders',
  text: `select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where
  status <> 'paid' and status = $1 and order_id < $2::uuid
  and ($3::timestamptz is null or created_at >= $3)
  and ($4::timestamptz is null or created_at < $4)
  and (
    $5::text is null
    or strpos(lines::text, $5) > 0 and exists (
      select from json_to_recordset(lines) as l ("productId" text) where l."productId" = $5
    )
  )
order by order_id desc
limit $6::int`,
  encode: (params) => [
    params.status,
    params.beforeId,
    params.from?.toISOString(),
    params.to?.toISOString(),
    params.productId,
    params.limit,
  ],
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

export type FindOrdersRow = LockOrdersRow;

export const findOrders = many<{ readonly orderIds: readonly string[] }, FindOrdersRow>({
  name: 'order.FindOrders',
  text: `select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where order_id = any($1::uuid[])`,
  encode: (params) => [arrayOf(params.orderIds, uuidElement)],
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

export type FindNewestOrdersRow = LockOrdersRow;

/** The newest orders of each user, newest first. */
export const findNewestOrders = many<{
  readonly userIds: readonly string[];
  readonly limit: number;
}, FindNewestOrdersRow>({
  name: 'order.FindNewestOrders',
  text: `select
  o.order_id, o.user_id, o.status, o.lines, o.total, o.refunded_total, o.created_at, o.expires_at,
  o.paid_at, o.metadata
from
  unnest($1::text[]) as u (user_id)
  cross join lateral (
    select * from orders.orders
    where orders.user_id = u.user_id
    order by order_id desc
    limit $2::int
  ) as o
order by o.order_id desc`,
  encode: (params) => [arrayOf(params.userIds, textElement), params.limit],
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

export interface CountOrdersRow {
  readonly orders: number;
}

export const countOrders = one<{ readonly seconds: number }, CountOrdersRow>({
  name: 'order.CountOrders',
  text: `select count(*) as "orders!" from orders.orders
where created_at > now() - make_interval(secs => $1::int)`,
  encode: (params) => [params.seconds],
  decode: (r) => ({ orders: toSafeInteger(r[0]!) }),
});

export interface FindChangedOrdersRow {
  readonly orderId: string;
  readonly userId: string;
  readonly position: number;
}

/**
 * Reads the events of a short range; `position` is that of an order's last event. The subquery is
 * hashed, an array is searched once for each event.
 */
export const findChangedOrders = many<{
  readonly after: number;
  readonly upTo: number;
  readonly userIds: readonly string[];
}, FindChangedOrdersRow>({
  name: 'order.FindChangedOrders',
  text: `select
  subject as order_id, data ->> 'userId' as "user_id!", max(position) as "position!"
from journal.events
where
  position > $1::bigint and position <= $2::bigint
  and type like 'order.%' and data ->> 'userId' in (select unnest($3::text[]))
group by 1, 2`,
  encode: (params) => [params.after, params.upTo, arrayOf(params.userIds, textElement)],
  decode: (r) => ({ orderId: r[0]!, userId: r[1]!, position: toSafeInteger(r[2]!) }),
});
