// Generated from queries.sql by "npm run generate". Do not edit.
import {
  arrayOf,
  column,
  int8Element,
  jsonElement,
  nullableElement,
  textElement,
  timeElement,
  uuidElement,
} from '../database/array.ts';
import { batch, many, one, toArray, toDate, toJson, toSafeInteger } from '../database/statement.ts';

export interface LockProductsRow {
  readonly productId: string;
  readonly name: string;
  readonly sku: string | null;
  readonly price: number;
  readonly status: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * In key order, so that batches cannot deadlock. `no key update` is the weakest lock that suffices.
 */
export const lockProducts = many<{ readonly productIds: readonly string[] }, LockProductsRow>({
  name: 'catalog.LockProducts',
  text: `select product_id, name, sku, price, status, on_hand, reserved, created_at, updated_at
from catalog.products
where product_id = any($1::uuid[])
order by product_id
for no key update`,
  encode: (params) => [arrayOf(params.productIds, uuidElement)],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    sku: r[2] ?? null,
    price: toSafeInteger(r[3]!),
    status: r[4]!,
    onHand: toSafeInteger(r[5]!),
    reserved: toSafeInteger(r[6]!),
    createdAt: toDate(r[7]!),
    updatedAt: toDate(r[8]!),
  }),
});

export const insertProducts = batch<{
  readonly productId: string;
  readonly name: string;
  readonly sku: string | null;
  readonly price: number;
  readonly status: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}>({
  name: 'catalog.InsertProducts',
  text: `insert into catalog.products
  (product_id, name, sku, price, status, on_hand, reserved, created_at, updated_at)
select * from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[],
  $6::bigint[], $7::bigint[], $8::timestamptz[], $9::timestamptz[]
)`,
  encode: (rows) => [
    column(rows, (row) => row.productId, uuidElement),
    column(rows, (row) => row.name, textElement),
    column(rows, (row) => row.sku, nullableElement(textElement)),
    column(rows, (row) => row.price, int8Element),
    column(rows, (row) => row.status, textElement),
    column(rows, (row) => row.onHand, int8Element),
    column(rows, (row) => row.reserved, int8Element),
    column(rows, (row) => row.createdAt, timeElement),
    column(rows, (row) => row.updatedAt, timeElement),
  ],
});

export const updateProducts = batch<{
  readonly productId: string;
  readonly name: string;
  readonly sku: string | null;
  readonly price: number;
  readonly status: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly updatedAt: Date;
}>({
  name: 'catalog.UpdateProducts',
  text: `update catalog.products p
set
  name = c.name, sku = c.sku, price = c.price, status = c.status, on_hand = c.on_hand,
  reserved = c.reserved, updated_at = c.updated_at
from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[],
  $6::bigint[], $7::bigint[], $8::timestamptz[]
) as c (product_id, name, sku, price, status, on_hand, reserved, updated_at)
where p.product_id = c.product_id`,
  encode: (rows) => [
    column(rows, (row) => row.productId, uuidElement),
    column(rows, (row) => row.name, textElement),
    column(rows, (row) => row.sku, nullableElement(textElement)),
    column(rows, (row) => row.price, int8Element),
    column(rows, (row) => row.status, textElement),
    column(rows, (row) => row.onHand, int8Element),
    column(rows, (row) => row.reserved, int8Element),
    column(rows, (row) => row.updatedAt, timeElement),
  ],
});

/** What sales change. A statement of its own, because it sends and compares half as much. */
export const updateStocks = batch<{
  readonly productId: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly updatedAt: Date;
}>({
  name: 'catalog.UpdateStocks',
  text: `update catalog.products p
set on_hand = c.on_hand, reserved = c.reserved, updated_at = c.updated_at
from unnest(
  $1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[]
) as c (product_id, on_hand, reserved, updated_at)
where p.product_id = c.product_id`,
  encode: (rows) => [
    column(rows, (row) => row.productId, uuidElement),
    column(rows, (row) => row.onHand, int8Element),
    column(rows, (row) => row.reserved, int8Element),
    column(rows, (row) => row.updatedAt, timeElement),
  ],
});

