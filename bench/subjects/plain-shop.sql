-- A shop as a stored procedure for pgbench: the same effects as a checkout, one order in each
-- transaction.
create schema plain;
create table plain.wallets (user_id int primary key, balance bigint not null check (balance >= 0));
create table plain.products (
  product_id int primary key, price bigint not null, stock bigint not null check (stock >= 0)
);
create table plain.orders (
  order_id uuid primary key default gen_random_uuid(), user_id int not null, lines jsonb not null,
  total bigint not null, paid_at timestamptz not null default now()
);
create table plain.transfers (
  transfer_id uuid primary key default gen_random_uuid(), user_id int not null,
  amount bigint not null, balance bigint not null, order_id uuid not null
);
create table plain.events (
  position bigint generated always as identity primary key, type text not null, data jsonb not null
);
create table plain.keys (key text primary key, answer jsonb not null);

create function plain.fill(size int) returns void language sql as $$
  insert into plain.wallets select n, 1000000000000 from generate_series(1, size) n;
  insert into plain.products select n, 1000, 1000000000 from generate_series(1, size) n;
$$;

create function plain.place_order(buyer int, bought int, idempotency_key text) returns jsonb
language plpgsql as $$
declare
  total bigint;
  rest bigint;
  id uuid;
  body jsonb;
begin
  update plain.wallets w set balance = w.balance - p.price
  from plain.products p
  where w.user_id = buyer and p.product_id = bought
  returning p.price, w.balance into total, rest;
  update plain.products set stock = stock - 1 where product_id = bought;
  insert into plain.orders (user_id, lines, total)
  values (buyer, jsonb_build_array(jsonb_build_object('product', bought, 'quantity', 1)), total)
  returning order_id into id;
  insert into plain.transfers (user_id, amount, balance, order_id) values (buyer, -total, rest, id);
  body := jsonb_build_object('order', id, 'user', buyer, 'total', total, 'balance', rest);
  insert into plain.events (type, data) values ('order.paid', body);
  insert into plain.keys (key, answer) values (idempotency_key, body);
  return body;
end
$$;
