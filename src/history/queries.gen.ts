// Generated from queries.sql by "npm run generate". Do not edit.
import { arrayOf, textElement } from '../database/array.ts';
import { many, one, toDate, toJson, toSafeInteger } from '../database/statement.ts';

export interface FindStockRow {
  readonly onHand: number;
  readonly reserved: number;
  readonly position: number;
}

/** A product's figures and the last position of the journal, in one snapshot. */
export const findStock = one<{ readonly productId: string }, FindStockRow>({
  name: 'history.FindStock',
  text: `select
  on_hand, reserved,
  (select position from journal.events order by position desc limit 1) as "position!"
from catalog.products
where product_id = $1`,
  encode: (params) => [params.productId],
  decode: (r) => ({
    onHand: toSafeInteger(r[0]!),
    reserved: toSafeInteger(r[1]!),
    position: toSafeInteger(r[2]!),
  }),
});

export interface ListMovingEventsRow {
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  readonly data: unknown;
}

/**
 * Events that move a product's stock, newest first. The search in the text of the data skips nearly
 * all other events, because reading data as JSON costs ten times as much; the text may also name the
 * product elsewhere, as in a reason.
 */
export const listMovingEvents = many<{
  readonly after: number;
  readonly upTo: number;
  readonly productId: string;
  readonly limit: number;
}, ListMovingEventsRow>({
  name: 'history.ListMovingEvents',
  text: `select position, event_id, type, subject, time, data
from journal.events
where
  position > $1::bigint and position <= $2::bigint
  and strpos(data::text, $3::text) > 0
  and (
    subject = $3 and type in ('product.created.v1', 'stock.adjusted.v1')
    or type like 'order.%'
    and (type <> 'order.refunded.v1' or (data ->> 'restock')::boolean)
    and exists (
      select from json_to_recordset(data -> 'items') as i ("productId" text)
      where i."productId" = $3
    )
  )
order by position desc
limit $4::int`,
  encode: (params) => [params.after, params.upTo, params.productId, params.limit],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    subject: r[3]!,
    time: toDate(r[4]!),
    data: toJson(r[5]!),
  }),
});

export interface FindPlacedAtRow {
  readonly orderId: string;
}

/** The orders of a product that were placed at a time. */
export const findPlacedAt = many<{
  readonly time: Date;
  readonly productId: string;
}, FindPlacedAtRow>({
  name: 'history.FindPlacedAt',
  text: `select subject as order_id
from journal.events
where
  time = $1 and type = 'order.placed.v1' and strpos(data::text, $2::text) > 0`,
  encode: (params) => [params.time.toISOString(), params.productId],
  decode: (r) => ({ orderId: r[0]! }),
});

export interface FindCreationRow {
  readonly position: number;
}

/** The position of a product's creation, or no row if the product was created later than a time. */
export const findCreation = one<{
  readonly productId: string;
  readonly at: Date;
}, FindCreationRow>({
  name: 'history.FindCreation',
  text: `select e.position
from catalog.products p
cross join lateral (
  select position
  from journal.events
  where
    time = p.created_at and type = 'product.created.v1' and subject = p.product_id::text
  offset 0
) as e
where p.product_id = $1 and p.created_at <= $2::timestamptz`,
  encode: (params) => [params.productId, params.at.toISOString()],
  decode: (r) => ({ position: toSafeInteger(r[0]!) }),
});

export type FindLastPositionRow = FindCreationRow;

export const findLastPosition = one<void, FindLastPositionRow>({
  name: 'history.FindLastPosition',
  text: `select position from journal.events order by position desc limit 1`,
  encode: () => [],
  decode: (r) => ({ position: toSafeInteger(r[0]!) }),
});

export interface FindDescribedProductRow {
  readonly productId: string;
  readonly name: string;
  readonly sku: string | null;
  readonly price: number;
  readonly status: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly description: string;
  readonly imageUrl: string | null;
  readonly metadata: unknown;
}

