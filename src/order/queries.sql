-- name: LockOrders :many
-- In key order, so that batches cannot deadlock. `no key update` is the weakest lock that suffices.
select order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at
from orders.orders
where order_id = any(:orderIds::uuid[])
order by order_id
for no key update;

-- name: InsertOrders :batch
insert into orders.orders
  (order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at)
select * from unnest(
  :orderId::uuid[], :userId::text[], :status::text[], :lines::json[], :total::bigint[],
  :refundedTotal::bigint[], :createdAt::timestamptz[], :expiresAt?::timestamptz[],
  :paidAt?::timestamptz[]
);

-- name: UpdateOrders :batch
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
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at
from orders.orders
where order_id = :orderId;

-- name: ListOrders :many
select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at
from orders.orders
where order_id < :beforeId::uuid
order by order_id desc
limit :limit::int;

-- name: ListOrdersOfUser :many
select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at
from orders.orders
where
  user_id = :userId and order_id < :beforeId::uuid
  and (:status?::text is null or status = :status)
order by order_id desc
limit :limit::int;

-- name: ListPaidOrders :many
-- Nearly all orders are paid, so a walk over the primary key is fastest.
select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at
from orders.orders
where status = 'paid' and order_id < :beforeId::uuid
order by order_id desc
limit :limit::int;

-- name: ListOtherOrders :many
-- Orders in a rare status, through a partial index of the orders that are not paid.
select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at
from orders.orders
where status <> 'paid' and status = :status and order_id < :beforeId::uuid
order by order_id desc
limit :limit::int;
