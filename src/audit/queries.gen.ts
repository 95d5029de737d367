// Generated from queries.sql by "npm run generate". Do not edit.
import { arrayOf, int8Element, textElement, uuidElement } from '../database/array.ts';
import { many, one, toArray, toDate, toJson, toSafeInteger } from '../database/statement.ts';

export interface WeighEntriesRow {
  readonly weight: string;
}

/**
 * W1: each entry times a weight of its transfer. If the entries of each transfer sum to zero, so
 * does this sum, whatever the weights are; if not, it is zero with a probability of 2^-63. It needs
 * no group for each transfer.
 */
export const weighEntries = one<{ readonly seed: number }, WeighEntriesRow>({
  name: 'audit.WeighEntries',
  text: `select coalesce(sum(amount * uuid_hash_extended(transfer_id, $1::bigint)::numeric), 0)::text
  as "weight!"
from wallet.entries`,
  encode: (params) => [params.seed],
  decode: (r) => ({ weight: r[0]! }),
});

export interface UnbalancedTransfersRow {
  readonly violation: string;
}

/** W1: the entries of a transfer sum to zero. */
export const unbalancedTransfers = many<{ readonly limit: number }, UnbalancedTransfersRow>({
  name: 'audit.UnbalancedTransfers',
  text: `select format('transfer %s sums to %s', transfer_id, sum(amount)) as "violation!"
from wallet.entries
group by transfer_id
having sum(amount) <> 0
limit $1::int`,
  encode: (params) => [params.limit],
  decode: (r) => ({ violation: r[0]! }),
});

export type WrongBalancesRow = UnbalancedTransfersRow;

/** W2: a wallet's balance equals the sum of its entries, entry by entry, and is never negative. */
export const wrongBalances = many<{ readonly limit: number }, WrongBalancesRow>({
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
  encode: (params) => [params.limit],
  decode: (r) => ({ violation: r[0]! }),
});

export type UnexplainedMoneyRow = UnbalancedTransfersRow;

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

export type ImpossibleStockRow = UnbalancedTransfersRow;

/** S1: 0 <= reserved <= on hand. */
export const impossibleStock = many<{ readonly limit: number }, ImpossibleStockRow>({
  name: 'audit.ImpossibleStock',
  text: `select format('product %s: on hand %s, reserved %s', product_id, on_hand, reserved) as "violation!"
from catalog.products
where reserved < 0 or on_hand < reserved
limit $1::int`,
  encode: (params) => [params.limit],
  decode: (r) => ({ violation: r[0]! }),
});

export type DoubledEffectsRow = UnbalancedTransfersRow;

/**
 * O3: one idempotency key, one effect: no charge, withdrawal or refund is in the journal twice. An
 * order's other steps happen once, because none may follow itself (O2).
 */
export const doubledEffects = many<{ readonly limit: number }, DoubledEffectsRow>({
  name: 'audit.DoubledEffects',
  text: `select format('%s %s happened %s times', effect, type, count(*)) as "violation!"
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
limit $1::int`,
  encode: (params) => [params.limit],
  decode: (r) => ({ violation: r[0]! }),
});

export type UnreadEventsRow = UnbalancedTransfersRow;

/** J2: no subscriber has skipped a committed event. */
export const unreadEvents = many<{ readonly limit: number }, UnreadEventsRow>({
  name: 'audit.UnreadEvents',
  text: `with subscribers as (
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
limit $1::int`,
  encode: (params) => [params.limit],
  decode: (r) => ({ violation: r[0]! }),
});

export interface CountRowsRow {
  readonly wallets: number;
  readonly transfers: number;
  readonly products: number;
  readonly descriptions: number;
  readonly skus: number;
  readonly orders: number;
  readonly buyers: number;
  readonly carts: number;
}

