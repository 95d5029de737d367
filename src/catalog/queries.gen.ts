// Generated from queries.sql by "npm run generate". Do not edit.
import {
  arrayOf,
  batch,
  column,
  many,
  nullableElement,
  one,
  plainElement,
  textElement,
  timeElement,
  toDate,
  toSafeInteger,
  uuidElement,
} from '../database/statement.ts';

export interface LockProductsRow {
  readonly productId: string;
  readonly name: string;
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
  text: `select product_id, name, price, status, on_hand, reserved, created_at, updated_at
from catalog.products
where product_id = any($1::uuid[])
order by product_id
for no key update`,
  encode: (params) => [arrayOf(params.productIds, uuidElement)],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    price: toSafeInteger(r[2]!),
    status: r[3]!,
    onHand: toSafeInteger(r[4]!),
    reserved: toSafeInteger(r[5]!),
    createdAt: toDate(r[6]!),
    updatedAt: toDate(r[7]!),
  }),
});

export const insertProducts = batch<{
  readonly productId: string;
  readonly name: string;
  readonly price: number;
  readonly status: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}>({
  name: 'catalog.InsertProducts',
  text: `insert into catalog.products
  (product_id, name, price, status, on_hand, reserved, created_at, updated_at)
select * from unnest(
  $1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::bigint[],
  $6::bigint[], $7::timestamptz[], $8::timestamptz[]
)`,
  encode: (rows) => [
    column(rows, (row) => row.productId, uuidElement),
    column(rows, (row) => row.name, textElement),
    column(rows, (row) => row.price, plainElement),
    column(rows, (row) => row.status, textElement),
    column(rows, (row) => row.onHand, plainElement),
    column(rows, (row) => row.reserved, plainElement),
    column(rows, (row) => row.createdAt, timeElement),
    column(rows, (row) => row.updatedAt, timeElement),
  ],
});

export const updateProducts = batch<{
  readonly productId: string;
  readonly name: string;
  readonly price: number;
  readonly status: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly updatedAt: Date;
}>({
  name: 'catalog.UpdateProducts',
  text: `update catalog.products p
set
  name = c.name, price = c.price, status = c.status, on_hand = c.on_hand, reserved = c.reserved,
  updated_at = c.updated_at
from unnest(
  $1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::bigint[],
  $6::bigint[], $7::timestamptz[]
) as c (product_id, name, price, status, on_hand, reserved, updated_at)
where p.product_id = c.product_id`,
  encode: (rows) => [
    column(rows, (row) => row.productId, uuidElement),
    column(rows, (row) => row.name, textElement),
    column(rows, (row) => row.price, plainElement),
    column(rows, (row) => row.status, textElement),
    column(rows, (row) => row.onHand, plainElement),
    column(rows, (row) => row.reserved, plainElement),
    column(rows, (row) => row.updatedAt, timeElement),
  ],
});

export interface LockDescriptionsRow {
  readonly productId: string;
  readonly description: string;
  readonly imageUrl: string | null;
}

export const lockDescriptions = many<{
  readonly productIds: readonly string[];
}, LockDescriptionsRow>({
  name: 'catalog.LockDescriptions',
  text: `select product_id, description, image_url
from catalog.descriptions
where product_id = any($1::uuid[])
order by product_id
for no key update`,
  encode: (params) => [arrayOf(params.productIds, uuidElement)],
  decode: (r) => ({ productId: r[0]!, description: r[1]!, imageUrl: r[2] ?? null }),
});

export const insertDescriptions = batch<{
  readonly productId: string;
  readonly description: string;
  readonly imageUrl: string | null;
}>({
  name: 'catalog.InsertDescriptions',
  text: `insert into catalog.descriptions (product_id, description, image_url)
select * from unnest($1::uuid[], $2::text[], $3::text[])`,
  encode: (rows) => [
    column(rows, (row) => row.productId, uuidElement),
    column(rows, (row) => row.description, textElement),
    column(rows, (row) => row.imageUrl, nullableElement(textElement)),
  ],
});

export const updateDescriptions = batch<{
  readonly productId: string;
  readonly description: string;
  readonly imageUrl: string | null;
}>({
  name: 'catalog.UpdateDescriptions',
  text: `update catalog.descriptions d
set description = c.description, image_url = c.image_url
from unnest($1::uuid[], $2::text[], $3::text[])
  as c (product_id, description, image_url)
where d.product_id = c.product_id`,
  encode: (rows) => [
    column(rows, (row) => row.productId, uuidElement),
    column(rows, (row) => row.description, textElement),
    column(rows, (row) => row.imageUrl, nullableElement(textElement)),
  ],
});

