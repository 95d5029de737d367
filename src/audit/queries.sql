-- name: WeighEntries :one
-- W1: each entry times a weight of its transfer. If the entries of each transfer sum to zero, so
-- does this sum, whatever the weights are; if not, it is zero with a probability of 2^-63. It needs
-- no group for each transfer.
select coalesce(sum(amount * uuid_hash_extended(transfer_id, :seed::bigint)::numeric), 0)::text
  as "weight!"
from wallet.entries;

-- name: UnbalancedTransfers :many
-- W1: the entries of a transfer sum to zero.
select format('transfer %s sums to %s', transfer_id, sum(amount)) as "violation!"
from wallet.entries
group by transfer_id
having sum(amount) <> 0
limit :limit::int;

-- name: WrongBalances :many
-- W2: a wallet's balance equals the sum of its entries, entry by entry, and is never negative.
select format('wallet %s: balance %s, entries %s', w.user_id, w.balance, t.total) as "violation!"
from wallet.wallets w
left join lateral (
  select
    coalesce(sum(amount), 0) as total,
    count(*) as entries,
    coalesce(max(number), 0) as last,
    bool_and(balance_after = running) as follows
  from (
    select amount, number, balance_after, sum(amount) over (order by number) as running
    from wallet.transfers
    where user_id = w.user_id
  ) as entry
) as t on true
where
  w.balance <> t.total or w.balance < 0 or w.entry_count <> t.entries or w.entry_count <> t.last
  or not coalesce(t.follows, true)
limit :limit::int;

-- name: UnexplainedMoney :many
-- W3: money in = money in wallets + sales - refunds + withdrawals.
select format('%s came in, %s is accounted for', money_in, held + sold + paid_out) as "violation!"
from (
  select
    coalesce(sum(amount) filter (where kind = 'charge'), 0) as money_in,
    coalesce(-sum(amount) filter (where kind in ('payment', 'refund')), 0) as sold,
    coalesce(-sum(amount) filter (where kind = 'withdrawal'), 0) as paid_out,
    (select coalesce(sum(balance), 0) from wallet.wallets) as held
  from wallet.transfers
) as totals
where money_in <> held + sold + paid_out;

-- name: ImpossibleStock :many
-- S1: 0 <= reserved <= on hand.
select format('product %s: on hand %s, reserved %s', product_id, on_hand, reserved) as "violation!"
from catalog.products
where reserved < 0 or on_hand < reserved
limit :limit::int;

-- name: DoubledEffects :many
-- O3: one idempotency key, one effect: no charge, withdrawal or refund is in the journal twice. An
-- order's other steps happen once, because none may follow itself (O2).
select format('%s %s happened %s times', effect, type, count(*)) as "violation!"
from (
  select
    type,
    case type
      when 'order.refunded.v1' then data ->> 'refundId'
      when 'wallet.charged.v1' then data ->> 'chargeId'
      else data ->> 'withdrawalId'
    end as effect
  from journal.events
  where type in ('order.refunded.v1', 'wallet.charged.v1', 'wallet.withdrawn.v1')
) as effects
group by effect, type
having count(*) > 1
limit :limit::int;

-- name: UnreadEvents :many
-- J2: no subscriber has skipped a committed event.
with subscribers as (
  select 'cursor ' || name as subscriber, 0 as begin, position, events as read
  from journal.cursors
  union all
  select 'destination ' || destination_id, begin_position, position, seen
  from delivery.progress
)
select format(
  '%s at position %s: read %s events, there are %s', subscriber, position, read, events
) as "violation!"
from subscribers s
cross join lateral (
  select count(*) as events
  from journal.events e
  where e.position > s.begin and e.position <= s.position
) as journal
where read <> events
limit :limit::int;

