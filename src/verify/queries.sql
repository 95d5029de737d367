-- name: FindServerVersion :one
select current_setting('server_version') as "version!";

-- name: CutConnections :many
-- Ends random connections of service processes to this database, and of no other.
select pg_terminate_backend(pid) as "ended!"
from (
  select pid
  from pg_stat_activity
  where
    datname = current_database() and usename = current_user
    and application_name in ('moa lane', 'moa reads', 'moa auditor', 'moa delivery')
  order by random()
  limit :count::int
) as victims;

-- name: CountServiceConnections :one
-- A killed process leaves connections on which PostgreSQL may still carry out what was sent.
select count(*) as "connections!"
from pg_stat_activity
where
  datname = current_database() and usename = current_user
  and application_name in ('moa lane', 'moa reads', 'moa auditor', 'moa delivery', 'moa migrate');

-- name: EndOtherConnections :many
-- Only those of this role: the worker of an autovacuum may not be ended, and ends by itself.
select pg_terminate_backend(pid) as "ended!"
from pg_stat_activity
where
  datname = :database::text and usename = current_user and pid <> pg_backend_pid()
  and backend_type = 'client backend';

-- name: ReadWallets :many
-- Each wallet with its share of the platform's accounts, from one scan of the transfers.
select
  w.user_id, w.balance, w.entry_count,
  coalesce(t.entries, 0) as "entries!", coalesce(t.funding, 0)::bigint as "funding!",
  coalesce(t.sales, 0)::bigint as "sales!"
from wallet.wallets w
left join (
  select
    user_id, count(*) as entries,
    -sum(amount) filter (where kind in ('charge', 'withdrawal')) as funding,
    -sum(amount) filter (where kind in ('payment', 'refund')) as sales
  from wallet.transfers
  group by user_id
) as t using (user_id)
order by w.user_id;

-- name: ReadNewTransfers :many
-- The transfers of each wallet after the last number that was read.
select t.user_id, t.number, t.kind, t.amount, t.balance_after, t.reference
from unnest(:userIds::text[], :numbers::bigint[]) as seen (user_id, number)
join wallet.transfers t on t.user_id = seen.user_id and t.number > seen.number
order by t.user_id, t.number;

-- name: ReadOrders :many
select order_id, user_id, status, total
from orders.orders
where order_id = any(:orderIds::uuid[]);

-- name: CountOrders :one
select count(*) as "orders!" from orders.orders;

-- name: ReadStock :many
select product_id, on_hand, reserved from catalog.products;
