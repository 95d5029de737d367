// Generated from queries.sql by "npm run generate". Do not edit.
import {
  arrayOf,
  column,
  int8Element,
  textElement,
  timeElement,
  uuidElement,
} from '../database/array.ts';
import { batch, many, one, toDate, toSafeInteger } from '../database/statement.ts';

export interface LockWalletsRow {
  readonly userId: string;
  readonly balance: number;
  readonly entryCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * In key order, so that batches cannot deadlock. `no key update` is the weakest lock that suffices.
 */
export const lockWallets = many<{ readonly userIds: readonly string[] }, LockWalletsRow>({
  name: 'wallet.LockWallets',
  text: `select user_id, balance, entry_count, created_at, updated_at
from wallet.wallets
where user_id = any($1::text[])
order by user_id
for no key update`,
  encode: (params) => [arrayOf(params.userIds, textElement)],
  decode: (r) => ({
    userId: r[0]!,
    balance: toSafeInteger(r[1]!),
    entryCount: toSafeInteger(r[2]!),
    createdAt: toDate(r[3]!),
    updatedAt: toDate(r[4]!),
  }),
});

export const insertWallets = batch<{
  readonly userId: string;
  readonly balance: number;
  readonly entryCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}>({
  name: 'wallet.InsertWallets',
  text: `insert into wallet.wallets (user_id, balance, entry_count, created_at, updated_at)
select * from unnest(
  $1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[],
  $5::timestamptz[]
)`,
  encode: (rows) => [
    column(rows, (row) => row.userId, textElement),
    column(rows, (row) => row.balance, int8Element),
    column(rows, (row) => row.entryCount, int8Element),
    column(rows, (row) => row.createdAt, timeElement),
    column(rows, (row) => row.updatedAt, timeElement),
  ],
});

export const updateWallets = batch<{
  readonly userId: string;
  readonly balance: number;
  readonly entryCount: number;
  readonly updatedAt: Date;
}>({
  name: 'wallet.UpdateWallets',
  text: `update wallet.wallets w
set balance = c.balance, entry_count = c.entry_count, updated_at = c.updated_at
from unnest(
  $1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[]
) as c (user_id, balance, entry_count, updated_at)
where w.user_id = c.user_id`,
  encode: (rows) => [
    column(rows, (row) => row.userId, textElement),
    column(rows, (row) => row.balance, int8Element),
    column(rows, (row) => row.entryCount, int8Element),
    column(rows, (row) => row.updatedAt, timeElement),
  ],
});

export const insertTransfers = batch<{
  readonly userId: string;
  readonly number: number;
  readonly transferId: string;
  readonly kind: string;
  readonly amount: number;
  readonly balanceAfter: number;
  readonly reference: string;
  readonly createdAt: Date;
}>({
  name: 'wallet.InsertTransfers',
  text: `insert into wallet.transfers
  (user_id, number, transfer_id, kind, amount, balance_after, reference, created_at)
select * from unnest(
  $1::text[], $2::bigint[], $3::uuid[], $4::text[], $5::bigint[],
  $6::bigint[], $7::uuid[], $8::timestamptz[]
)`,
  encode: (rows) => [
    column(rows, (row) => row.userId, textElement),
    column(rows, (row) => row.number, int8Element),
    column(rows, (row) => row.transferId, uuidElement),
    column(rows, (row) => row.kind, textElement),
    column(rows, (row) => row.amount, int8Element),
    column(rows, (row) => row.balanceAfter, int8Element),
    column(rows, (row) => row.reference, uuidElement),
    column(rows, (row) => row.createdAt, timeElement),
  ],
});

export interface FindWalletsRow {
  readonly userId: string;
  readonly balance: number;
  readonly updatedAt: Date;
}

export const findWallets = many<{ readonly userIds: readonly string[] }, FindWalletsRow>({
  name: 'wallet.FindWallets',
  text: `select user_id, balance, updated_at
from wallet.wallets
where user_id = any($1::text[])`,
  encode: (params) => [arrayOf(params.userIds, textElement)],
  decode: (r) => ({ userId: r[0]!, balance: toSafeInteger(r[1]!), updatedAt: toDate(r[2]!) }),
});

export interface FindUserRow {
  readonly userId: string;
}

/** A user exists once they have a wallet. */
export const findUser = one<{ readonly userId: string }, FindUserRow>({
  name: 'wallet.FindUser',
  text: `select user_id from wallet.wallets where user_id = $1`,
  encode: (params) => [params.userId],
  decode: (r) => ({ userId: r[0]! }),
});

export interface ListEntriesRow {
  readonly number: number;
  readonly transferId: string;
  readonly kind: string;
  readonly amount: number;
  readonly balanceAfter: number;
  readonly reference: string;
  readonly createdAt: Date;
}

/** A wallet's entries before a number, newest first. */
export const listEntries = many<{
  readonly userId: string;
  readonly before: number;
  readonly limit: number;
}, ListEntriesRow>({
  name: 'wallet.ListEntries',
  text: `select number, transfer_id, kind, amount, balance_after, reference, created_at
from wallet.transfers
where user_id = $1 and number < $2::bigint
order by number desc
limit $3::int`,
  encode: (params) => [params.userId, params.before, params.limit],
  decode: (r) => ({
    number: toSafeInteger(r[0]!),
    transferId: r[1]!,
    kind: r[2]!,
    amount: toSafeInteger(r[3]!),
    balanceAfter: toSafeInteger(r[4]!),
    reference: r[5]!,
    createdAt: toDate(r[6]!),
  }),
});

export interface FindWalletAtRow {
  readonly balance: number;
  readonly updatedAt: Date;
}

/**
 * The balance before the wallet's first entry that is later than a time. Entries are numbered in
 * commit order.
 */
export const findWalletAt = one<{ readonly at: Date; readonly userId: string }, FindWalletAtRow>({
  name: 'wallet.FindWalletAt',
  text: `select
  coalesce(t.balance_after, 0) as "balance!",
  coalesce(t.created_at, w.created_at) as "updated_at!"
from
  wallet.wallets w
  left join lateral (
    select balance_after, created_at
    from wallet.transfers
    where
      user_id = w.user_id
      and number < coalesce(
        (
          select number from wallet.transfers
          where user_id = w.user_id and created_at > $1::timestamptz
          order by number
          limit 1
        ),
        w.entry_count + 1
      )
    order by number desc
    limit 1
  ) t on true
where w.user_id = $2 and w.created_at <= $1::timestamptz`,
  encode: (params) => [params.at.toISOString(), params.userId],
  decode: (r) => ({ balance: toSafeInteger(r[0]!), updatedAt: toDate(r[1]!) }),
});
