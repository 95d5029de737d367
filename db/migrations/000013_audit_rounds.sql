-- compatible: expand
-- What the running audit has proven.

create schema audit;

-- 64 bits of MD5, which is the same in every version of PostgreSQL: against faults, not attackers.
create function audit.digest(text) returns bigint
language sql immutable strict parallel safe
return ('x' || left(md5($1), 16))::bit(64)::bigint;

create table audit.progress (
  is_only boolean not null default true,
  step bigint not null default 0,
  position bigint not null default 0,
  ahead bigint[] not null default '{}',
  answers_until timestamptz(3),
  proven_at timestamptz(3),
  rounds bigint not null default 0,
  round_ms bigint not null default 0,
  requested bigint not null default 0,
  answered bigint not null default 0,
  entries_view text,
  constraint there_is_one_progress primary key (is_only),
  constraint progress_is_only check (is_only)
) with (fillfactor = 50);

insert into audit.progress default values;

create table audit.rows (
  table_name text collate "C" not null,
  key text collate "C" not null,
  row json not null,
  position bigint not null,
  constraint rows_have_one_key primary key (table_name, key)
) with (fillfactor = 50);

create table audit.orders (
  order_id uuid not null,
  positions bigint[] not null,
  constraint proven_orders_have_one_id primary key (order_id)
) with (fillfactor = 90);

create table audit.events (
  block bigint not null,
  offsets smallint[] not null,
  digests bigint[] not null,
  constraint blocks_have_one_number primary key (block)
) with (fillfactor = 50);

create table audit.answers (
  second timestamptz(3) not null,
  key_ids uuid[] not null,
  digests bigint[] not null,
  constraint answers_are_of_one_second primary key (second)
);

create table audit.subscribers (
  name text collate "C" not null,
  position bigint not null,
  read bigint not null,
  build bigint not null,
  constraint subscribers_have_one_name primary key (name)
) with (fillfactor = 50);

create table audit.scrubs (
  part text collate "C" not null,
  after text not null,
  visited bigint not null,
  began_at timestamptz(3) not null,
  completed_at timestamptz(3),
  constraint parts_have_one_scrub primary key (part)
) with (fillfactor = 50);

create table audit.violations (
  part text collate "C" not null,
  key text collate "C" not null,
  invariants text[] not null,
  kind text not null,
  subject text not null,
  expected json,
  found json,
  since bigint,
  found_at timestamptz(3) not null,
  constraint violations_have_one_key primary key (part, key)
);

comment on table audit.progress is
'The only row is how far the audit has proven the tables. The folded events are those up to
`position` and those in `ahead`: every event that the last snapshot had. Idempotency records are known up to `answers_until`.
`step` grows with every write, so that an audit that has lost its lease cannot write. Runs are
numbered: `requested` is the last that was asked for, `answered` the last that is done.
`entries_view` is the definition of wallet.entries.';
comment on table audit.rows is
'A row is what the journal gives for one row of a table, after the event at `position`: the fold
needs only later events. The rows of wallet.transfers are sums of digests, one for each wallet.';
comment on table audit.orders is
'A row is an order: the positions of its events, from which its row is folded when it is needed.';
comment on table audit.events is
'A row is a block of a thousand positions: the offset and the digest of each event that was folded.';
comment on table audit.answers is
'A row is the idempotency records of one second: the id and the digest of each as it was first seen.
The digest is zero while the answer is not stored.';
comment on table audit.subscribers is
'A row is a subscriber or a destination as the last round has seen it. `read` counts its events.';
comment on table audit.scrubs is
'A row is the rolling check of one part of the database. `after` is the last visited key; `visited`
counts the rows since `began_at`. The last whole pass ended at `completed_at`.';
comment on table audit.violations is
'A row is a row of the database that differs from what the journal gives, until a later check finds
no difference. `since` is the last event that was folded into the expected row.';