-- name: CountRows :one
-- The numbers of rows that the journal must reproduce.
select
  (select count(*) from wallet.wallets) as "wallets!",
  (select count(*) from wallet.transfers) as "transfers!",
  (select count(*) from catalog.products) as "products!",
  (select count(*) from catalog.descriptions) as "descriptions!",
  (select count(*) from catalog.skus) as "skus!",
  (select count(*) from orders.orders) as "orders!",
  (select count(*) from orders.buyers) as "buyers!",
  (select count(*) from cart.carts) as "carts!";

-- name: FindWallets :many
select user_id, balance, entry_count, created_at, updated_at
from wallet.wallets
where user_id = any(:userIds::text[]);

-- name: FindTransfers :many
select user_id, number, transfer_id, kind, amount, balance_after, reference, created_at
from wallet.transfers
join unnest(:userIds::text[], :numbers::bigint[]) as k (user_id, number) using (user_id, number);

-- name: FindProducts :many
select product_id, name, sku, price, status, on_hand, reserved, created_at, updated_at
from catalog.products
where product_id = any(:productIds::uuid[]);

-- name: FindDescriptions :many
select product_id, description, image_url, metadata
from catalog.descriptions
where product_id = any(:productIds::uuid[]);

-- name: FindSkus :many
select sku_key, product_id
from catalog.skus
where sku_key = any(:skuKeys::text[]);

-- name: FindOrders :many
select
  order_id, user_id, status, lines::text as "lines!", total, refunded_total, created_at,
  expires_at, paid_at, metadata::text as "metadata?"
from orders.orders
where order_id = any(:orderIds::uuid[]);

-- name: FindTransferTexts :many
-- Each row as one text, as `texts` in stored.ts has it: most rows are equal, and one text is compared
-- faster than eight columns.
select concat_ws(
  ' ', user_id, number, transfer_id, kind, amount, balance_after, reference,
  (date_part('epoch', created_at) * 1000)::bigint
) as "text!"
from wallet.transfers
join unnest(:userIds::text[], :numbers::bigint[]) as k (user_id, number) using (user_id, number);

-- name: SumTransferDigests :one
-- The digests of all transfers, each of the text above. The sum is exact; it is compared modulo 2^64.
select
  count(*) as "count!",
  coalesce(sum(audit.digest(concat_ws(
    ' ', user_id, number, transfer_id, kind, amount, balance_after, reference,
    (date_part('epoch', created_at) * 1000)::bigint
  ))), 0)::text as "sum!"
from wallet.transfers;

-- name: FindOrderTexts :many
select concat_ws(
  ' ', order_id, user_id, status, total, refunded_total,
  (date_part('epoch', created_at) * 1000)::bigint,
  coalesce((date_part('epoch', expires_at) * 1000)::bigint, -1),
  coalesce((date_part('epoch', paid_at) * 1000)::bigint, -1), lines, metadata
) as "text!"
from orders.orders
where order_id = any(:orderIds::uuid[]);

-- name: FindBuyers :many
select user_id, pending_orders from orders.buyers where user_id = any(:userIds::text[]);

-- name: FindCarts :many
select user_id, version, lines from cart.carts where user_id = any(:userIds::text[]);

-- name: ExportSnapshot :one
select pg_export_snapshot() as "snapshot!";

-- name: FindJournalEnd :one
select coalesce(max(position), 0) as "end!" from journal.events;

-- name: ReadEvents :many
-- The time in milliseconds: it is read faster than a date.
select
  position, event_id, type, subject, (date_part('epoch', time) * 1000)::bigint as "time_ms!", data
from journal.events
where position > :after::bigint
order by position
limit :limit::int;

-- name: ReadAt :many
select position, event_id, type, subject, time, data
from journal.events
where position = any(:positions::bigint[])
order by position;

-- name: FindKept :many
select table_name, key, row, position
from audit.rows
join unnest(:tableNames::text[], :keys::text[]) as k (table_name, key) using (table_name, key);

-- name: FindKeptOrders :many
select order_id, positions from audit.orders where order_id = any(:orderIds::uuid[]);
