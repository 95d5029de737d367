-- Orders are listed by the time of their creation.

create index orders_by_time on orders.orders (created_at, order_id);
