// Generated from queries.sql by "npm run generate". Do not edit.
import { arrayOf, column, int8Element, jsonElement, textElement } from '../database/array.ts';
import { batch, many, toJson, toSafeInteger } from '../database/statement.ts';

export interface LockCartsRow {
  readonly userId: string;
  readonly version: number;
  readonly lines: unknown;
}

/**
 * In key order, so that batches cannot deadlock. `no key update` is the weakest lock that suffices.
 */
export const lockCarts = many<{ readonly userIds: readonly string[] }, LockCartsRow>({
  name: 'cart.LockCarts',
  text: `select user_id, version, lines
from cart.carts
where user_id = any($1::text[])
order by user_id
for no key update`,
  encode: (params) => [arrayOf(params.userIds, textElement)],
  decode: (r) => ({ userId: r[0]!, version: toSafeInteger(r[1]!), lines: toJson(r[2]!) }),
});

export const insertCarts = batch<{
  readonly userId: string;
  readonly version: number;
  readonly lines: string;
}>({
  name: 'cart.InsertCarts',
  text: `insert into cart.carts (user_id, version, lines)
select * from unnest($1::text[], $2::bigint[], $3::json[])`,
  encode: (rows) => [
    column(rows, (row) => row.userId, textElement),
    column(rows, (row) => row.version, int8Element),
    column(rows, (row) => row.lines, jsonElement),
  ],
});

export const updateCarts = batch<{
  readonly userId: string;
  readonly version: number;
  readonly lines: string;
}>({
  name: 'cart.UpdateCarts',
  text: `update cart.carts c
set version = n.version, lines = n.lines
from unnest($1::text[], $2::bigint[], $3::json[]) as n (user_id, version, lines)
where c.user_id = n.user_id`,
  encode: (rows) => [
    column(rows, (row) => row.userId, textElement),
    column(rows, (row) => row.version, int8Element),
    column(rows, (row) => row.lines, jsonElement),
  ],
});

export interface FindCartsRow {
  readonly userId: string;
  readonly version: number;
  readonly lines: unknown;
  readonly products: unknown;
}

/**
 * One statement, so that the cart, its prices and its stock come from one snapshot: between two
 * statements, a checkout could sell the cart's stock. A user without a row has an empty cart.
 */
export const findCarts = many<{ readonly userIds: readonly string[] }, FindCartsRow>({
  name: 'cart.FindCarts',
  text: `select
  user_id,
  coalesce(version, 0) as "version!",
  coalesce(lines, '[]') as "lines!",
  (
    select
      coalesce(
        json_agg(
          json_build_object(
            'productId', product_id, 'name', name, 'imageUrl', image_url, 'price', price,
            'status', status, 'onHand', on_hand, 'reserved', reserved
          )
        ),
        '[]'
      )
    from catalog.products join catalog.descriptions using (product_id)
    where product_id = any(
      array(select (line ->> 'productId')::uuid from json_array_elements(lines) as line)
    )
  ) as "products!"
from wallet.wallets left join cart.carts using (user_id)
where user_id = any($1::text[])`,
  encode: (params) => [arrayOf(params.userIds, textElement)],
  decode: (r) => ({
    userId: r[0]!,
    version: toSafeInteger(r[1]!),
    lines: toJson(r[2]!),
    products: toJson(r[3]!),
  }),
});
