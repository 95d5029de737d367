-- compatible: expand
-- Products are found by words of their name and SKU, in any case and in any form of Unicode. A product
-- may have a SKU and metadata. A version that knows nothing of this can still insert products.

-- toCasefold(NFKC(X)) (Unicode Standard, section 3.13), as near as the version of PostgreSQL allows: full
-- case folding since 18; before, ICU's upper and lower case, which differs in a few letters that are
-- equal to no other letter when folded; without ICU, the lower case of the database's locale.
create schema search;

comment on schema search is
'How names are compared when they are searched: of products and of users.';

do $$
declare
  folded text := case
    when exists (select from pg_collation where collname = 'pg_unicode_fast')
      then 'casefold(normalize($1, nfkc) collate pg_unicode_fast)'
    when exists (select from pg_collation where collname = 'und-x-icu')
      then 'translate(lower(upper(normalize($1, nfkc) collate "und-x-icu")), ''ς'', ''σ'')'
    else 'lower(normalize($1, nfkc))'
  end;
begin
  execute 'create function search.key(text) returns text language sql immutable strict '
    || 'parallel safe return normalize(' || folded || ', nfkc)';
end $$;

comment on function search.key is
'The form in which names, SKUs and the words of a query are compared.';

-- One or two characters: most Korean words have two syllables, which trigrams cannot find. No extension
-- is needed. The cost keeps the planner from calling the function for every row.
create function search.grams(key text) returns text[]
language plpgsql immutable strict parallel safe cost 1000 as $$
declare
  characters text[] := string_to_array(key, null);
  grams text[] := characters;
  previous text := ' ';
  this text;
begin
  foreach this in array characters loop
    if previous <> ' ' and this <> ' ' then grams := grams || (previous || this); end if;
    previous := this;
  end loop;
  return grams;
end $$;

comment on function search.grams is
'Every character of a search key, and every two characters that follow each other within a word.';

alter table catalog.products add column sku text, add column search_key text collate "C";

-- Rewrites the table once and leaves no dead rows, unlike an update.
alter table catalog.products
  alter column search_key type text collate "C" using search.key(name);
alter table catalog.products alter column search_key set not null;

comment on table catalog.products is
'A row is a product as far as selling it needs to know. `available` = on_hand - reserved is
what can be bought. No index on a stock figure and room in each page, so that a sale updates
the row in place. `search_key` follows the name and the SKU; a trigger writes it only when they
change, because folding a name costs more than a sale.';

create function catalog.write_search_key() returns trigger language plpgsql as $$
begin
  new.search_key := search.key(concat_ws(' ', new.name, new.sku));
  return new;
end $$;

create trigger search_key_is_written before insert on catalog.products
  for each row execute function catalog.write_search_key();
create trigger search_key_is_rewritten before update of name, sku on catalog.products
  for each row when (old.name <> new.name or old.sku is distinct from new.sku)
  execute function catalog.write_search_key();

-- Without a list of pending entries, which every search would read from its beginning to its end.
create index products_by_grams on catalog.products using gin (search.grams(search_key))
  with (fastupdate = off);

alter table catalog.descriptions add column metadata json not null default '{}';

comment on table catalog.descriptions is
'A row is what a product''s page shows beside its name and price, with the shop''s own metadata; kept
apart so that a sale neither reads nor copies it.';

create table catalog.skus (
  sku_key text collate "C" not null,
  product_id uuid,
  constraint sku_belongs_to_one_product primary key (sku_key)
);

comment on table catalog.skus is
'A row is a SKU (normalized, NFC) that a product has, or had: without a product it is free again. Its
lock makes two commands that want the same SKU take turns.';
