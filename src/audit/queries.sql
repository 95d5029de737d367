-- name: UnbalancedTransfers :many
-- W1: the entries of a transfer sum to zero.
select format('transfer %s sums to %s', transfer_id, sum(amount)) as "violation!"
from wallet.entries
group by transfer_id
having sum(amount) <> 0
limit :most::int;

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
limit :most::int;

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
limit :most::int;

-- name: UnexplainedStock :many
-- S2: on hand = initial + adjustments - sold.
select format(
  'product %s: on hand %s, explained %s', p.product_id, p.on_hand, j.moved - coalesce(s.sold, 0)
) as "violation!"
from catalog.products p
join (
  select
    subject::uuid as product_id,
    sum(coalesce((data ->> 'delta')::bigint, (data ->> 'stock')::bigint)) as moved
  from journal.events
  where type in ('product.created.v1', 'stock.adjusted.v1')
  group by subject
) as j using (product_id)
left join (
  select product_id, sum(quantity) as sold
  from orders.lines join orders.orders using (order_id)
  where status in ('paid', 'refunded')
  group by product_id
) as s using (product_id)
where p.on_hand <> j.moved - coalesce(s.sold, 0)
limit :most::int;

-- name: UnexplainedReservations :many
-- S3: reserved = the quantities on pending orders.
select format('product %s: reserved %s, pending %s', p.product_id, p.reserved, l.pending)
  as "violation!"
from catalog.products p
left join lateral (
  select coalesce(sum(quantity), 0) as pending
  from orders.lines join orders.orders using (order_id)
  where product_id = p.product_id and status = 'pending'
) as l on p.reserved > 0
where p.reserved <> coalesce(l.pending, 0)
limit :most::int;

-- name: WrongPayments :many
-- O1: a paid order has exactly one payment of its total, and its lines add up to it.
select format('order %s of %s: paid %s in %s payments', order_id, total, paid, payments)
  as "violation!"
from orders.orders o
full join (
  select reference as order_id, count(*) as payments, -sum(amount) as paid
  from wallet.transfers
  where kind = 'payment'
  group by reference
) as t using (order_id)
left join (
  select order_id, sum(quantity * unit_price) as lines from orders.lines group by order_id
) as l using (order_id)
where
  (coalesce(o.status, '') in ('paid', 'refunded')) <> (t.payments is not null)
  or t.payments <> 1 or t.paid <> o.total or o.total is distinct from l.lines
limit :most::int;

-- name: DoubledEffects :many
-- O3: one idempotency key, one effect: no order, charge or withdrawal is in the journal twice.
select format('%s happened %s times', effect, count(*)) as "violation!"
from (
  select coalesce(
    data ->> 'orderId', data ->> 'chargeId', data ->> 'withdrawalId'
  ) || ' ' || type as effect
  from journal.events
  where type in ('order.paid.v1', 'wallet.charged.v1', 'wallet.withdrawn.v1')
) as effects
group by effect
having count(*) > 1
limit :most::int;

-- name: AllWallets :many
select user_id, balance, entry_count, created_at, updated_at from wallet.wallets;

-- name: AllTransfers :many
select user_id, number, transfer_id, kind, amount, balance_after, reference, created_at
from wallet.transfers;

-- name: AllProducts :many
select product_id, name, price, status, on_hand, reserved, created_at, updated_at
from catalog.products;

-- name: AllDescriptions :many
select product_id, description, image_url from catalog.descriptions;

-- name: AllOrders :many
select order_id, user_id, status, total, refunded_total, created_at, expires_at, paid_at
from orders.orders;

-- name: AllLines :many
select order_id, line, product_id, name, quantity, unit_price, refunded_quantity from orders.lines;

-- name: AllEvents :many
select position, event_id, type, subject, time, data from journal.events order by position;
