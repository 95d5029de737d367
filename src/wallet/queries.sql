-- name: LockWallets :many
-- In key order, so that batches cannot deadlock. `no key update` is the weakest lock that suffices.
select user_id, balance, entry_count, created_at, updated_at
from wallet.wallets
where user_id = any(:userIds::text[])
order by user_id
for no key update;

-- name: InsertWallets :batch
insert into wallet.wallets (user_id, balance, entry_count, created_at, updated_at)
select * from unnest(
  :userId::text[], :balance::bigint[], :entryCount::bigint[], :createdAt::timestamptz[],
  :updatedAt::timestamptz[]
);

-- name: UpdateWallets :batch
update wallet.wallets w
set balance = c.balance, entry_count = c.entry_count, updated_at = c.updated_at
from unnest(
  :userId::text[], :balance::bigint[], :entryCount::bigint[], :updatedAt::timestamptz[]
) as c (user_id, balance, entry_count, updated_at)
where w.user_id = c.user_id;

-- name: InsertTransfers :batch
insert into wallet.transfers
  (user_id, number, transfer_id, kind, amount, balance_after, reference, created_at)
select * from unnest(
  :userId::text[], :number::bigint[], :transferId::uuid[], :kind::text[], :amount::bigint[],
  :balanceAfter::bigint[], :reference::uuid[], :createdAt::timestamptz[]
);

-- name: FindWallets :many
select user_id, balance, updated_at
from wallet.wallets
where user_id = any(:userIds::text[]);

-- name: FindUser :one
-- A user exists once they have a wallet.
select user_id from wallet.wallets where user_id = :userId;

-- name: ListEntries :many
-- A wallet's entries before a number, newest first.
select number, transfer_id, kind, amount, balance_after, reference, created_at
from wallet.transfers
where user_id = :userId and number < :before::bigint
order by number desc
limit :limit::int;

-- name: FindWalletAt :one
-- The balance before the wallet's first entry that is later than a time. Entries are numbered in
-- commit order.
select
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
          where user_id = w.user_id and created_at > :at::timestamptz
          order by number
          limit 1
        ),
        w.entry_count + 1
      )
    order by number desc
    limit 1
  ) t on true
where w.user_id = :userId and w.created_at <= :at::timestamptz;
