-- name: AppendLeaves :one
-- Numbers the events of a range from `size` on and returns their hashes in that order, one after the
-- other. PostgreSQL hashes the stored text, so no event is parsed or sent.
with added as (
  select
    :size::bigint + row_number() over (order by position) - 1 as leaf_index,
    position, event_id, leaf_hash
  from log.entries
  where position > :after::bigint and position <= :upTo::bigint
),
inserted as (
  insert into log.leaves (leaf_index, position, event_id)
  select leaf_index, position, event_id from added
)
select max(position) as "last?", string_agg(leaf_hash, '' order by leaf_index) as "hashes?"
from added;

-- name: ReadTiles :many
select t.level, t.tile_index, t.hashes
from unnest(:levels::smallint[], :indexes::bigint[]) as wanted (level, tile_index)
join log.tiles t on t.level = wanted.level and t.tile_index = wanted.tile_index;

-- name: WriteTiles :batch
insert into log.tiles (level, tile_index, hashes)
select level, tile_index, decode(hashes, 'hex')
from unnest(:level::smallint[], :index::bigint[], :hashes::text[]) as t (level, tile_index, hashes)
on conflict (level, tile_index) do update set hashes = excluded.hashes;

-- name: FindCheckpoint :one
select tree_size, position, root, verifier_key, note from log.checkpoint where is_only;

-- name: WriteCheckpoint :exec
insert into log.checkpoint (tree_size, position, root, verifier_key, note)
values (:treeSize, :position, :root, :verifierKey, :note)
on conflict (is_only) do update
set
  tree_size = excluded.tree_size, position = excluded.position, root = excluded.root,
  verifier_key = excluded.verifier_key, note = excluded.note;

-- name: SignEmptyTree :exec
-- The first checkpoint, of a log that has none.
insert into log.checkpoint (tree_size, position, root, verifier_key, note)
values (0, 0, :root, :verifierKey, :note)
on conflict (is_only) do nothing;

-- name: SignAgain :exec
-- Replaces the signature of a tree that has not grown meanwhile.
update log.checkpoint
set verifier_key = :verifierKey, note = :note
where is_only and tree_size = :treeSize;

-- name: FindInstallation :one
select installation_id from delivery.installation where is_only;

-- name: FindLeafOfEvent :one
select leaf_index from log.leaves where event_id = :eventId;

-- name: FindOrder :one
select user_id, status, paid_at from orders.orders where order_id = :orderId;

-- name: FindPayment :one
-- The event has the time of the payment.
select n.position, n.entry as "entry!", l.leaf_index as "leaf_index?"
from log.entries n
left join log.leaves l on l.position = n.position
where n.time = :paidAt and n.subject = :subject and n.type = 'order.paid.v1';

-- name: FindLastLeaf :one
select leaf_index from log.leaves order by leaf_index desc limit 1;

-- name: CompareLeaves :one
-- Whether neighbouring leaves, from the begin of a tile on, are all there, after the position of the
-- leaf before them, each with its event, whose hash is in the tiles. No leaf is sent.
with leaves as (
  select
    l.leaf_index, l.position, l.event_id, n.event_id as stored_id, n.leaf_hash,
    lag(l.position, 1, :last::bigint) over (order by l.leaf_index) as before
  from log.leaves l
  left join log.entries n on n.position = l.position
  where l.leaf_index >= :begin::bigint and l.leaf_index < :end::bigint
)
select
  coalesce(
    count(*) = :end::bigint - :begin::bigint
    and bool_and(stored_id is not distinct from event_id and position > before)
    and string_agg(leaf_hash, '' order by leaf_index) = (
      select string_agg(hashes, '' order by tile_index)
      from log.tiles
      where
        level = 0 and tile_index >= :begin::bigint / 256
        and tile_index <= (:end::bigint - 1) / 256
    ),
    false
  ) as "are_intact!",
  coalesce(max(position), :last::bigint) as "last!"
from leaves;

-- name: ReadLeaves :many
-- Each leaf with the event at its position now.
select
  l.leaf_index, l.position, l.event_id, n.event_id as "stored_id?", n.leaf_hash as "leaf_hash?"
from log.leaves l
left join log.entries n on n.position = l.position
where l.leaf_index >= :begin::bigint and l.leaf_index < :end::bigint
order by l.leaf_index;

-- name: FindLeafPlaces :one
-- Where leaves from an index on stand in the journal: the position of the leaf before them, and of
-- the last one.
select
  (select position from log.leaves where leaf_index < :begin::bigint
  order by leaf_index desc limit 1) as "before?",
  (select position from log.leaves where leaf_index < :end::bigint
  order by leaf_index desc limit 1) as "last?";

-- name: FindLeafAfter :one
-- The first leaf of an event beyond a position.
select leaf_index from log.leaves where position > :position::bigint order by position limit 1;

-- name: FindUnloggedBetween :many
-- Events of some positions that have no leaf, each with the leaf that follows.
select
  e.position, e.event_id,
  (select leaf_index from log.leaves l where l.position > e.position
  order by l.position limit 1) as "next?"
from journal.events e
where
  (:after?::bigint is null or e.position > :after?::bigint) and e.position <= :upTo::bigint
  and not exists (select from log.leaves l where l.position = e.position)
order by e.position
limit :limit::int;

-- name: CountEventsUpTo :one
select count(*) as "events!" from journal.events where position <= :upTo::bigint;

-- name: FindUnloggedEvents :many
-- Events up to a position that have no leaf.
select e.position, e.event_id
from journal.events e
where
  e.position <= :upTo::bigint
  and not exists (select from log.leaves l where l.position = e.position)
order by e.position
limit :limit::int;
