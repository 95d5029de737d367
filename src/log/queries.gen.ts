// Generated from queries.sql by "npm run generate". Do not edit.
import { arrayOf, column, int2Element, int8Element, textElement } from '../database/array.ts';
import {
  batch,
  exec,
  many,
  one,
  toBoolean,
  toBytes,
  toDate,
  toSafeInteger,
} from '../database/statement.ts';

export interface AppendLeavesRow {
  readonly last: number | null;
  readonly hashes: Buffer | null;
}

/**
 * Numbers the events of a range from `size` on and returns their hashes in that order, one after the
 * other. PostgreSQL hashes the stored text, so no event is parsed or sent.
 */
export const appendLeaves = one<{
  readonly size: number;
  readonly after: number;
  readonly upTo: number;
}, AppendLeavesRow>({
  name: 'log.AppendLeaves',
  text: `with added as (
  select
    $1::bigint + row_number() over (order by position) - 1 as leaf_index,
    position, event_id, leaf_hash
  from log.entries
  where position > $2::bigint and position <= $3::bigint
),
inserted as (
  insert into log.leaves (leaf_index, position, event_id)
  select leaf_index, position, event_id from added
)
select max(position) as "last?", string_agg(leaf_hash, '' order by leaf_index) as "hashes?"
from added`,
  encode: (params) => [params.size, params.after, params.upTo],
  decode: (r) => ({
    last: r[0] === null ? null : toSafeInteger(r[0]!),
    hashes: r[1] === null ? null : toBytes(r[1]!),
  }),
});

export interface ReadTilesRow {
  readonly level: number;
  readonly tileIndex: number;
  readonly hashes: Buffer;
}

export const readTiles = many<{
  readonly levels: readonly number[];
  readonly indexes: readonly number[];
}, ReadTilesRow>({
  name: 'log.ReadTiles',
  text: `select t.level, t.tile_index, t.hashes
from unnest($1::smallint[], $2::bigint[]) as wanted (level, tile_index)
join log.tiles t on t.level = wanted.level and t.tile_index = wanted.tile_index`,
  encode: (params) => [arrayOf(params.levels, int2Element), arrayOf(params.indexes, int8Element)],
  decode: (r) => ({ level: Number(r[0]!), tileIndex: toSafeInteger(r[1]!), hashes: toBytes(r[2]!) }),
});

export const writeTiles = batch<{
  readonly level: number;
  readonly index: number;
  readonly hashes: string;
}>({
  name: 'log.WriteTiles',
  text: `insert into log.tiles (level, tile_index, hashes)
select level, tile_index, decode(hashes, 'hex')
from unnest($1::smallint[], $2::bigint[], $3::text[]) as t (level, tile_index, hashes)
on conflict (level, tile_index) do update set hashes = excluded.hashes`,
  encode: (rows) => [
    column(rows, (row) => row.level, int2Element),
    column(rows, (row) => row.index, int8Element),
    column(rows, (row) => row.hashes, textElement),
  ],
});

export interface FindCheckpointRow {
  readonly treeSize: number;
  readonly position: number;
  readonly root: Buffer;
  readonly verifierKey: string;
  readonly note: string;
}

export const findCheckpoint = one<void, FindCheckpointRow>({
  name: 'log.FindCheckpoint',
  text: `select tree_size, position, root, verifier_key, note from log.checkpoint where is_only`,
  encode: () => [],
  decode: (r) => ({
    treeSize: toSafeInteger(r[0]!),
    position: toSafeInteger(r[1]!),
    root: toBytes(r[2]!),
    verifierKey: r[3]!,
    note: r[4]!,
  }),
});

export const writeCheckpoint = exec<{
  readonly treeSize: number;
  readonly position: number;
  readonly root: Buffer;
  readonly verifierKey: string;
  readonly note: string;
}>({
  name: 'log.WriteCheckpoint',
  text: `insert into log.checkpoint (tree_size, position, root, verifier_key, note)
values ($1, $2, $3, $4, $5)
on conflict (is_only) do update
set
  tree_size = excluded.tree_size, position = excluded.position, root = excluded.root,
  verifier_key = excluded.verifier_key, note = excluded.note`,
  encode: (params) => [
    params.treeSize,
    params.position,
    params.root,
    params.verifierKey,
    params.note,
  ],
});

/** The first checkpoint, of a log that has none. */
export const signEmptyTree = exec<{
  readonly root: Buffer;
  readonly verifierKey: string;
  readonly note: string;
}>({
  name: 'log.SignEmptyTree',
  text: `insert into log.checkpoint (tree_size, position, root, verifier_key, note)
values (0, 0, $1, $2, $3)
on conflict (is_only) do nothing`,
  encode: (params) => [params.root, params.verifierKey, params.note],
});

