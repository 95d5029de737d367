-- name: EstimateRows :many
-- As of the last vacuum or analyze; -1 before the first.
select n.nspname || '.' || c.relname as "name!", c.reltuples::bigint as "rows!"
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname || '.' || c.relname = any(:names::text[]);

-- name: SliceWallets :many
select user_id, balance, entry_count, created_at, updated_at
from wallet.wallets
where user_id > :after order by user_id limit :limit::int;

-- name: SliceProducts :many
select product_id, name, sku, price, status, on_hand, reserved, created_at, updated_at
from catalog.products
where product_id > :after::uuid order by product_id limit :limit::int;

-- name: SliceDescriptions :many
select product_id, description, image_url, metadata
from catalog.descriptions
where product_id > :after::uuid order by product_id limit :limit::int;

-- name: SliceSkus :many
select sku_key, product_id
from catalog.skus
where sku_key > :after order by sku_key limit :limit::int;

-- name: SliceBuyers :many
select user_id, pending_orders
from orders.buyers
where user_id > :after order by user_id limit :limit::int;

-- name: SliceCarts :many
select user_id, version, lines
from cart.carts
where user_id > :after order by user_id limit :limit::int;

-- name: SliceOrders :many
select
  order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at,
  metadata
from orders.orders
where order_id > :after::uuid order by order_id limit :limit::int;

-- name: SliceKept :many
select key, row, position
from audit.rows
where table_name = :tableName and key > :after and (:upTo?::text is null or key <= :upTo?::text)
order by key;

-- name: SliceKeptOrders :many
select order_id, positions
from audit.orders
where order_id > :after::uuid and (:upTo?::uuid is null or order_id <= :upTo?::uuid)
order by order_id;

-- name: SliceTransferOwners :many
-- The next users with transfers, and how many they have together: only the last may bring more than
-- `countMax`, and is not counted to its end. Each user is one step in the index.
with recursive owners as (
  select :after::text collate "C" as user_id, 0 as number, 0::bigint as total
  union all
  select t.user_id, o.number + 1, o.total + c.transfers
  from owners o
  cross join lateral (
    select user_id from wallet.transfers where user_id > o.user_id order by user_id limit 1
  ) as t
  cross join lateral (
    select count(*) as transfers
    from (select from wallet.transfers where user_id = t.user_id limit :countMax::int + 1) as own
  ) as c
  where o.number < :limit::int and o.total <= :countMax::int
)
select user_id as "user_id!", total as "total!" from owners where number > 0;

-- name: SumTransfers :many
-- The digest of each transfer is summed, modulo 2^64 in the process.
select
  user_id, count(*) as "count!",
  sum(audit.digest(concat_ws(
    ' ', user_id, number, transfer_id, kind, amount, balance_after, reference,
    (extract(epoch from created_at) * 1000)::bigint
  )))::text as "sum!",
  min(case when balance_after <> running or number <> counted then number end) as "first_wrong?"
from (
  select
    *, sum(amount) over (partition by user_id order by number) as running,
    row_number() over (partition by user_id order by number) as counted
  from wallet.transfers
  where user_id = any(:userIds::text[])
) as t
group by user_id;

-- name: FindChangedEvents :many
-- The events of some blocks whose digest differs, events that are missing, and events that were
-- added after the block was folded. Events that are not yet folded are no difference.
select
  coalesce(k.position, e.position) as "position!", e.type as "type?", e.subject as "subject?",
  k.position is not null as "was_known!"
from (
  select block * 1000 + folded."offset" as position, folded.digest
  from audit.events, unnest(offsets, digests) as folded ("offset", digest)
  where block > :after::bigint and block <= :upTo::bigint
) as k
full join (
  select
    position, type, subject,
    audit.digest(concat_ws(' ', event_id, type, subject, time, data)) as digest
  from journal.events
  where
    position >= (:after::bigint + 1) * 1000 and position < (:upTo::bigint + 1) * 1000
    and position <= :proven::bigint
) as e using (position)
where k.digest is distinct from e.digest and (k.position is null or k.position <= :proven::bigint)
order by 1
limit :limit::int;

-- name: FindChangedAnswers :many
-- Known idempotency records of some seconds that changed or are gone.
select
  k.key_id as "key_id!", k.second as "second!", k.digest::text as "expected!",
  audit.digest(concat_ws(' ', i.key_id, i.fingerprint, i.status, i.body))::text as "digest!",
  i.key_id is null as "is_gone!"
