create table journal.cursors (
  name text collate "C" not null,
  position bigint not null,
  build bigint not null,
  constraint cursors_have_one_name primary key (name)
) with (fillfactor = 50);

comment on table journal.cursors is
'A row is a subscriber of the journal: every event up to `position` has had its effect on what the
subscriber keeps, and no later one. It moves in the transaction of the effect. `build` numbers the
copies of what is kept, so that a new one can be made beside the one that is read.';

create schema bestseller;

create view bestseller.changes as
  select
    e.position,
    case e.type
      when 'order.paid.v1' then e.time
      else (e.data ->> 'paidAt')::timestamptz(3)
    end as paid_at,
    i."productId" as product_id,
    case e.type when 'order.paid.v1' then i.quantity else -i.quantity end as units,
    case e.type when 'order.paid.v1' then i."lineTotal" else -i.amount end as revenue,
    case when e.type = 'order.paid.v1' then 1 when i."isWhole" then -1 else 0 end as orders
  from journal.events e
  cross join lateral json_to_recordset(e.data -> 'items') as i (
    "productId" uuid, quantity bigint, "lineTotal" bigint, amount bigint, "isWhole" boolean
  )
  where e.type in ('order.paid.v1', 'order.refunded.v1');

comment on view bestseller.changes is
'A row is what an event of the journal changes for one product: sales at the time at which the order
was paid. A refund takes them back at that same time, whenever it happens. `orders` counts those of
which something is left.';

create table bestseller.sales (
  build bigint not null,
  paid_at timestamptz(3) not null,
  product_id uuid not null,
  position bigint not null,
  units bigint not null,
  revenue bigint not null,
  orders bigint not null
);

comment on table bestseller.sales is
'A row is what a run of events changed for one product in one millisecond. `position` is that of
the cursor after the run: whoever has counted up to another one finds what is new. Rows are added
and, when no window reaches back to them, removed; never updated.';

create index sales_by_time on bestseller.sales (build, paid_at);
create index sales_by_position on bestseller.sales (build, position);

create table bestseller.days (
  build bigint not null,
  day timestamptz(3) not null,
  product_id uuid not null,
  units bigint not null,
  revenue bigint not null,
  orders bigint not null,
  constraint days_have_one_sum primary key (build, day, product_id)
) with (fillfactor = 50);

comment on table bestseller.days is
'A row is the sum of one product''s sales in one day (UTC): a window that is counted for the first
time adds up days and, at its two edges, sales.';

insert into journal.cursors (name, position, build) values ('best-sellers', 0, 1);
