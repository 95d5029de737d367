-- name: LockProducts :many
-- In key order, so that batches cannot deadlock. `no key update` is the weakest lock that suffices.
select product_id, name, price, status, on_hand, reserved, created_at, updated_at
from catalog.products
where product_id = any(:productIds::uuid[])
order by product_id
for no key update;

-- name: InsertProducts :batch
insert into catalog.products
  (product_id, name, price, status, on_hand, reserved, created_at, updated_at)
select * from unnest(
  :productId::uuid[], :name::text[], :price::bigint[], :status::text[], :onHand::bigint[],
  :reserved::bigint[], :createdAt::timestamptz[], :updatedAt::timestamptz[]
);

-- name: UpdateProducts :batch
update catalog.products p
set
  name = c.name, price = c.price, status = c.status, on_hand = c.on_hand, reserved = c.reserved,
  updated_at = c.updated_at
from unnest(
  :productId::uuid[], :name::text[], :price::bigint[], :status::text[], :onHand::bigint[],
  :reserved::bigint[], :updatedAt::timestamptz[]
) as c (product_id, name, price, status, on_hand, reserved, updated_at)
where p.product_id = c.product_id;

-- name: LockDescriptions :many
select product_id, description, image_url
from catalog.descriptions
where product_id = any(:productIds::uuid[])
order by product_id
for no key update;

-- name: InsertDescriptions :batch
insert into catalog.descriptions (product_id, description, image_url)
select * from unnest(:productId::uuid[], :description::text[], :imageUrl?::text[]);

-- name: UpdateDescriptions :batch
update catalog.descriptions d
set description = c.description, image_url = c.image_url
from unnest(:productId::uuid[], :description::text[], :imageUrl?::text[])
  as c (product_id, description, image_url)
where d.product_id = c.product_id;

-- name: FindProducts :many
select
  product_id, name, description, image_url, price, status, on_hand, reserved, created_at, updated_at
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
-- Code point order: the same on every database, and dictionary order for Korean syllables.
select
  product_id, name, description, image_url, price, status, on_hand, reserved, created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  (lower(name) collate "C", product_id) > (lower(:afterName) collate "C", :afterId::uuid)
  and status = :status
  and position(lower(:query) in lower(name)) > 0
order by lower(name) collate "C", product_id
limit :limit::int;

-- name: ListProductsByPrice :many
select
  product_id, name, description, image_url, price, status, on_hand, reserved, created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  (price, product_id) > (:afterPrice::bigint, :afterId::uuid)
  and status = :status
  and position(lower(:query) in lower(name)) > 0
order by price, product_id
limit :limit::int;

-- name: ListProductsByPriceDown :many
select
  product_id, name, description, image_url, price, status, on_hand, reserved, created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  (price, product_id) < (:beforePrice::bigint, :beforeId::uuid)
  and status = :status
  and position(lower(:query) in lower(name)) > 0
order by price desc, product_id desc
limit :limit::int;

-- name: ListProductsNewest :many
-- Ids are UUIDv7, so their order is the order of creation.
select
  product_id, name, description, image_url, price, status, on_hand, reserved, created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  product_id < :beforeId::uuid
  and status = :status
  and position(lower(:query) in lower(name)) > 0
order by product_id desc
limit :limit::int;
