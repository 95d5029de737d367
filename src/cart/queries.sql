-- name: LockCarts :many
-- In key order, so that batches cannot deadlock. `no key update` is the weakest lock that suffices.
select user_id, version, lines
from cart.carts
where user_id = any(:userIds::text[])
order by user_id
for no key update;

-- name: InsertCarts :batch
insert into cart.carts (user_id, version, lines)
select * from unnest(:userId::text[], :version::bigint[], :lines::json[]);

-- name: UpdateCarts :batch
update cart.carts c
set version = n.version, lines = n.lines
from unnest(:userId::text[], :version::bigint[], :lines::json[]) as n (user_id, version, lines)
where c.user_id = n.user_id;

-- name: FindCarts :many
-- One statement, so that the cart, its prices and its stock come from one snapshot: between two
-- statements, a checkout could sell the cart's stock. A user without a row has an empty cart.
select
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
where user_id = any(:userIds::text[]);