/** Replaces the signature of a tree that has not grown meanwhile. */
export const signAgain = exec<{
  readonly verifierKey: string;
  readonly note: string;
  readonly treeSize: number;
}>({
  name: 'log.SignAgain',
  text: `update log.checkpoint
set verifier_key = $1, note = $2
where is_only and tree_size = $3`,
  encode: (params) => [params.verifierKey, params.note, params.treeSize],
});

export interface FindInstallationRow {
  readonly installationId: string;
}

export const findInstallation = one<void, FindInstallationRow>({
  name: 'log.FindInstallation',
  text: `select installation_id from delivery.installation where is_only`,
  encode: () => [],
  decode: (r) => ({ installationId: r[0]! }),
});

export interface FindLeafOfEventRow {
  readonly leafIndex: number;
}

export const findLeafOfEvent = one<{ readonly eventId: string }, FindLeafOfEventRow>({
  name: 'log.FindLeafOfEvent',
  text: `select leaf_index from log.leaves where event_id = $1`,
  encode: (params) => [params.eventId],
  decode: (r) => ({ leafIndex: toSafeInteger(r[0]!) }),
});

export interface FindOrderRow {
  readonly userId: string;
  readonly status: string;
  readonly paidAt: Date | null;
}

export const findOrder = one<{ readonly orderId: string }, FindOrderRow>({
  name: 'log.FindOrder',
  text: `select user_id, status, paid_at from orders.orders where order_id = $1`,
  encode: (params) => [params.orderId],
  decode: (r) => ({ userId: r[0]!, status: r[1]!, paidAt: r[2] === null ? null : toDate(r[2]!) }),
});

export interface FindPaymentRow {
  readonly position: number | null;
  readonly entry: string;
  readonly leafIndex: number | null;
}

/** The event has the time of the payment. */
export const findPayment = one<{
  readonly paidAt: Date;
  readonly subject: string;
}, FindPaymentRow>({
  name: 'log.FindPayment',
  text: `select n.position, n.entry as "entry!", l.leaf_index as "leaf_index?"
from log.entries n
left join log.leaves l on l.position = n.position
where n.time = $1 and n.subject = $2 and n.type = 'order.paid.v1'`,
  encode: (params) => [params.paidAt.toISOString(), params.subject],
  decode: (r) => ({
    position: r[0] === null ? null : toSafeInteger(r[0]!),
    entry: r[1]!,
    leafIndex: r[2] === null ? null : toSafeInteger(r[2]!),
  }),
});

export type FindLastLeafRow = FindLeafOfEventRow;

export const findLastLeaf = one<void, FindLastLeafRow>({
  name: 'log.FindLastLeaf',
  text: `select leaf_index from log.leaves order by leaf_index desc limit 1`,
  encode: () => [],
  decode: (r) => ({ leafIndex: toSafeInteger(r[0]!) }),
});

export interface CompareLeavesRow {
  readonly areIntact: boolean;
  readonly last: number;
}

/**
 * Whether neighbouring leaves, from the begin of a tile on, are all there, after the position of the
 * leaf before them, each with its event, whose hash is in the tiles. No leaf is sent.
 */
export const compareLeaves = one<{
  readonly last: number;
  readonly begin: number;
  readonly end: number;
}, CompareLeavesRow>({
  name: 'log.CompareLeaves',
  text: `with leaves as (
  select
    l.leaf_index, l.position, l.event_id, n.event_id as stored_id, n.leaf_hash,
    lag(l.position, 1, $1::bigint) over (order by l.leaf_index) as before
  from log.leaves l
  left join log.entries n on n.position = l.position
  where l.leaf_index >= $2::bigint and l.leaf_index < $3::bigint
)
select
  coalesce(
    count(*) = $3::bigint - $2::bigint
    and bool_and(stored_id is not distinct from event_id and position > before)
    and string_agg(leaf_hash, '' order by leaf_index) = (
      select string_agg(hashes, '' order by tile_index)
      from log.tiles
      where
        level = 0 and tile_index >= $2::bigint / 256
        and tile_index <= ($3::bigint - 1) / 256
    ),
    false
  ) as "are_intact!",
  coalesce(max(position), $1::bigint) as "last!"
from leaves`,
  encode: (params) => [params.last, params.begin, params.end],
  decode: (r) => ({ areIntact: toBoolean(r[0]!), last: toSafeInteger(r[1]!) }),
});