from (
  select second, known.key_id, known.digest
  from
    (
      select * from audit.answers
      where second > :after::timestamptz and second <= :last::timestamptz
    ) as a,
    unnest(key_ids, digests) as known (key_id, digest)
) as k
left join commit.idempotency_keys i using (key_id)
where
  case
    when k.digest = 0 then false
    when i.key_id is null then k.second > now() - interval '15 days'
    else k.digest <> audit.digest(concat_ws(' ', i.key_id, i.fingerprint, i.status, i.body))
  end;

-- name: ChangedAnswers :many
-- Each record of an idempotency key, against its digest of when a round has first seen it. Records
-- are kept for 15 days; the digest is zero while the answer is not stored.
select format('key %s: its record was %s', key_id, case when i.key_id is null then 'removed'
  else 'changed' end) as "violation!"
from audit.answers a
cross join lateral unnest(a.key_ids, a.digests) as known (key_id, digest)
left join commit.idempotency_keys i using (key_id)
where
  case
    when known.digest = 0 then false
    when i.key_id is null then a.second > now() - interval '15 days'
    else known.digest <> audit.digest(concat_ws(' ', i.key_id, i.fingerprint, i.status, i.body))
  end
limit :limit::int;

-- name: FindAnswersEnd :one
-- The end of the seconds after a time that together have some keys, and at least one second.
select
  last as "last?", keys as "keys!",
  not exists (select from audit.answers where second > last) as "is_end!"
from (
  select max(second) as last, coalesce(sum(keys), 0)::bigint as keys
  from (
    select second, keys, sum(keys) over (order by second) - keys as before
    from (
      select second, cardinality(key_ids) as keys
      from audit.answers
      where second > :after::timestamptz
      order by second
      limit :keys::int
    ) as next
  ) as counted
  where before < :keys::int
) as slice;

-- name: FindSalesEnd :one
-- The end of a run of recorded sales some positions later. `first` is the first run of the last 30
-- days, if the journal is older.
with live as (select build, position from journal.cursors where name = 'best-sellers')
select
  live.position as "cursor!",
  coalesce(
    (select max(position) from bestseller.sales s
    where s.build = live.build and position > :after and position <= :after + 5000),
    (select min(position) from bestseller.sales s
    where s.build = live.build and position > :after)
  ) as "end?",
  case when (select time from journal.events order by position limit 1) < now() - interval '30 days'
    then (select min(position) from bestseller.sales s
    where s.build = live.build and paid_at > now() - interval '30 days')
  end as "first?"
from live;

-- name: FindWrongSales :many
-- B1: the sales that a range of runs has recorded equal what its events change. Only the last 30
-- days: older sales are deleted.
with recorded as (
  select
    product_id, sum(units)::bigint as units, sum(revenue)::bigint as revenue,
    sum(orders)::bigint as orders
  from bestseller.sales
  where
    build = (select build from journal.cursors where name = 'best-sellers')
    and position > :after and position <= :upTo and paid_at > now() - interval '30 days'
  group by product_id
),
counted as (
  select
    product_id, sum(units)::bigint as units, sum(revenue)::bigint as revenue,
    sum(orders)::bigint as orders
  from bestseller.changes
  where position > :after and position <= :upTo and paid_at > now() - interval '30 days'
  group by product_id
)
select
  product_id as "product_id!",
  case when c.units is null then null else json_build_object(
    'units', c.units, 'revenue', c.revenue, 'orders', c.orders) end as "expected?",
  case when r.units is null then null else json_build_object(
    'units', r.units, 'revenue', r.revenue, 'orders', r.orders) end as "found?"
from recorded r full join counted c using (product_id)
where (r.units, r.revenue, r.orders) is distinct from (c.units, c.revenue, c.orders)
limit :limit::int;

-- name: CountDaySales :one
-- The recorded sales of a day, at most `limit`.
select count(*) as "sales!"
from (
  select
  from bestseller.sales
  where
    build = (select build from journal.cursors where name = 'best-sellers')
    and paid_at >= :day::timestamptz and paid_at < :day::timestamptz + interval '1 day'
  limit :limit::int
) as counted;

