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

-- name: FindCreation :one
-- The position of a product's creation, or no row if the product was created later than a time.
select e.position
from catalog.products p
cross join lateral (
  select position
  from journal.events
  where
    time = p.created_at and type = 'product.created.v1' and subject = p.product_id::text
  offset 0
) as e
where p.product_id = :productId and p.created_at <= :at::timestamptz;

-- name: FindLastPosition :one
select position from journal.events order by position desc limit 1;

-- name: FindDescribedProduct :one
select
  p.product_id, p.name, p.sku, p.price, p.status, p.on_hand, p.reserved, p.created_at, p.updated_at,
  d.description, d.image_url, d.metadata
from catalog.products p join catalog.descriptions d using (product_id)
where p.product_id = :productId;

-- name: FindEventFrom :one
-- The first event from a position on.
select position, time from journal.events where position >= :position order by position limit 1;

-- name: ListProductEvents :many
-- A product's own events and the events of orders whose text names the product, in commit order. The
-- text may name it elsewhere than among the items: the caller parses the data anyway, at a tenth of
-- the cost that it has here. Without a limit, for which PostgreSQL would read the whole table and
-- sort.
select position, event_id, type, subject, time, data
from journal.events
where
  position > :after::bigint and position <= :upTo::bigint
  and (
    subject = :productId and type = any(:types::text[])
    or type like 'order.%' and strpos(data::text, :productId::text) > 0
  )
order by position;

-- name: FindOrderEvents :many
-- The events of an order's creation and of its transfers, by their times, which are known: a batch
-- has one time, so a time has few events.
with times as materialized (
  select created_at as time from orders.orders where order_id = :orderId::uuid
  union
  select t.created_at
  from orders.orders o join wallet.transfers t on t.user_id = o.user_id and t.reference = o.order_id
  where o.order_id = :orderId::uuid
)
select
  e.position as "position!", e.event_id as "event_id!", e.type as "type!", e.time as "time!",
  e.data as "data!"
from
  times
  cross join lateral (
    select position, event_id, type, time, data
    from journal.events
    where events.time = times.time and subject = :orderId::uuid::text
    offset 0
  ) as e
where e.position > :after::bigint
order by e.position
limit :limit::int;

-- name: FindNextOrderEvent :one
-- Finds how a pending order ended: reads at most the events of the time of its reservation.
select position, event_id, type, time, data
from journal.events
where position > :after::bigint and subject = :orderId::uuid::text
order by position
limit 1;

-- name: FindOrder :one
select user_id, status from orders.orders where order_id = :orderId;