export interface ReadLeavesRow {
  readonly leafIndex: number;
  readonly position: number;
  readonly eventId: string;
  readonly storedId: string | null;
  readonly leafHash: Buffer | null;
}

/** Each leaf with the event at its position now. */
export const readLeaves = many<{ readonly begin: number; readonly end: number }, ReadLeavesRow>({
  name: 'log.ReadLeaves',
  text: `select
  l.leaf_index, l.position, l.event_id, n.event_id as "stored_id?", n.leaf_hash as "leaf_hash?"
from log.leaves l
left join log.entries n on n.position = l.position
where l.leaf_index >= $1::bigint and l.leaf_index < $2::bigint
order by l.leaf_index`,
  encode: (params) => [params.begin, params.end],
  decode: (r) => ({
    leafIndex: toSafeInteger(r[0]!),
    position: toSafeInteger(r[1]!),
    eventId: r[2]!,
    storedId: r[3] ?? null,
    leafHash: r[4] === null ? null : toBytes(r[4]!),
  }),
});

export interface FindLeafPlacesRow {
  readonly before: number | null;
  readonly last: number | null;
}

/**
 * Where leaves from an index on stand in the journal: the position of the leaf before them, and of
 * the last one.
 */
export const findLeafPlaces = one<{
  readonly begin: number;
  readonly end: number;
}, FindLeafPlacesRow>({
  name: 'log.FindLeafPlaces',
  text: `select
  (select position from log.leaves where leaf_index < $1::bigint
  order by leaf_index desc limit 1) as "before?",
  (select position from log.leaves where leaf_index < $2::bigint
  order by leaf_index desc limit 1) as "last?"`,
  encode: (params) => [params.begin, params.end],
  decode: (r) => ({
    before: r[0] === null ? null : toSafeInteger(r[0]!),
    last: r[1] === null ? null : toSafeInteger(r[1]!),
  }),
});

export type FindLeafAfterRow = FindLeafOfEventRow;

/** The first leaf of an event beyond a position. */
export const findLeafAfter = one<{ readonly position: number }, FindLeafAfterRow>({
  name: 'log.FindLeafAfter',
  text: `select leaf_index from log.leaves where position > $1::bigint order by position limit 1`,
  encode: (params) => [params.position],
  decode: (r) => ({ leafIndex: toSafeInteger(r[0]!) }),
});

export interface FindUnloggedBetweenRow {
  readonly position: number;
  readonly eventId: string;
  readonly next: number | null;
}

/** Events of some positions that have no leaf, each with the leaf that follows. */
export const findUnloggedBetween = many<{
  readonly after: number | null;
  readonly upTo: number;
  readonly limit: number;
}, FindUnloggedBetweenRow>({
  name: 'log.FindUnloggedBetween',
  text: `select
  e.position, e.event_id,
  (select leaf_index from log.leaves l where l.position > e.position
  order by l.position limit 1) as "next?"
from journal.events e
where
  ($1::bigint is null or e.position > $1::bigint) and e.position <= $2::bigint
  and not exists (select from log.leaves l where l.position = e.position)
order by e.position
limit $3::int`,
  encode: (params) => [params.after, params.upTo, params.limit],
  decode: (r) => ({
    position: toSafeInteger(r[0]!),
    eventId: r[1]!,
    next: r[2] === null ? null : toSafeInteger(r[2]!),
  }),
});

export interface CountEventsUpToRow {
  readonly events: number;
}

export const countEventsUpTo = one<{ readonly upTo: number }, CountEventsUpToRow>({
  name: 'log.CountEventsUpTo',
  text: `select count(*) as "events!" from journal.events where position <= $1::bigint`,
  encode: (params) => [params.upTo],
  decode: (r) => ({ events: toSafeInteger(r[0]!) }),
});

export interface FindUnloggedEventsRow {
  readonly position: number;
  readonly eventId: string;
}

/** Events up to a position that have no leaf. */
export const findUnloggedEvents = many<{
  readonly upTo: number;
  readonly limit: number;
}, FindUnloggedEventsRow>({
  name: 'log.FindUnloggedEvents',
  text: `select e.position, e.event_id
from journal.events e
where
  e.position <= $1::bigint
  and not exists (select from log.leaves l where l.position = e.position)
order by e.position
limit $2::int`,
  encode: (params) => [params.upTo, params.limit],
  decode: (r) => ({ position: toSafeInteger(r[0]!), eventId: r[1]! }),
});