export interface LockDescriptionsRow {
  readonly productId: string;
  readonly description: string;
  readonly imageUrl: string | null;
  readonly metadata: unknown;
}

export const lockDescriptions = many<{
  readonly productIds: readonly string[];
}, LockDescriptionsRow>({
  name: 'catalog.LockDescriptions',
  text: `select product_id, description, image_url, metadata
from catalog.descriptions
where product_id = any($1::uuid[])
order by product_id
for no key update`,
  encode: (params) => [arrayOf(params.productIds, uuidElement)],
  decode: (r) => ({
    productId: r[0]!,
    description: r[1]!,
    imageUrl: r[2] ?? null,
    metadata: toJson(r[3]!),
  }),
});

export const insertDescriptions = batch<{
  readonly productId: string;
  readonly description: string;
  readonly imageUrl: string | null;
  readonly metadata: string;
}>({
  name: 'catalog.InsertDescriptions',
  text: `insert into catalog.descriptions (product_id, description, image_url, metadata)
select * from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::json[]
)`,
  encode: (rows) => [
    column(rows, (row) => row.productId, uuidElement),
    column(rows, (row) => row.description, textElement),
    column(rows, (row) => row.imageUrl, nullableElement(textElement)),
    column(rows, (row) => row.metadata, jsonElement),
  ],
});

export const updateDescriptions = batch<{
  readonly productId: string;
  readonly description: string;
  readonly imageUrl: string | null;
  readonly metadata: string;
}>({
  name: 'catalog.UpdateDescriptions',
  text: `update catalog.descriptions d
set description = c.description, image_url = c.image_url, metadata = c.metadata
from unnest($1::uuid[], $2::text[], $3::text[], $4::json[])
  as c (product_id, description, image_url, metadata)
where d.product_id = c.product_id`,
  encode: (rows) => [
    column(rows, (row) => row.productId, uuidElement),
    column(rows, (row) => row.description, textElement),
    column(rows, (row) => row.imageUrl, nullableElement(textElement)),
    column(rows, (row) => row.metadata, jsonElement),
  ],
});

export interface LockSkusRow {
  readonly skuKey: string;
  readonly productId: string | null;
}

export const lockSkus = many<{ readonly skuKeys: readonly string[] }, LockSkusRow>({
  name: 'catalog.LockSkus',
  text: `select sku_key, product_id
from catalog.skus
where sku_key = any($1::text[])
order by sku_key
for no key update`,
  encode: (params) => [arrayOf(params.skuKeys, textElement)],
  decode: (r) => ({ skuKey: r[0]!, productId: r[1] ?? null }),
});

/** In key order, so that two batches that insert the same SKUs cannot deadlock. */
export const insertSkus = batch<{ readonly skuKey: string; readonly productId: string | null }>({
  name: 'catalog.InsertSkus',
  text: `insert into catalog.skus (sku_key, product_id)
select * from unnest($1::text[], $2::uuid[]) order by 1`,
  encode: (rows) => [
    column(rows, (row) => row.skuKey, textElement),
    column(rows, (row) => row.productId, nullableElement(uuidElement)),
  ],
});

export const updateSkus = batch<{ readonly skuKey: string; readonly productId: string | null }>({
  name: 'catalog.UpdateSkus',
  text: `update catalog.skus s
set product_id = c.product_id
from unnest($1::text[], $2::uuid[]) as c (sku_key, product_id)
where s.sku_key = c.sku_key`,
  encode: (rows) => [
    column(rows, (row) => row.skuKey, textElement),
    column(rows, (row) => row.productId, nullableElement(uuidElement)),
  ],
});

