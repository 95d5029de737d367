// Generated from queries.sql by "npm run generate". Do not edit.
import { many, toDate, toJson, toSafeInteger } from '../database/statement.ts';

export interface UnbalancedTransfersRow {
  readonly violation: string;
}

/** W1: the entries of a transfer sum to zero. */
export const unbalancedTransfers = many<{ readonly most: number }, UnbalancedTransfersRow>({
  name: 'audit.UnbalancedTransfers',
  text: `select format('transfer %s sums to %s', transfer_id, sum(amount)) as "violation!"
from wallet.entries
group by transfer_id
having sum(amount) <> 0
limit $1::int`,
  encode: (params) => [params.most],
  decode: (r) => ({ violation: r[0]! }),
});

export interface WrongBalancesRow {
  readonly violation: string;
}

/** W2: a wallet's balance equals the sum of its entries, entry by entry, and is never negative. */
export const wrongBalances = many<{ readonly most: number }, WrongBalancesRow>({
  name: 'audit.WrongBalances',
  text: `select format('wallet %s: balance %s, entries %s', w.user_id, w.balance, t.total) as "violation!"
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
limit $1::int`,
  encode: (params) => [params.most],
  decode: (r) => ({ violation: r[0]! }),
});

export interface UnexplainedMoneyRow {
  readonly violation: string;
}

/** W3: money in = money in wallets + sales - refunds + withdrawals. */
export const unexplainedMoney = many<void, UnexplainedMoneyRow>({
  name: 'audit.UnexplainedMoney',
  text: `select format('%s came in, %s is accounted for', money_in, held + sold + paid_out) as "violation!"
from (
  select
    coalesce(sum(amount) filter (where kind = 'charge'), 0) as money_in,
    coalesce(-sum(amount) filter (where kind in ('payment', 'refund')), 0) as sold,
    coalesce(-sum(amount) filter (where kind = 'withdrawal'), 0) as paid_out,
    (select coalesce(sum(balance), 0) from wallet.wallets) as held
  from wallet.transfers
) as totals
where money_in <> held + sold + paid_out`,
  encode: () => [],
  decode: (r) => ({ violation: r[0]! }),
});

export interface ImpossibleStockRow {
  readonly violation: string;
}

/** S1: 0 <= reserved <= on hand. */
export const impossibleStock = many<{ readonly most: number }, ImpossibleStockRow>({
  name: 'audit.ImpossibleStock',
  text: `select format('product %s: on hand %s, reserved %s', product_id, on_hand, reserved) as "violation!"
from catalog.products
where reserved < 0 or on_hand < reserved
limit $1::int`,
  encode: (params) => [params.most],
  decode: (r) => ({ violation: r[0]! }),
});

export interface UnexplainedStockRow {
  readonly violation: string;
}

/** S2: on hand = initial + adjustments - sold. */
export const unexplainedStock = many<{ readonly most: number }, UnexplainedStockRow>({
  name: 'audit.UnexplainedStock',
  text: `select format(
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
limit $1::int`,
  encode: (params) => [params.most],
  decode: (r) => ({ violation: r[0]! }),
});

export interface UnexplainedReservationsRow {
  readonly violation: string;
}

/** S3: reserved = the quantities on pending orders. */
export const unexplainedReservations = many<{ readonly most: number }, UnexplainedReservationsRow>({
  name: 'audit.UnexplainedReservations',
  text: `select format('product %s: reserved %s, pending %s', p.product_id, p.reserved, l.pending)
  as "violation!"
from catalog.products p
left join lateral (
  select coalesce(sum(quantity), 0) as pending
  from orders.lines join orders.orders using (order_id)
  where product_id = p.product_id and status = 'pending'
) as l on p.reserved > 0
where p.reserved <> coalesce(l.pending, 0)
limit $1::int`,
  encode: (params) => [params.most],
  decode: (r) => ({ violation: r[0]! }),
});

export interface WrongPaymentsRow {
  readonly violation: string;
}

/** O1: a paid order has exactly one payment of its total, and its lines add up to it. */
export const wrongPayments = many<{ readonly most: number }, WrongPaymentsRow>({
  name: 'audit.WrongPayments',
  text: `select format('order %s of %s: paid %s in %s payments', order_id, total, paid, payments)
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
limit $1::int`,
  encode: (params) => [params.most],
  decode: (r) => ({ violation: r[0]! }),
});

export interface DoubledEffectsRow {
  readonly violation: string;
}