-- name: FindWrongDays :many
-- B1: each product's sum of a day equals the day's recorded sales.
with live as (select build from journal.cursors where name = 'best-sellers'),
summed as (
  select product_id, sum(units)::bigint as units, sum(revenue)::bigint as revenue,
    sum(orders)::bigint as orders
  from bestseller.sales
  where build = (select build from live) and paid_at >= :day::timestamptz
    and paid_at < :day::timestamptz + interval '1 day'
  group by product_id
),
days as (
  select product_id, units, revenue, orders
  from bestseller.days
  where build = (select build from live) and day = :day::timestamptz
)
select
  product_id as "product_id!",
  case when c.units is null then null else json_build_object(
    'units', c.units, 'revenue', c.revenue, 'orders', c.orders) end as "expected?",
  case when r.units is null then null else json_build_object(
    'units', r.units, 'revenue', r.revenue, 'orders', r.orders) end as "found?"
from days r full join summed c using (product_id)
where (r.units, r.revenue, r.orders) is distinct from (c.units, c.revenue, c.orders)
limit :limit::int;

-- name: FindPositionAt :one
-- A position near the first event at a time: times rise with positions, apart from the duration of a
-- transaction.
select coalesce(
  (select position from journal.events where time >= :time::timestamptz order by time limit 1),
  (select coalesce(max(position), 0) + 1 from journal.events)
) as "position!";

-- name: FindWrongQuarters :many
-- R1: the sums of some quarters of an hour equal a count over their events up to the report's
-- cursor, which are between two positions. The totals are under a product of zeros. No index is on
-- quarters, so the positions find the events.
with lines as (
  select
    date_bin('15 minutes', e.time, timestamptz '2000-01-01 00:00Z') as quarter, e.subject,
    e.type = 'order.paid.v1' as is_sale, i."productId" as product_id, i.quantity,
    coalesce(i."lineTotal", i.amount) as amount
  from journal.events e
  cross join lateral json_to_recordset(e.data -> 'items') as i (
    "productId" uuid, quantity bigint, "lineTotal" bigint, amount bigint
  )
  where
    e.position >= :first::bigint and e.position < :beyond::bigint
    and e.position <= (select position from journal.cursors where name = 'sales-report')
    and e.type in ('order.paid.v1', 'order.refunded.v1')
    and date_bin('15 minutes', e.time, timestamptz '2000-01-01 00:00Z') >= :from::timestamptz
    and date_bin('15 minutes', e.time, timestamptz '2000-01-01 00:00Z') < :to::timestamptz
),
counted as (
  select
    quarter, coalesce(product_id, '00000000-0000-0000-0000-000000000000') as product_id,
    concat_ws(
      ' ', count(distinct subject) filter (where is_sale),
      coalesce(sum(quantity) filter (where is_sale), 0),
      coalesce(sum(amount) filter (where is_sale), 0),
      coalesce(sum(quantity) filter (where not is_sale), 0),
      coalesce(sum(amount) filter (where not is_sale), 0)
    ) as figures
  from lines
  group by grouping sets ((quarter, product_id), (quarter))
),
recorded as (
  select
    quarter, '00000000-0000-0000-0000-000000000000'::uuid as product_id,
    concat_ws(' ', orders, units, gross, refunded_units, refunded) as figures
  from report.totals where quarter >= :from::timestamptz and quarter < :to::timestamptz
  union all
  select
    quarter, product_id, concat_ws(' ', orders, units, gross, refunded_units, refunded)
  from report.sales where quarter >= :from::timestamptz and quarter < :to::timestamptz
)
select
  quarter as "quarter!", product_id as "product_id!", c.figures as "expected?",
  r.figures as "found?"
from recorded r full join counted c using (quarter, product_id)
where r.figures is distinct from c.figures
limit :limit::int;

-- name: FindQuartersEnd :one
-- The next quarter of an hour in the report after some time, and the current one with its orders.
select
  current as "current!",
  coalesce((select orders from report.totals where quarter = current), 0) as "orders!",
  (select min(quarter) from report.totals where quarter > :after::timestamptz) as "next?"
from (select date_bin('15 minutes', now(), timestamptz '2000-01-01 00:00Z') as current) as clock;

-- name: FindScrubs :many
select part, after, visited, began_at, completed_at from audit.scrubs;

-- name: KeepScrubs :batch
insert into audit.scrubs (part, after, visited, began_at, completed_at)
select * from unnest(
  :part::text[], :after::text[], :visited::bigint[], :beganAt::timestamptz[],
  :completedAt?::timestamptz[]
)
on conflict (part) do update
set
  after = excluded.after, visited = excluded.visited, began_at = excluded.began_at,
  completed_at = excluded.completed_at;