export interface FindProductsRow {
  readonly productId: string;
  readonly name: string;
  readonly sku: string | null;
  readonly description: string;
  readonly imageUrl: string | null;
  readonly metadata: unknown;
  readonly price: number;
  readonly status: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const findProducts = many<{ readonly productIds: readonly string[] }, FindProductsRow>({
  name: 'catalog.FindProducts',
  text: `select
  product_id, name, sku, description, image_url, metadata, price, status, on_hand, reserved,
  created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where product_id = any($1::uuid[])`,
  encode: (params) => [arrayOf(params.productIds, uuidElement)],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    sku: r[2] ?? null,
    description: r[3]!,
    imageUrl: r[4] ?? null,
    metadata: toJson(r[5]!),
    price: toSafeInteger(r[6]!),
    status: r[7]!,
    onHand: toSafeInteger(r[8]!),
    reserved: toSafeInteger(r[9]!),
    createdAt: toDate(r[10]!),
    updatedAt: toDate(r[11]!),
  }),
});

export interface CountProductsRow {
  readonly count: number;
}

/** Counts at most one product: enough to know whether the shop has ever had one. */
export const countProducts = one<void, CountProductsRow>({
  name: 'catalog.CountProducts',
  text: `select count(*) as "count!" from (select from catalog.products limit 1) as found`,
  encode: () => [],
  decode: (r) => ({ count: toSafeInteger(r[0]!) }),
});

export interface FindAnyProductRow {
  readonly productId: string;
  readonly name: string;
}

/** The cheapest product that can be bought. */
export const findAnyProduct = one<void, FindAnyProductRow>({
  name: 'catalog.FindAnyProduct',
  text: `select product_id, name
from catalog.products
where status = 'active' and on_hand > reserved
order by price, product_id
limit 1`,
  encode: () => [],
  decode: (r) => ({ productId: r[0]!, name: r[1]! }),
});

export type ListProductsByNameRow = FindProductsRow;

/**
 * The lists read products in order and skip those that do not match. `coalesce` hides the patterns from
 * the planner, which would expect no match and sort all products.
 * Code point order: the same on every database, and dictionary order for Korean syllables.
 */
export const listProductsByName = many<{
  readonly afterName: string;
  readonly afterId: string;
  readonly status: string;
  readonly patterns: readonly string[];
  readonly limit: number;
}, ListProductsByNameRow>({
  name: 'catalog.ListProductsByName',
  text: `select
  product_id, name, sku, description, image_url, metadata, price, status, on_hand, reserved,
  created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  (lower(name) collate "C", product_id) > (lower($1) collate "C", $2::uuid)
  and status = $3
  and coalesce(search_key like all ($4::text[]), false)
order by lower(name) collate "C", product_id
limit $5::int`,
  encode: (params) => [
    params.afterName,
    params.afterId,
    params.status,
    arrayOf(params.patterns, textElement),
    params.limit,
  ],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    sku: r[2] ?? null,
    description: r[3]!,
    imageUrl: r[4] ?? null,
    metadata: toJson(r[5]!),
    price: toSafeInteger(r[6]!),
    status: r[7]!,
    onHand: toSafeInteger(r[8]!),
    reserved: toSafeInteger(r[9]!),
    createdAt: toDate(r[10]!),
    updatedAt: toDate(r[11]!),
  }),
});

export type ListProductsByPriceRow = FindProductsRow;

export const listProductsByPrice = many<{
  readonly afterPrice: number;
  readonly afterId: string;
  readonly status: string;
  readonly patterns: readonly string[];
  readonly limit: number;
}, ListProductsByPriceRow>({
  name: 'catalog.ListProductsByPrice',
  text: `select
  product_id, name, sku, description, image_url, metadata, price, status, on_hand, reserved,
  created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  (price, product_id) > ($1::bigint, $2::uuid)
  and status = $3
  and coalesce(search_key like all ($4::text[]), false)
order by price, product_id
limit $5::int`,
  encode: (params) => [
    params.afterPrice,
    params.afterId,
    params.status,
    arrayOf(params.patterns, textElement),
    params.limit,
  ],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    sku: r[2] ?? null,
    description: r[3]!,
    imageUrl: r[4] ?? null,
    metadata: toJson(r[5]!),
    price: toSafeInteger(r[6]!),
    status: r[7]!,
    onHand: toSafeInteger(r[8]!),
    reserved: toSafeInteger(r[9]!),
    createdAt: toDate(r[10]!),
    updatedAt: toDate(r[11]!),
  }),
});

