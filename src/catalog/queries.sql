-- name: LockProducts :many
-- In key order, so that batches cannot deadlock. `no key update` is the weakest lock that suffices.
select product_id, name, sku, price, status, on_hand, reserved, created_at, updated_at
from catalog.products
where product_id = any(:productIds::uuid[])
order by product_id
for no key update;

-- name: InsertProducts :batch
insert into catalog.products
  (product_id, name, sku, price, status, on_hand, reserved, created_at, updated_at)
select * from unnest(
  :productId::uuid[], :name::text[], :sku?::text[], :price::bigint[], :status::text[],
  :onHand::bigint[], :reserved::bigint[], :createdAt::timestamptz[], :updatedAt::timestamptz[]
);

-- name: UpdateProducts :batch
update catalog.products p
set
  name = c.name, sku = c.sku, price = c.price, status = c.status, on_hand = c.on_hand,
  reserved = c.reserved, updated_at = c.updated_at
from unnest(
  :productId::uuid[], :name::text[], :sku?::text[], :price::bigint[], :status::text[],
  :onHand::bigint[], :reserved::bigint[], :updatedAt::timestamptz[]
) as c (product_id, name, sku, price, status, on_hand, reserved, updated_at)
where p.product_id = c.product_id;

-- name: UpdateStocks :batch
-- What sales change. A statement of its own, because it sends and compares half as much.
update catalog.products p
set on_hand = c.on_hand, reserved = c.reserved, updated_at = c.updated_at
from unnest(
  :productId::uuid[], :onHand::bigint[], :reserved::bigint[], :updatedAt::timestamptz[]
) as c (product_id, on_hand, reserved, updated_at)
where p.product_id = c.product_id;

-- name: LockDescriptions :many
select product_id, description, image_url, metadata
from catalog.descriptions
where product_id = any(:productIds::uuid[])
order by product_id
for no key update;

-- name: InsertDescriptions :batch
insert into catalog.descriptions (product_id, description, image_url, metadata)
select * from unnest(
  :productId::uuid[], :description::text[], :imageUrl?::text[], :metadata::json[]
);

-- name: UpdateDescriptions :batch
update catalog.descriptions d
set description = c.description, image_url = c.image_url, metadata = c.metadata
from unnest(:productId::uuid[], :description::text[], :imageUrl?::text[], :metadata::json[])
  as c (product_id, description, image_url, metadata)
where d.product_id = c.product_id;

-- name: LockSkus :many
select sku_key, product_id
from catalog.skus
where sku_key = any(:skuKeys::text[])
order by sku_key
for no key update;

-- name: InsertSkus :batch
-- In key order, so that two batches that insert the same SKUs cannot deadlock.
insert into catalog.skus (sku_key, product_id)
select * from unnest(:skuKey::text[], :productId?::uuid[]) order by 1;

-- name: UpdateSkus :batch
update catalog.skus s
set product_id = c.product_id
from unnest(:skuKey::text[], :productId?::uuid[]) as c (sku_key, product_id)
where s.sku_key = c.sku_key;

-- name: FindProducts :many
select
  product_id, name, sku, description, image_url, metadata, price, status, on_hand, reserved,
  created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where product_id = any(:productIds::uuid[]);

-- name: CountProducts :one
-- Counts at most one product: enough to know whether the shop has ever had one.
select count(*) as "count!" from (select from catalog.products limit 1) as found;

-- name: FindAnyProduct :one
-- The cheapest product that can be bought.
select product_id, name
from catalog.products
where status = 'active' and on_hand > reserved
order by price, product_id
limit 1;

-- name: ListProductsByName :many
-- The lists read products in order and skip those that do not match. `coalesce` hides the patterns from
-- the planner, which would expect no match and sort all products.
-- Code point order: the same on every database, and dictionary order for Korean syllables.
select
  product_id, name, sku, description, image_url, metadata, price, status, on_hand, reserved,
  created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  (lower(name) collate "C", product_id) > (lower(:afterName) collate "C", :afterId::uuid)
  and status = :status
  and coalesce(search_key like all (:patterns::text[]), false)