export interface FindProductsRow {
  readonly productId: string;
  readonly name: string;
  readonly description: string;
  readonly imageUrl: string | null;
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
  product_id, name, description, image_url, price, status, on_hand, reserved, created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where product_id = any($1::uuid[])`,
  encode: (params) => [arrayOf(params.productIds, uuidElement)],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    description: r[2]!,
    imageUrl: r[3] ?? null,
    price: toSafeInteger(r[4]!),
    status: r[5]!,
    onHand: toSafeInteger(r[6]!),
    reserved: toSafeInteger(r[7]!),
    createdAt: toDate(r[8]!),
    updatedAt: toDate(r[9]!),
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

/** Code point order: the same on every database, and dictionary order for Korean syllables. */
export const listProductsByName = many<{
  readonly afterName: string;
  readonly afterId: string;
  readonly status: string;
  readonly query: string;
  readonly limit: number;
}, ListProductsByNameRow>({
  name: 'catalog.ListProductsByName',
  text: `select
  product_id, name, description, image_url, price, status, on_hand, reserved, created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  (lower(name) collate "C", product_id) > (lower($1) collate "C", $2::uuid)
  and status = $3
  and position(lower($4) in lower(name)) > 0
order by lower(name) collate "C", product_id
limit $5::int`,
  encode: (params) => [params.afterName, params.afterId, params.status, params.query, params.limit],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    description: r[2]!,
    imageUrl: r[3] ?? null,
    price: toSafeInteger(r[4]!),
    status: r[5]!,
    onHand: toSafeInteger(r[6]!),
    reserved: toSafeInteger(r[7]!),
    createdAt: toDate(r[8]!),
    updatedAt: toDate(r[9]!),
  }),
});

export type ListProductsByPriceRow = FindProductsRow;

export const listProductsByPrice = many<{
  readonly afterPrice: number;
  readonly afterId: string;
  readonly status: string;
  readonly query: string;
  readonly limit: number;
}, ListProductsByPriceRow>({
  name: 'catalog.ListProductsByPrice',
  text: `select
  product_id, name, description, image_url, price, status, on_hand, reserved, created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  (price, product_id) > ($1::bigint, $2::uuid)
  and status = $3
  and position(lower($4) in lower(name)) > 0
order by price, product_id
limit $5::int`,
  encode: (params) => [params.afterPrice, params.afterId, params.status, params.query, params.limit],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    description: r[2]!,
    imageUrl: r[3] ?? null,
    price: toSafeInteger(r[4]!),
    status: r[5]!,
    onHand: toSafeInteger(r[6]!),
    reserved: toSafeInteger(r[7]!),
    createdAt: toDate(r[8]!),
    updatedAt: toDate(r[9]!),
  }),
});

export type ListProductsByPriceDownRow = FindProductsRow;

export const listProductsByPriceDown = many<{
  readonly beforePrice: number;
  readonly beforeId: string;
  readonly status: string;
  readonly query: string;
  readonly limit: number;
}, ListProductsByPriceDownRow>({
  name: 'catalog.ListProductsByPriceDown',
  text: `select
  product_id, name, description, image_url, price, status, on_hand, reserved, created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  (price, product_id) < ($1::bigint, $2::uuid)
  and status = $3
  and position(lower($4) in lower(name)) > 0
order by price desc, product_id desc
limit $5::int`,
  encode: (params) => [
    params.beforePrice,
    params.beforeId,
    params.status,
    params.query,
    params.limit,
  ],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    description: r[2]!,
    imageUrl: r[3] ?? null,
    price: toSafeInteger(r[4]!),
    status: r[5]!,
    onHand: toSafeInteger(r[6]!),
    reserved: toSafeInteger(r[7]!),
    createdAt: toDate(r[8]!),
    updatedAt: toDate(r[9]!),
  }),
});

export type ListProductsNewestRow = FindProductsRow;

/** Ids are UUIDv7, so their order is the order of creation. */
export const listProductsNewest = many<{
  readonly beforeId: string;
  readonly status: string;
  readonly query: string;
  readonly limit: number;
}, ListProductsNewestRow>({
  name: 'catalog.ListProductsNewest',
  text: `select
  product_id, name, description, image_url, price, status, on_hand, reserved, created_at, updated_at
from catalog.products join catalog.descriptions using (product_id)
where
  product_id < $1::uuid
  and status = $2
  and position(lower($3) in lower(name)) > 0
order by product_id desc
limit $4::int`,
  encode: (params) => [params.beforeId, params.status, params.query, params.limit],
  decode: (r) => ({
    productId: r[0]!,
    name: r[1]!,
    description: r[2]!,
    imageUrl: r[3] ?? null,
    price: toSafeInteger(r[4]!),
    status: r[5]!,
    onHand: toSafeInteger(r[6]!),
    reserved: toSafeInteger(r[7]!),
    createdAt: toDate(r[8]!),
    updatedAt: toDate(r[9]!),
  }),
});
