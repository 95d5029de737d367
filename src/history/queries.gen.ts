// Generated from queries.sql by "npm run generate". Do not edit.
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
