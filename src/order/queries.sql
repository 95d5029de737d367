-- name: LockOrders :many
-- In key order, so that batches cannot deadlock. `no key update` is the weakest lock that suffices.
select order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where order_id = any(:orderIds::uuid[])
order by order_id
for no key update;

-- name: InsertOrders :batch
insert into orders.orders
  (order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at, metadata)
select * from unnest(
  :orderId::uuid[], :userId::text[], :status::text[], :lines::json[], :total::bigint[],
  :refundedTotal::bigint[], :createdAt::timestamptz[], :expiresAt?::timestamptz[],
  :paidAt?::timestamptz[], :metadata?::json[]
);

-- name: UpdateOrders :batch
-- The metadata of an order never changes.
update orders.orders o
set
  status = c.status, lines = c.lines, refunded_total = c.refunded_total,
  expires_at = c.expires_at, paid_at = c.paid_at
from unnest(
  :orderId::uuid[], :status::text[], :lines::json[], :refundedTotal::bigint[],
  :expiresAt?::timestamptz[], :paidAt?::timestamptz[]
) as c (order_id, status, lines, refunded_total, expires_at, paid_at)
where o.order_id = c.order_id;

-- name: LockBuyers :many
select user_id, pending_orders
from orders.buyers
where user_id = any(:userIds::text[])
order by user_id
for no key update;

-- name: InsertBuyers :batch
insert into orders.buyers (user_id, pending_orders)
select * from unnest(:userId::text[], :pendingOrders::int[]);

-- name: UpdateBuyers :batch
update orders.buyers b
set pending_orders = c.pending_orders
from unnest(:userId::text[], :pendingOrders::int[]) as c (user_id, pending_orders)
where b.user_id = c.user_id;

-- name: FindDueOrders :many
-- Pending orders that have expired or will within `:withinMs`, the earliest first.
select
  order_id,
  ceil(extract(epoch from expires_at - clock_timestamp()) * 1000)::bigint as "wait_ms!"
from orders.orders
where
  status = 'pending' and expires_at <= clock_timestamp() + make_interval(secs => :withinMs::int / 1000.0)
order by expires_at
limit :limit::int;

-- name: FindOrder :one
select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where order_id = :orderId;

-- name: ListOrders :many
-- Every list of orders may name a product. The search in the text of the lines skips nearly all other
-- orders, because reading lines as JSON costs ten times as much.
select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where
  order_id < :beforeId::uuid
  and (
    :productId?::text is null
    or strpos(lines::text, :productId) > 0 and exists (
      select from json_to_recordset(lines) as l ("productId" text) where l."productId" = :productId
    )
  )
order by order_id desc
limit :limit::int;

-- name: ListOrdersOfUser :many
-- A user has few orders, so times only filter them.
select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where
  user_id = :userId and order_id < :beforeId::uuid
  and (:status?::text is null or status = :status)
  and (:from?::timestamptz is null or created_at >= :from)
  and (:to?::timestamptz is null or created_at < :to)
  and (
    :productId?::text is null
    or strpos(lines::text, :productId) > 0 and exists (
      select from json_to_recordset(lines) as l ("productId" text) where l."productId" = :productId
    )
  )
order by order_id desc
limit :limit::int;

-- name: ListOrdersOfTime :many
-- Orders of a time, of any status or paid ones, in order of time. The place is an order; without it
-- the list begins at `:to`.
select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where
  created_at >= :from::timestamptz and created_at < :to::timestamptz
  and (created_at, order_id) < (
    coalesce((select created_at from orders.orders where order_id = :beforeId::uuid), :to),
    :beforeId
  )
  and (:status?::text is null or status = :status)
  and (
    :productId?::text is null
    or strpos(lines::text, :productId) > 0 and exists (
      select from json_to_recordset(lines) as l ("productId" text) where l."productId" = :productId
    )
  )
order by created_at desc, order_id desc
limit :limit::int;

-- name: ListPaidOrders :many
-- Nearly all orders are paid, so a walk over the primary key is fastest.
select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where
  status = 'paid' and order_id < :beforeId::uuid
  and (
    :productId?::text is null
    or strpos(lines::text, :productId) > 0 and exists (
      select from json_to_recordset(lines) as l ("productId" text) where l."productId" = :productId
    )
  )
order by order_id desc
limit :limit::int;

-- name: ListOtherOrders :many
-- Orders in a rare status, through a partial index of the orders that are not paid; times only
-- filter them.
select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where
  status <> 'paid' and status = :status and order_id < :beforeId::uuid
  and (:from?::timestamptz is null or created_at >= :from)
  and (:to?::timestamptz is null or created_at < :to)
  and (
    :productId?::text is null
    or strpos(lines::text, :productId) > 0 and exists (
      select from json_to_recordset(lines) as l ("productId" text) where l."productId" = :productId
    )
  )
order by order_id desc
limit :limit::int;

-- name: FindOrders :many
select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where order_id = any(:orderIds::uuid[]);

-- name: FindNewestOrders :many
-- The newest orders of each user, newest first.
select
  o.order_id, o.user_id, o.status, o.lines, o.total, o.refunded_total, o.created_at, o.expires_at,
  o.paid_at, o.metadata
from
  unnest(:userIds::text[]) as u (user_id)
  cross join lateral (
    select * from orders.orders
    where orders.user_id = u.user_id
    order by order_id desc
    limit :limit::int
  ) as o
order by o.order_id desc;

-- name: CountOrders :one
select count(*) as "orders!" from orders.orders
where created_at > now() - make_interval(secs => :seconds::int);

-- name: FindChangedOrders :many
-- Reads the events of a short range; `position` is that of an order's last event. The subquery is
-- hashed, an array is searched once for each event.
select
  subject as order_id, data ->> 'userId' as "user_id!", max(position) as "position!"
from journal.events
where
  position > :after::bigint and position <= :upTo::bigint
  and type like 'order.%' and data ->> 'userId' in (select unnest(:userIds::text[]))
group by 1, 2;
