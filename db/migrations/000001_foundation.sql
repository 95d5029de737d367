-- One schema per module. Conventions: db/CONVENTIONS.md.

create schema commit;
create schema journal;
create schema identity;
create schema wallet;
create schema catalog;
create schema cart;
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

create table cart.carts (
  user_id text collate "C" not null,
  version bigint not null,
  lines json not null,
  constraint carts_have_one_owner primary key (user_id)
) with (fillfactor = 50);

comment on table cart.carts is
'A row is what one user may buy later: a list of product, quantity, price when added and time.
`version` grows with every change; an emptied cart keeps it.';

create table orders.orders (
  order_id uuid not null,
  user_id text collate "C" not null,
  status text not null,
  lines json not null,
  total bigint not null,
  refunded_total bigint not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  paid_at timestamptz(3),
  constraint orders_have_one_id primary key (order_id),
  constraint status_is_known check (
    status in ('pending', 'paid', 'cancelled', 'expired', 'refunded')
  ),
  constraint total_is_positive check (total > 0),
  constraint refund_is_within_total check (refunded_total between 0 and total),
  constraint pending_orders_expire check (status <> 'pending' or expires_at is not null),
  constraint paid_orders_have_a_time check (
    (status in ('paid', 'refunded')) = (paid_at is not null)
  )
);

comment on table orders.orders is
'A row is an order with its lines: a list of product, name, quantity, unit price and refunded
quantity, at the price and under the name that each was ordered at. Lines are read and written
with their order only, so they are part of its row.';

create index orders_by_user on orders.orders (user_id, order_id);

-- Nearly all orders are paid, and those pay nothing for these.
create index orders_not_paid on orders.orders (status, order_id) where status <> 'paid';
create index orders_due on orders.orders (expires_at) where status = 'pending';

create view orders.lines as
  select
    o.order_id, o.user_id, o.status, o.paid_at, l."productId" as product_id, l.quantity,
    l."unitPrice" as unit_price, l."refundedQuantity" as refunded_quantity
  from orders.orders o
  cross join lateral json_to_recordset(o.lines) as l (
    "productId" uuid, quantity bigint, "unitPrice" bigint, "refundedQuantity" bigint
  );

comment on view orders.lines is
'A row is one product on an order, for those who count over many orders.';

create table orders.buyers (
  user_id text collate "C" not null,
  pending_orders integer not null,
  constraint buyers_are_users primary key (user_id),
  constraint pending_orders_are_not_negative check (pending_orders >= 0)
) with (fillfactor = 50);

comment on table orders.buyers is
'A row is a user who has reserved something: how many pending orders there are. Its lock makes the
limit hold however many are placed at once.';
