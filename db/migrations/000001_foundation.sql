-- One schema per module. Conventions: db/CONVENTIONS.md.

create schema commit;
create schema journal;
create schema identity;
create schema wallet;
create schema catalog;
create schema orders;

create table commit.idempotency_keys (
  key_id uuid not null,
  fingerprint uuid not null,
  status smallint not null,
  body text not null,
  created_at timestamptz(3) not null,
  constraint idempotency_key_has_one_effect primary key (key_id)
);

comment on table commit.idempotency_keys is
'A row is one effect: the answer that a keyed command was given when it committed. The row is
written in the command''s own transaction, so the key and the effect exist together or not at
all.';

-- Finds the keys that are old enough to be forgotten; a block range index costs an insert nothing.
create index idempotency_keys_by_age on commit.idempotency_keys using brin (created_at)
  with (pages_per_range = 32, autosummarize = on);

create table journal.events (
  position bigint generated always as identity,
  event_id uuid not null,
  type text not null,
  subject text not null,
  time timestamptz(3) not null,
  data json not null,
  constraint events_are_ordered primary key (position)
);

comment on table journal.events is
'A row is something that happened, written in the transaction that made it happen. Never
updated. Positions of one subject grow in the order of its commits; how a reader avoids
positions whose transaction is still running is described in src/journal/reader.ts.';

create table identity.profiles (
  user_id text collate "C" not null,
  name text not null,
  constraint profiles_have_one_user primary key (user_id)
);

comment on table identity.profiles is
'A row is what the shop calls a user. Names live here and nowhere else, so that the journal
holds nothing about a person but an opaque id. Whether a user exists is told by the wallet.';

create table wallet.wallets (
  user_id text collate "C" not null,
  balance bigint not null,
  entry_count bigint not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint wallets_have_one_owner primary key (user_id),
  constraint balance_is_not_negative check (balance >= 0)
) with (fillfactor = 50);

comment on table wallet.wallets is
'A row is one user''s prepaid balance: the sum of the wallet''s entries, kept. `entry_count`
numbers them without a gap.';

create table wallet.transfers (
  user_id text collate "C" not null,
  number bigint not null,
  transfer_id uuid not null,
  kind text not null,
  amount bigint not null,
  balance_after bigint not null,
  reference uuid not null,
  created_at timestamptz(3) not null,
  constraint transfers_are_numbered primary key (user_id, number),
  constraint transfer_has_a_kind check (kind in ('charge', 'withdrawal', 'payment', 'refund')),
  constraint balance_after_is_not_negative check (balance_after >= 0)
);

comment on table wallet.transfers is
'A row is one transfer between a wallet and one of the platform''s own accounts, seen from the
wallet: `amount` is what the wallet gained. The counter-entry is the same amount with the
other sign on the account that the kind names (view wallet.entries), so a transfer that does
not sum to zero cannot be written.';

create view wallet.entries as
  select transfer_id, 'wallet:' || user_id as account, amount, created_at from wallet.transfers
  union all
  select
    transfer_id,
    case kind when 'charge' then 'funding' when 'withdrawal' then 'funding' else 'sales' end,
    -amount,
    created_at
  from wallet.transfers;

comment on view wallet.entries is
'A row is one entry of the double-entry ledger; the entries of a transfer sum to zero.';

create table catalog.products (
  product_id uuid not null,
  name text not null,
  price bigint not null,
  status text not null,
  on_hand bigint not null,
  reserved bigint not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint products_have_one_id primary key (product_id),
  constraint price_is_positive check (price > 0),
  constraint status_is_known check (status in ('active', 'archived')),
  constraint stock_is_not_negative check (on_hand >= reserved),
  constraint reserved_is_not_negative check (reserved >= 0)
) with (fillfactor = 50);

comment on table catalog.products is
'A row is a product as far as selling it needs to know. `available` = on_hand - reserved is
what can be bought. No index on a stock figure and room in each page, so that a sale updates
the row in place.';

create table catalog.descriptions (
  product_id uuid not null,
  description text not null,
  image_url text,
  constraint descriptions_belong_to_one_product primary key (product_id)
);

comment on table catalog.descriptions is
'A row is what a product''s page shows beside its name and price; kept apart so that a sale
neither reads nor copies it.';

create index products_by_name on catalog.products (lower(name) collate "C", product_id);
create index products_by_price on catalog.products (price, product_id);

create table orders.orders (
  order_id uuid not null,
  user_id text collate "C" not null,
  status text not null,
  total bigint not null,
  refunded_total bigint not null default 0,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  paid_at timestamptz(3),
  constraint orders_have_one_id primary key (order_id),
  constraint status_is_known check (
    status in ('pending', 'paid', 'cancelled', 'expired', 'refunded')
  ),
  constraint total_is_positive check (total > 0),
  constraint refund_is_within_total check (refunded_total between 0 and total)
);

comment on table orders.orders is
'A row is an order. Its lines are in orders.lines.';

create index orders_by_user on orders.orders (user_id, order_id);

create table orders.lines (
  order_id uuid not null,
  line smallint not null,
  product_id uuid not null,
  name text not null,
  quantity bigint not null,
  unit_price bigint not null,
  refunded_quantity bigint not null default 0,
  constraint lines_are_numbered primary key (order_id, line),
  constraint quantity_is_positive check (quantity > 0),
  constraint refund_is_within_line check (refunded_quantity between 0 and quantity)
);

comment on table orders.lines is
'A row is one product on an order, at the price and under the name that it was ordered at.';