/** The numbers of rows that the journal must reproduce. */
export const countRows = one<void, CountRowsRow>({
  name: 'audit.CountRows',
  text: `select
  (select count(*) from wallet.wallets) as "wallets!",
  (select count(*) from wallet.transfers) as "transfers!",
  (select count(*) from catalog.products) as "products!",
  (select count(*) from catalog.descriptions) as "descriptions!",
  (select count(*) from catalog.skus) as "skus!",
  (select count(*) from orders.orders) as "orders!",
  (select count(*) from orders.buyers) as "buyers!",
  (select count(*) from cart.carts) as "carts!"`,
  encode: () => [],
  decode: (r) => ({
    wallets: toSafeInteger(r[0]!),
    transfers: toSafeInteger(r[1]!),
    products: toSafeInteger(r[2]!),
    descriptions: toSafeInteger(r[3]!),
    skus: toSafeInteger(r[4]!),
    orders: toSafeInteger(r[5]!),
    buyers: toSafeInteger(r[6]!),
    carts: toSafeInteger(r[7]!),
  }),
});

export interface FindWalletsRow {
  readonly userId: string;
  readonly balance: number;
  readonly entryCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const findWallets = many<{ readonly userIds: readonly string[] }, FindWalletsRow>({
  name: 'audit.FindWallets',
  text: `select user_id, balance, entry_count, created_at, updated_at
from wallet.wallets
where user_id = any($1::text[])`,
  encode: (params) => [arrayOf(params.userIds, textElement)],
  decode: (r) => ({
    userId: r[0]!,
    balance: toSafeInteger(r[1]!),
    entryCount: toSafeInteger(r[2]!),
    createdAt: toDate(r[3]!),
    updatedAt: toDate(r[4]!),
  }),
});

export interface FindTransfersRow {
  readonly userId: string;
  readonly number: number;
  readonly transferId: string;
  readonly kind: string;
  readonly amount: number;
  readonly balanceAfter: number;
  readonly reference: string;
  readonly createdAt: Date;
}

export const findTransfers = many<{
  readonly userIds: readonly string[];
  readonly numbers: readonly number[];
}, FindTransfersRow>({
  name: 'audit.FindTransfers',
  text: `select user_id, number, transfer_id, kind, amount, balance_after, reference, created_at
from wallet.transfers
join unnest($1::text[], $2::bigint[]) as k (user_id, number) using (user_id, number)`,
  encode: (params) => [arrayOf(params.userIds, textElement), arrayOf(params.numbers, int8Element)],
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

export interface FindProductsRow {
  readonly productId: string;
  readonly name: string;
  readonly sku: string | null;
  readonly price: number;
  readonly status: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const findProducts = many<{ readonly productIds: readonly string[] }, FindProductsRow>({
  name: 'audit.FindProducts',
  text: `select product_id, name, sku, price, status, on_hand, reserved, created_at, updated_at
from catalog.products
where product_id = any($1::uuid[])`,
  encode: (params) => [arrayOf(params.productIds, uuidElement)],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    sku: r[2] ?? null,
    price: toSafeInteger(r[3]!),
    status: r[4]!,
    onHand: toSafeInteger(r[5]!),
    reserved: toSafeInteger(r[6]!),
    createdAt: toDate(r[7]!),
    updatedAt: toDate(r[8]!),
  }),
});

export interface FindDescriptionsRow {
  readonly productId: string;
  readonly description: string;
  readonly imageUrl: string | null;
  readonly metadata: unknown;
}

export const findDescriptions = many<{
  readonly productIds: readonly string[];
}, FindDescriptionsRow>({
  name: 'audit.FindDescriptions',
  text: `select product_id, description, image_url, metadata
from catalog.descriptions
where product_id = any($1::uuid[])`,
  encode: (params) => [arrayOf(params.productIds, uuidElement)],
  decode: (r) => ({
    productId: r[0]!,
    description: r[1]!,
    imageUrl: r[2] ?? null,
    metadata: toJson(r[3]!),
  }),
});

export interface FindSkusRow {
  readonly skuKey: string;
  readonly productId: string | null;
}

export const findSkus = many<{ readonly skuKeys: readonly string[] }, FindSkusRow>({
  name: 'audit.FindSkus',
  text: `select sku_key, product_id
from catalog.skus
where sku_key = any($1::text[])`,
  encode: (params) => [arrayOf(params.skuKeys, textElement)],
  decode: (r) => ({ skuKey: r[0]!, productId: r[1] ?? null }),
});

export interface FindOrdersRow {
  readonly orderId: string;
  readonly userId: string;
  readonly status: string;
  readonly lines: string;
  readonly total: number;
  readonly refundedTotal: number;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly paidAt: Date | null;
  readonly metadata: string | null;
}

export const findOrders = many<{ readonly orderIds: readonly string[] }, FindOrdersRow>({
  name: 'audit.FindOrders',
  text: `select
  order_id, user_id, status, lines::text as "lines!", total, refunded_total, created_at,
  expires_at, paid_at, metadata::text as "metadata?"
from orders.orders
where order_id = any($1::uuid[])`,
  encode: (params) => [arrayOf(params.orderIds, uuidElement)],
  decode: (r) => ({
    orderId: r[0]!,
    userId: r[1]!,
    status: r[2]!,
    lines: r[3]!,
    total: toSafeInteger(r[4]!),
    refundedTotal: toSafeInteger(r[5]!),
    createdAt: toDate(r[6]!),
    expiresAt: r[7] === null ? null : toDate(r[7]!),
    paidAt: r[8] === null ? null : toDate(r[8]!),
    metadata: r[9] ?? null,
  }),
});

export interface FindTransferTextsRow {
  readonly text: string;
}

/**
 * Each row as one text, as `texts` in stored.ts has it: most rows are equal, and one text is compared
 * faster than eight columns.
 */
export const findTransferTexts = many<{
  readonly userIds: readonly string[];
  readonly numbers: readonly number[];
}, FindTransferTextsRow>({
  name: 'audit.FindTransferTexts',
  text: `select concat_ws(
  ' ', user_id, number, transfer_id, kind, amount, balance_after, reference,
  (date_part('epoch', created_at) * 1000)::bigint
) as "text!"
from wallet.transfers
join unnest($1::text[], $2::bigint[]) as k (user_id, number) using (user_id, number)`,
  encode: (params) => [arrayOf(params.userIds, textElement), arrayOf(params.numbers, int8Element)],
  decode: (r) => ({ text: r[0]! }),
});

export interface SumTransferDigestsRow {
  readonly count: number;
  readonly sum: string;
}

/**
 * The digests of all transfers, each of the text above. The sum is exact; it is compared modulo 2^64.
 */
export const sumTransferDigests = one<void, SumTransferDigestsRow>({
  name: 'audit.SumTransferDigests',
  text: `select
  count(*) as "count!",
  coalesce(sum(audit.digest(concat_ws(
    ' ', user_id, number, transfer_id, kind, amount, balance_after, reference,
    (date_part('epoch', created_at) * 1000)::bigint
  ))), 0)::text as "sum!"
from wallet.transfers`,
  encode: () => [],
  decode: (r) => ({ count: toSafeInteger(r[0]!), sum: r[1]! }),
});

export type FindOrderTextsRow = FindTransferTextsRow;

export const findOrderTexts = many<{ readonly orderIds: readonly string[] }, FindOrderTextsRow>({
  name: 'audit.FindOrderTexts',
  text: `select concat_ws(
  ' ', order_id, user_id, status, total, refunded_total,
  (date_part('epoch', created_at) * 1000)::bigint,
  coalesce((date_part('epoch', expires_at) * 1000)::bigint, -1),
  coalesce((date_part('epoch', paid_at) * 1000)::bigint, -1), lines, metadata
) as "text!"
from orders.orders
where order_id = any($1::uuid[])`,
  encode: (params) => [arrayOf(params.orderIds, uuidElement)],
  decode: (r) => ({ text: r[0]! }),
});

export interface FindBuyersRow {
  readonly userId: string;
  readonly pendingOrders: number;
}

export const findBuyers = many<{ readonly userIds: readonly string[] }, FindBuyersRow>({
  name: 'audit.FindBuyers',
  text: `select user_id, pending_orders from orders.buyers where user_id = any($1::text[])`,
  encode: (params) => [arrayOf(params.userIds, textElement)],
  decode: (r) => ({ userId: r[0]!, pendingOrders: Number(r[1]!) }),
});

export interface FindCartsRow {
  readonly userId: string;
  readonly version: number;
  readonly lines: unknown;
}

export const findCarts = many<{ readonly userIds: readonly string[] }, FindCartsRow>({
  name: 'audit.FindCarts',
  text: `select user_id, version, lines from cart.carts where user_id = any($1::text[])`,
  encode: (params) => [arrayOf(params.userIds, textElement)],
  decode: (r) => ({ userId: r[0]!, version: toSafeInteger(r[1]!), lines: toJson(r[2]!) }),
});

export interface ExportSnapshotRow {
  readonly snapshot: string;
}

export const exportSnapshot = one<void, ExportSnapshotRow>({
  name: 'audit.ExportSnapshot',
  text: `select pg_export_snapshot() as "snapshot!"`,
  encode: () => [],
  decode: (r) => ({ snapshot: r[0]! }),
});

export interface FindJournalEndRow {
  readonly end: number;
}

export const findJournalEnd = one<void, FindJournalEndRow>({
  name: 'audit.FindJournalEnd',
  text: `select coalesce(max(position), 0) as "end!" from journal.events`,
  encode: () => [],
  decode: (r) => ({ end: toSafeInteger(r[0]!) }),
});

export interface ReadEventsRow {
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly timeMs: number;
  readonly data: unknown;
}

/** The time in milliseconds: it is read faster than a date. */
export const readEvents = many<{ readonly after: number; readonly limit: number }, ReadEventsRow>({
  name: 'audit.ReadEvents',
  text: `select
  position, event_id, type, subject, (date_part('epoch', time) * 1000)::bigint as "time_ms!", data
from journal.events
where position > $1::bigint
order by position
limit $2::int`,
  encode: (params) => [params.after, params.limit],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    subject: r[3]!,
    timeMs: toSafeInteger(r[4]!),
    data: toJson(r[5]!),
  }),
});