order by lower(name) collate "C", product_id
limit :limit::int;

-- name: ListProductsByPrice :many
select
  product_id, name, sku, description, image_url, metadata, price, status, on_hand, reserved,
  created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  (price, product_id) > (:afterPrice::bigint, :afterId::uuid)
  and status = :status
  and coalesce(search_key like all (:patterns::text[]), false)
order by price, product_id
limit :limit::int;

-- name: ListProductsByPriceDown :many
select
  product_id, name, sku, description, image_url, metadata, price, status, on_hand, reserved,
  created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  (price, product_id) < (:beforePrice::bigint, :beforeId::uuid)
  and status = :status
  and coalesce(search_key like all (:patterns::text[]), false)
order by price desc, product_id desc
limit :limit::int;

-- name: ListProductsNewest :many
-- Ids are UUIDv7, so their order is the order of creation.
select
  product_id, name, sku, description, image_url, metadata, price, status, on_hand, reserved,
  created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  product_id < :beforeId::uuid
  and status = :status
  and coalesce(search_key like all (:patterns::text[]), false)
order by product_id desc
limit :limit::int;

-- name: MeasureSearch :one
-- Folds the words of a query once, and counts the products that have all of them, up to `limit`. The
-- characters \ % _ of a word stand for themselves. Single characters are in many names, so only a word of
-- one character is found by them.
with folded as materialized (
  select search.key(word) as key from unnest(:words::text[]) as word
),
sought as materialized (
  select
    array(select '%' || regexp_replace(key, '([\\%_])', '\\\1', 'g') || '%' from folded) as patterns,
    array(
      select distinct gram
      from folded cross join lateral unnest(search.grams(key)) as gram
      where length(gram) = least(length(key), 2)
    ) as grams
)
select
  patterns as "patterns!",
  grams as "grams!",
  (
    select count(*)
    from (
      select
      from catalog.products
      where
        search.grams(search_key) @> sought.grams
        and search_key like all (sought.patterns)
        and status = :status
      limit :limit::int
    ) as found
  ) as "matches!"
from sought;

-- name: SearchProducts :many
-- A page of few matches: finds all of them by their grams and sorts them. The lists above read products
-- in order and skip those that do not match, which is fast only when many products match.
with found as materialized (
  select
    product_id, name, sku, price, status, on_hand, reserved, created_at, updated_at,
    lower(name) collate "C" as lower_name
  from catalog.products
  where
    search.grams(search_key) @> :grams::text[]
    and search_key like all (:patterns::text[])
    and status = :status
),
ranked as (
  select
    *,
    row_number() over (
      order by
        case :sort::text when 'name' then lower_name end,
        case :sort::text when 'price' then price when '-price' then -price end,
        case when :sort::text in ('name', 'price') then product_id end,
        product_id desc
    ) as rank
  from found
  where
    case :sort::text
      when 'name' then (lower_name, product_id) > (lower(:name::text) collate "C", :productId::uuid)
      when 'price' then (price, product_id) > (:price::bigint, :productId::uuid)
      when '-price' then (price, product_id) < (:price::bigint, :productId::uuid)
      else product_id < :productId::uuid
    end
  order by rank
  limit :limit::int
)
select
  product_id as "product_id!", name as "name!", sku, description, image_url, metadata,
  price as "price!", status as "status!", on_hand as "on_hand!", reserved as "reserved!",
  created_at as "created_at!", updated_at as "updated_at!"
from ranked join catalog.descriptions using (product_id)
order by rank;

-- name: FindProductsBySku :many
select
  product_id, name, sku, description, image_url, metadata, price, status, on_hand, reserved,
  created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  product_id = (select s.product_id from catalog.skus s where s.sku_key = :skuKey)
  and status = :status
  and search_key like all (:patterns::text[]);

-- name: FindStocks :many
-- What a buyer must know of a product that is shown already.
select product_id, on_hand - reserved as "stock!", price, status
from catalog.products
where product_id = any(:productIds::uuid[]);