/** O3: one idempotency key, one effect: no order, charge or withdrawal is in the journal twice. */
export const doubledEffects = many<{ readonly most: number }, DoubledEffectsRow>({
  name: 'audit.DoubledEffects',
  text: `select format('%s happened %s times', effect, count(*)) as "violation!"
from (
  select coalesce(
    data ->> 'orderId', data ->> 'chargeId', data ->> 'withdrawalId'
  ) || ' ' || type as effect
  from journal.events
  where type in ('order.paid.v1', 'wallet.charged.v1', 'wallet.withdrawn.v1')
) as effects
group by effect
having count(*) > 1
limit $1::int`,
  encode: (params) => [params.most],
  decode: (r) => ({ violation: r[0]! }),
});

export interface AllWalletsRow {
  readonly userId: string;
  readonly balance: number;
  readonly entryCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const allWallets = many<void, AllWalletsRow>({
  name: 'audit.AllWallets',
  text: `select user_id, balance, entry_count, created_at, updated_at from wallet.wallets`,
  encode: () => [],
  decode: (r) => ({
    userId: r[0]!,
    balance: toSafeInteger(r[1]!),
    entryCount: toSafeInteger(r[2]!),
    createdAt: toDate(r[3]!),
    updatedAt: toDate(r[4]!),
  }),
});

export interface AllTransfersRow {
  readonly userId: string;
  readonly number: number;
  readonly transferId: string;
  readonly kind: string;
  readonly amount: number;
  readonly balanceAfter: number;
  readonly reference: string;
  readonly createdAt: Date;
}

export const allTransfers = many<void, AllTransfersRow>({
  name: 'audit.AllTransfers',
  text: `select user_id, number, transfer_id, kind, amount, balance_after, reference, created_at
from wallet.transfers`,
  encode: () => [],
  decode: (r) => ({
    userId: r[0]!,
    number: toSafeInteger(r[1]!),
    transferId: r[2]!,
    kind: r[3]!,
    amount: toSafeInteger(r[4]!),
    balanceAfter: toSafeInteger(r[5]!),
    reference: r[6]!,
    createdAt: toDate(r[7]!),
  }),
});

export interface AllProductsRow {
  readonly productId: string;
  readonly name: string;
  readonly price: number;
  readonly status: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const allProducts = many<void, AllProductsRow>({
  name: 'audit.AllProducts',
  text: `select product_id, name, price, status, on_hand, reserved, created_at, updated_at
from catalog.products`,
  encode: () => [],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    price: toSafeInteger(r[2]!),
    status: r[3]!,
    onHand: toSafeInteger(r[4]!),
    reserved: toSafeInteger(r[5]!),
    createdAt: toDate(r[6]!),
    updatedAt: toDate(r[7]!),
  }),
});

export interface AllDescriptionsRow {
  readonly productId: string;
  readonly description: string;
  readonly imageUrl: string | null;
}

export const allDescriptions = many<void, AllDescriptionsRow>({
  name: 'audit.AllDescriptions',
  text: `select product_id, description, image_url from catalog.descriptions`,
  encode: () => [],
  decode: (r) => ({ productId: r[0]!, description: r[1]!, imageUrl: r[2] ?? null }),
});

export interface AllOrdersRow {
  readonly orderId: string;
  readonly userId: string;
  readonly status: string;
  readonly total: number;
  readonly refundedTotal: number;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly paidAt: Date | null;
}

export const allOrders = many<void, AllOrdersRow>({
  name: 'audit.AllOrders',
  text: `select order_id, user_id, status, total, refunded_total, created_at, expires_at, paid_at
from orders.orders`,
  encode: () => [],
  decode: (r) => ({
    orderId: r[0]!,
    userId: r[1]!,
    status: r[2]!,
    total: toSafeInteger(r[3]!),
    refundedTotal: toSafeInteger(r[4]!),
    createdAt: toDate(r[5]!),
    expiresAt: r[6] === null ? null : toDate(r[6]!),
    paidAt: r[7] === null ? null : toDate(r[7]!),
  }),
});

export interface AllLinesRow {
  readonly orderId: string;
  readonly line: number;
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly refundedQuantity: number;
}

export const allLines = many<void, AllLinesRow>({
  name: 'audit.AllLines',
  text: `select order_id, line, product_id, name, quantity, unit_price, refunded_quantity from orders.lines`,
  encode: () => [],
  decode: (r) => ({
    orderId: r[0]!,
    line: Number(r[1]!),
    productId: r[2]!,
    name: r[3]!,
    quantity: toSafeInteger(r[4]!),
    unitPrice: toSafeInteger(r[5]!),
    refundedQuantity: toSafeInteger(r[6]!),
  }),
});

export interface AllEventsRow {
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  readonly data: unknown;
}

export const allEvents = many<void, AllEventsRow>({
  name: 'audit.AllEvents',
  text: `select position, event_id, type, subject, time, data from journal.events order by position`,
  encode: () => [],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    subject: r[3]!,
    time: toDate(r[4]!),
    data: toJson(r[5]!),
  }),
});
