-- name: FindStock :one
-- A product's figures and the last position of the journal, in one snapshot.
select
  on_hand, reserved,
  (select position from journal.events order by position desc limit 1) as "position!"
from catalog.products
where product_id = :productId;

-- name: ListMovingEvents :many
-- Events that move a product's stock, newest first. The search in the text of the data skips nearly
-- all other events, because reading data as JSON costs ten times as much; the text may also name the
-- product elsewhere, as in a reason.
select position, event_id, type, subject, time, data
from journal.events
where
  position > :after::bigint and position <= :upTo::bigint
  and strpos(data::text, :productId::text) > 0
  and (
    subject = :productId and type in ('product.created.v1', 'stock.adjusted.v1')
    or type like 'order.%'
    and (type <> 'order.refunded.v1' or (data ->> 'restock')::boolean)
    and exists (
      select from json_to_recordset(data -> 'items') as i ("productId" text)
      where i."productId" = :productId
    )
  )
order by position desc
limit :limit::int;

-- name: FindPlacedAt :many
-- The orders of a product that were placed at a time.
select subject as order_id
from journal.events
where
  time = :time and type = 'order.placed.v1' and strpos(data::text, :productId::text) > 0;