export interface ReadAtRow {
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  readonly data: unknown;
}

export const readAt = many<{ readonly positions: readonly number[] }, ReadAtRow>({
  name: 'audit.ReadAt',
  text: `select position, event_id, type, subject, time, data
from journal.events
where position = any($1::bigint[])
order by position`,
  encode: (params) => [arrayOf(params.positions, int8Element)],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    type: r[2]!,
    subject: r[3]!,
    time: toDate(r[4]!),
    data: toJson(r[5]!),
  }),
});

export interface FindKeptRow {
  readonly tableName: string;
  readonly key: string;
  readonly row: unknown;
  readonly position: number;
}

export const findKept = many<{
  readonly tableNames: readonly string[];
  readonly keys: readonly string[];
}, FindKeptRow>({
  name: 'audit.FindKept',
  text: `select table_name, key, row, position
from audit.rows
join unnest($1::text[], $2::text[]) as k (table_name, key) using (table_name, key)`,
  encode: (params) => [arrayOf(params.tableNames, textElement), arrayOf(params.keys, textElement)],
  decode: (r) => ({
    tableName: r[0]!,
    key: r[1]!,
    row: toJson(r[2]!),
    position: toSafeInteger(r[3]!),
  }),
});

export interface FindKeptOrdersRow {
  readonly orderId: string;
  readonly positions: readonly number[];
}

export const findKeptOrders = many<{ readonly orderIds: readonly string[] }, FindKeptOrdersRow>({
  name: 'audit.FindKeptOrders',
  text: `select order_id, positions from audit.orders where order_id = any($1::uuid[])`,
  encode: (params) => [arrayOf(params.orderIds, uuidElement)],
  decode: (r) => ({ orderId: r[0]!, positions: toArray(r[1]!, toSafeInteger) }),
});
