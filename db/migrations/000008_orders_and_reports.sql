-- compatible: expand
-- Orders are listed by the time of their creation and carry a client's own metadata.

-- The stronger lock first: a later one would wait for transactions that wait for the first.
alter table orders.orders add column metadata json;

create index orders_by_time on orders.orders (created_at, order_id);

comment on table orders.orders is
'A row is an order with its lines: a list of product, name, quantity, unit price and refunded
quantity, at the price and under the name that each was ordered at. Lines are read and written
with their order only, so they are part of its row. `metadata` is null if the client gave none, so
that such an order costs nothing more.';

create schema report;

create table report.totals (
  quarter timestamptz(3) not null,
  orders bigint not null,
  units bigint not null,
  gross bigint not null,
  refunded_units bigint not null,
  refunded bigint not null,
  constraint totals_have_one_sum primary key (quarter)
) with (fillfactor = 80);

comment on table report.totals is
'A row is the sum of the orders that were paid in a quarter of an hour and, apart from them, of the
refunds that were made in it. Each day of each time zone consists of whole quarters of an hour.';

create table report.sales (
  quarter timestamptz(3) not null,
  product_id uuid not null,
  orders bigint not null,
  units bigint not null,
  gross bigint not null,
  refunded_units bigint not null,
  refunded bigint not null,
  constraint sales_have_one_sum primary key (quarter, product_id)
) with (fillfactor = 80);

comment on table report.sales is
'A row is one product''s part of the quarter of an hour that `report.totals` sums up. `orders` counts
the orders with a line of the product, so its sum over products may be more than the total.';

insert into journal.cursors (name, position, build, events) values ('sales-report', 0, 1, 0);