export type ListProductsByPriceDownRow = FindProductsRow;

export const listProductsByPriceDown = many<{
  readonly beforePrice: number;
  readonly beforeId: string;
  readonly status: string;
  readonly patterns: readonly string[];
  readonly limit: number;
}, ListProductsByPriceDownRow>({
  name: 'catalog.ListProductsByPriceDown',
  text: `select
  product_id, name, sku, description, image_url, metadata, price, status, on_hand, reserved,
  created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  (price, product_id) < ($1::bigint, $2::uuid)
  and status = $3
  and coalesce(search_key like all ($4::text[]), false)
order by price desc, product_id desc
limit $5::int`,
  encode: (params) => [
    params.beforePrice,
    params.beforeId,
    params.status,
    arrayOf(params.patterns, textElement),
    params.limit,
  ],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    sku: r[2] ?? null,
    description: r[3]!,
    imageUrl: r[4] ?? null,
    metadata: toJson(r[5]!),
    price: toSafeInteger(r[6]!),
    status: r[7]!,
    onHand: toSafeInteger(r[8]!),
    reserved: toSafeInteger(r[9]!),
    createdAt: toDate(r[10]!),
    updatedAt: toDate(r[11]!),
  }),
});

export type ListProductsNewestRow = FindProductsRow;

/** Ids are UUIDv7, so their order is the order of creation. */
export const listProductsNewest = many<{
  readonly beforeId: string;
  readonly status: string;
  readonly patterns: readonly string[];
  readonly limit: number;
}, ListProductsNewestRow>({
  name: 'catalog.ListProductsNewest',
  text: `select
  product_id, name, sku, description, image_url, metadata, price, status, on_hand, reserved,
  created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  product_id < $1::uuid
  and status = $2
  and coalesce(search_key like all ($3::text[]), false)
order by product_id desc
limit $4::int`,
  encode: (params) => [
    params.beforeId,
    params.status,
    arrayOf(params.patterns, textElement),
    params.limit,
  ],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    sku: r[2] ?? null,
    description: r[3]!,
    imageUrl: r[4] ?? null,
    metadata: toJson(r[5]!),
    price: toSafeInteger(r[6]!),
    status: r[7]!,
    onHand: toSafeInteger(r[8]!),
    reserved: toSafeInteger(r[9]!),
    createdAt: toDate(r[10]!),
    updatedAt: toDate(r[11]!),
  }),
});

export interface MeasureSearchRow {
  readonly patterns: readonly string[];
  readonly grams: readonly string[];
  readonly matches: number;
}

/**
 * Folds the words of a query once, and counts the products that have all of them, up to `limit`. The
 * characters \ % _ of a word stand for themselves. Single characters are in many names, so only a word of
 * one character is found by them.
 */
export const measureSearch = one<{
  readonly words: readonly string[];
  readonly status: string;
  readonly limit: number;
}, MeasureSearchRow>({
  name: 'catalog.MeasureSearch',
  text: `with folded as materialized (
  select search.key(word) as key from unnest($1::text[]) as word
),
sought as materialized (
  select
    array(select '%' || regexp_replace(key, '([\\\\%_])', '\\\\\\1', 'g') || '%' from folded) as patterns,
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
        and status = $2
      limit $3::int
    ) as found
  ) as "matches!"
from sought`,
  encode: (params) => [arrayOf(params.words, textElement), params.status, params.limit],
  decode: (r) => ({
    patterns: toArray(r[0]!, String),
    grams: toArray(r[1]!, String),
    matches: toSafeInteger(r[2]!),
  }),
});

export type SearchProductsRow = FindProductsRow;

/**
 * A page of few matches: finds all of them by their grams and sorts them. The lists above read products
 * in order and skip those that do not match, which is fast only when many products match.
 */
