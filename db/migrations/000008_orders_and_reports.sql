-- compatible: expand
-- Orders are listed by the time of their creation and carry a client's own metadata.

create index orders_by_time on orders.orders (created_at, order_id);

alter table orders.orders add column metadata json;

comment on table orders.orders is
'A row is an order with its lines: a list of product, name, quantity, unit price and refunded
quantity, at the price and under the name that each was ordered at. Lines are read and written
with their order only, so they are part of its row. `metadata` is null if the client gave none, so
that such an order costs nothing more.';