export const findDescribedProduct = one<{ readonly productId: string }, FindDescribedProductRow>({
  name: 'history.FindDescribedProduct',
  text: `select
  p.product_id, p.name, p.sku, p.price, p.status, p.on_hand, p.reserved, p.created_at, p.updated_at,
  d.description, d.image_url, d.metadata
from catalog.products p join catalog.descriptions d using (product_id)
where p.product_id = $1`,
  encode: (params) => [params.productId],
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
    description: r[9]!,
    imageUrl: r[10] ?? null,
    metadata: toJson(r[11]!),
  }),
});

export interface FindEventFromRow {
  readonly position: number;
  readonly time: Date;
}

/** The first event from a position on. */
export const findEventFrom = one<{ readonly position: number }, FindEventFromRow>({
  name: 'history.FindEventFrom',
  text: `select position, time from journal.events where position >= $1 order by position limit 1`,
  encode: (params) => [params.position],
  decode: (r) => ({ position: toSafeInteger(r[0]!), time: toDate(r[1]!) }),
});

export type ListProductEventsRow = ListMovingEventsRow;

/**
 * A product's own events and the events of orders whose text names the product, in commit order. The
 * text may name it elsewhere than among the items: the caller parses the data anyway, at a tenth of
 * the cost that it has here. Without a limit, for which PostgreSQL would read the whole table and
 * sort.
 */
export const listProductEvents = many<{
  readonly after: number;
  readonly upTo: number;
  readonly productId: string;
  readonly types: readonly string[];
}, ListProductEventsRow>({
  name: 'history.ListProductEvents',
  text: `select position, event_id, type, subject, time, data
from journal.events
where
  position > $1::bigint and position <= $2::bigint
  and (
    subject = $3 and type = any($4::text[])
    or type like 'order.%' and strpos(data::text, $3::text) > 0
  )
order by position`,
  encode: (params) => [
    params.after,
    params.upTo,
    params.productId,
    arrayOf(params.types, textElement),
  ],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    subject: r[3]!,
    time: toDate(r[4]!),
    data: toJson(r[5]!),
  }),
});

export interface FindOrderEventsRow {
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly time: Date;
  readonly data: unknown;
}

/**
 * The events of an order's creation and of its transfers, by their times, which are known: a batch
 * has one time, so a time has few events.
 */
export const findOrderEvents = many<{
  readonly orderId: string;
  readonly after: number;
  readonly limit: number;
}, FindOrderEventsRow>({
  name: 'history.FindOrderEvents',
  text: `with times as materialized (
  select created_at as time from orders.orders where order_id = $1::uuid
  union
  select t.created_at
  from orders.orders o join wallet.transfers t on t.user_id = o.user_id and t.reference = o.order_id
  where o.order_id = $1::uuid
)
select
  e.position as "position!", e.event_id as "event_id!", e.type as "type!", e.time as "time!",
  e.data as "data!"
from
  times
  cross join lateral (
    select position, event_id, type, time, data
    from journal.events
    where events.time = times.time and subject = $1::uuid::text
    offset 0
  ) as e
where e.position > $2::bigint
order by e.position
limit $3::int`,
  encode: (params) => [params.orderId, params.after, params.limit],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    time: toDate(r[3]!),
    data: toJson(r[4]!),
  }),
});

export type FindNextOrderEventRow = FindOrderEventsRow;

/** Finds how a pending order ended: reads at most the events of the time of its reservation. */
export const findNextOrderEvent = one<{
  readonly after: number;
  readonly orderId: string;
}, FindNextOrderEventRow>({
  name: 'history.FindNextOrderEvent',
  text: `select position, event_id, type, time, data
from journal.events
where position > $1::bigint and subject = $2::uuid::text
order by position
limit 1`,
  encode: (params) => [params.after, params.orderId],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    time: toDate(r[3]!),
    data: toJson(r[4]!),
  }),
});

export interface FindOrderRow {
  readonly userId: string;
  readonly status: string;
}

export const findOrder = one<{ readonly orderId: string }, FindOrderRow>({
  name: 'history.FindOrder',
  text: `select user_id, status from orders.orders where order_id = $1`,
  encode: (params) => [params.orderId],
  decode: (r) => ({ userId: r[0]!, status: r[1]! }),
});