export const searchProducts = many<{
  readonly grams: readonly string[];
  readonly patterns: readonly string[];
  readonly status: string;
  readonly sort: string;
  readonly name: string;
  readonly productId: string;
  readonly price: number;
  readonly limit: number;
}, SearchProductsRow>({
  name: 'catalog.SearchProducts',
  text: `with found as materialized (
  select
    product_id, name, sku, price, status, on_hand, reserved, created_at, updated_at,
    lower(name) collate "C" as lower_name
  from catalog.products
  where
    search.grams(search_key) @> $1::text[]
    and search_key like all ($2::text[])
    and status = $3
),
ranked as (
  select
    *,
    row_number() over (
      order by
        case $4::text when 'name' then lower_name end,
        case $4::text when 'price' then price when '-price' then -price end,
        case when $4::text in ('name', 'price') then product_id end,
        product_id desc
    ) as rank
  from found
  where
    case $4::text
      when 'name' then (lower_name, product_id) > (lower($5::text) collate "C", $6::uuid)
      when 'price' then (price, product_id) > ($7::bigint, $6::uuid)
      when '-price' then (price, product_id) < ($7::bigint, $6::uuid)
      else product_id < $6::uuid
    end
  order by rank
  limit $8::int
)
select
  product_id as "product_id!", name as "name!", sku, description, image_url, metadata,
  price as "price!", status as "status!", on_hand as "on_hand!", reserved as "reserved!",
  created_at as "created_at!", updated_at as "updated_at!"
from ranked join catalog.descriptions using (product_id)
order by rank`,
  encode: (params) => [
    arrayOf(params.grams, textElement),
    arrayOf(params.patterns, textElement),
    params.status,
    params.sort,
    params.name,
    params.productId,
    params.price,
    params.limit,
  ],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    sku: r[2] ?? null,
    description: r[3]!,
    imageUrl: r[4] ?? null,
    metadata: toJson(r[5]!),
    price: toSafeInteger(r[6]!),
    status: r[7]!,
    onHand: toSafeInteger(r[8]!),
    reserved: toSafeInteger(r[9]!),
    createdAt: toDate(r[10]!),
    updatedAt: toDate(r[11]!),
  }),
});

export type FindProductsBySkuRow = FindProductsRow;

export const findProductsBySku = many<{
  readonly skuKey: string;
  readonly status: string;
  readonly patterns: readonly string[];
}, FindProductsBySkuRow>({
  name: 'catalog.FindProductsBySku',
  text: `select
  product_id, name, sku, description, image_url, metadata, price, status, on_hand, reserved,
  created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  product_id = (select s.product_id from catalog.skus s where s.sku_key = $1)
  and status = $2
  and search_key like all ($3::text[])`,
  encode: (params) => [params.skuKey, params.status, arrayOf(params.patterns, textElement)],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    sku: r[2] ?? null,
    description: r[3]!,
    imageUrl: r[4] ?? null,
    metadata: toJson(r[5]!),
    price: toSafeInteger(r[6]!),
    status: r[7]!,
    onHand: toSafeInteger(r[8]!),
    reserved: toSafeInteger(r[9]!),
    createdAt: toDate(r[10]!),
    updatedAt: toDate(r[11]!),
  }),
});

export interface FindStocksRow {
  readonly productId: string;
  readonly stock: number;
  readonly price: number;
  readonly status: string;
}

/** What a buyer must know of a product that is shown already. */
export const findStocks = many<{ readonly productIds: readonly string[] }, FindStocksRow>({
  name: 'catalog.FindStocks',
  text: `select product_id, on_hand - reserved as "stock!", price, status
from catalog.products
where product_id = any($1::uuid[])`,
  encode: (params) => [arrayOf(params.productIds, uuidElement)],
  decode: (r) => ({
    productId: r[0]!,
    stock: toSafeInteger(r[1]!),
    price: toSafeInteger(r[2]!),
    status: r[3]!,
  }),
});
