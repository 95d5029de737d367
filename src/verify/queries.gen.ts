// Generated from queries.sql by "npm run generate". Do not edit.
import { arrayOf, int8Element, textElement, uuidElement } from '../database/array.ts';
import { many, one, toBoolean, toSafeInteger } from '../database/statement.ts';

export interface FindServerVersionRow {
  readonly version: string;
}

export const findServerVersion = one<void, FindServerVersionRow>({
  name: 'verify.FindServerVersion',
  text: `select current_setting('server_version') as "version!"`,
  encode: () => [],
  decode: (r) => ({ version: r[0]! }),
});

export interface CutConnectionsRow {
  readonly ended: boolean;
}

/** Ends random connections of service processes to this database, and of no other. */
export const cutConnections = many<{ readonly count: number }, CutConnectionsRow>({
  name: 'verify.CutConnections',
  text: `select pg_terminate_backend(pid) as "ended!"
from (
  select pid
  from pg_stat_activity
  where
    datname = current_database() and usename = current_user
    and application_name in ('moa lane', 'moa reads', 'moa auditor', 'moa delivery')
  order by random()
  limit $1::int
) as victims`,
  encode: (params) => [params.count],
  decode: (r) => ({ ended: toBoolean(r[0]!) }),
});

export interface CountServiceConnectionsRow {
  readonly connections: number;
}

/** A killed process leaves connections on which PostgreSQL may still carry out what was sent. */
export const countServiceConnections = one<void, CountServiceConnectionsRow>({
  name: 'verify.CountServiceConnections',
  text: `select count(*) as "connections!"
from pg_stat_activity
where
  datname = current_database() and usename = current_user
  and application_name in ('moa lane', 'moa reads', 'moa auditor', 'moa delivery', 'moa migrate')`,
  encode: () => [],
  decode: (r) => ({ connections: toSafeInteger(r[0]!) }),
});

export type EndOtherConnectionsRow = CutConnectionsRow;

/** Only those of this role: the worker of an autovacuum may not be ended, and ends by itself. */
export const endOtherConnections = many<{ readonly database: string }, EndOtherConnectionsRow>({
  name: 'verify.EndOtherConnections',
  text: `select pg_terminate_backend(pid) as "ended!"
from pg_stat_activity
where
  datname = $1::text and usename = current_user and pid <> pg_backend_pid()
  and backend_type = 'client backend'`,
  encode: (params) => [params.database],
  decode: (r) => ({ ended: toBoolean(r[0]!) }),
});

export interface ReadWalletsRow {
  readonly userId: string;
  readonly balance: number;
  readonly entryCount: number;
  readonly entries: number;
  readonly funding: number;
  readonly sales: number;
}

/** Each wallet with its share of the platform's accounts, from one scan of the transfers. */
export const readWallets = many<void, ReadWalletsRow>({
  name: 'verify.ReadWallets',
  text: `select
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
order by w.user_id`,
  encode: () => [],
  decode: (r) => ({
    userId: r[0]!,
    balance: toSafeInteger(r[1]!),
    entryCount: toSafeInteger(r[2]!),
    entries: toSafeInteger(r[3]!),
    funding: toSafeInteger(r[4]!),
    sales: toSafeInteger(r[5]!),
  }),
});

export interface ReadNewTransfersRow {
  readonly userId: string;
  readonly number: number;
  readonly kind: string;
  readonly amount: number;
  readonly balanceAfter: number;
  readonly reference: string;
}

/** The transfers of each wallet after the last number that was read. */
export const readNewTransfers = many<{
  readonly userIds: readonly string[];
  readonly numbers: readonly number[];
}, ReadNewTransfersRow>({
  name: 'verify.ReadNewTransfers',
  text: `select t.user_id, t.number, t.kind, t.amount, t.balance_after, t.reference
from unnest($1::text[], $2::bigint[]) as seen (user_id, number)
join wallet.transfers t on t.user_id = seen.user_id and t.number > seen.number
order by t.user_id, t.number`,
  encode: (params) => [arrayOf(params.userIds, textElement), arrayOf(params.numbers, int8Element)],
  decode: (r) => ({
    userId: r[0]!,
    number: toSafeInteger(r[1]!),
    kind: r[2]!,
    amount: toSafeInteger(r[3]!),
    balanceAfter: toSafeInteger(r[4]!),
    reference: r[5]!,
  }),
});

export interface ReadOrdersRow {
  readonly orderId: string;
  readonly userId: string;
  readonly status: string;
  readonly total: number;
}

export const readOrders = many<{ readonly orderIds: readonly string[] }, ReadOrdersRow>({
  name: 'verify.ReadOrders',
  text: `select order_id, user_id, status, total
from orders.orders
where order_id = any($1::uuid[])`,
  encode: (params) => [arrayOf(params.orderIds, uuidElement)],
  decode: (r) => ({ orderId: r[0]!, userId: r[1]!, status: r[2]!, total: toSafeInteger(r[3]!) }),
});

export interface CountOrdersRow {
  readonly orders: number;
}

export const countOrders = one<void, CountOrdersRow>({
  name: 'verify.CountOrders',
  text: `select count(*) as "orders!" from orders.orders`,
  encode: () => [],
  decode: (r) => ({ orders: toSafeInteger(r[0]!) }),
});

export interface ReadStockRow {
  readonly productId: string;
  readonly onHand: number;
  readonly reserved: number;
}

export const readStock = many<void, ReadStockRow>({
  name: 'verify.ReadStock',
  text: `select product_id, on_hand, reserved from catalog.products`,
  encode: () => [],
  decode: (r) => ({
    productId: r[0]!,
    onHand: toSafeInteger(r[1]!),
    reserved: toSafeInteger(r[2]!),
  }),
});
