-- name: InsertOrders :batch
insert into orders.orders
  (order_id, user_id, status, total, refunded_total, created_at, expires_at, paid_at)
select * from unnest(
  :orderId::uuid[], :userId::text[], :status::text[], :total::bigint[], :refundedTotal::bigint[],
  :createdAt::timestamptz[], :expiresAt?::timestamptz[], :paidAt?::timestamptz[]
);

-- name: InsertLines :batch
insert into orders.lines
  (order_id, line, product_id, name, quantity, unit_price, refunded_quantity)
select * from unnest(
  :orderId::uuid[], :line::smallint[], :productId::uuid[], :name::text[], :quantity::bigint[],
  :unitPrice::bigint[], :refundedQuantity::bigint[]
);

-- name: FindOrder :one
select order_id, user_id, status, total, refunded_total, created_at, expires_at, paid_at
from orders.orders
where order_id = :orderId;

-- name: FindLines :many
select order_id, product_id, name, quantity, unit_price, refunded_quantity
from orders.lines
where order_id = any(:orderIds::uuid[])
order by order_id, line;
