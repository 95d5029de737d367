import type { Queryable } from '../database/statement.ts';
import { compareCheckpoint } from './check.ts';
import { compareLeaves, readLeafHashes, type Complain, type LeafPlace } from './compare-leaves.ts';
import {
  compareLeaves as compareLeavesOf,
  findCheckpoint,
  findLastLeaf,
  findLeafAfter,
  findLeafPlaces,
  findUnloggedBetween,
  readLeaves,
} from './queries.gen.ts';
import { readHashes, readTiles } from './read-tiles.ts';
import { HASH_BYTES } from '../receipt/index.ts';
import { completeRoot, type Span } from './merkle.ts';
import { TILE_WIDTH, TileMissing, hashAt, keyOf, type TilePlace } from './tiles.ts';

/** A difference between the log and the journal. */
export interface LogViolation extends LeafPlace {
  readonly fault: string;
}

/** Inserted events that are named at a time: enough to see a pattern. */
const UNLOGGED_MAX = 100;

/** The full tiles of a level whose last leaf is in a span, and the leaves of each. */
const fullTiles = ({ begin, end }: Span, level: number) => {
  const width = TILE_WIDTH ** (level + 1);
  const first = Math.floor(begin / width);
  const count = Math.max(0, Math.floor(end / width) - first);
  const places = Array.from({ length: count }, (_, number): TilePlace => ({
    level,
    index: first + number,
  }));
  return { width, places };
};

/** Compares the root of each tile that ends in a span with the hash in the tile above. */
const compareParents = async (db: Queryable, span: Span, complain: Complain): Promise<void> => {
  for (let level = 0; ; level++) {
    const { width, places } = fullTiles(span, level);
    if (places.length === 0) return;
    const parentOf = ({ index }: TilePlace): TilePlace => ({
      level: level + 1,
      index: Math.floor(index / TILE_WIDTH),
    });
    const wanted = [...places, ...places.map(parentOf)];
    const unique = [...new Map(wanted.map((place) => [keyOf(place), place])).values()];
    const found = new Map((await readTiles(db, unique)).map((tile) => [keyOf(tile), tile.hashes]));
    for (const place of places) {
      const hashes = found.get(keyOf(place));
      const parent = parentOf(place);
      const offset = place.index % TILE_WIDTH;
      const above = found.get(keyOf(parent));
      const isFull = hashes?.length === TILE_WIDTH * HASH_BYTES;
      if (isFull && above && hashAt(above, offset).equals(completeRoot(hashes))) continue;
      const fault = `tile ${keyOf(parent)}: hash ${offset} is not that of tile ${keyOf(place)}`;
      complain(fault, { leaf: (place.index + 1) * width - 1 });
    }
  }
};

/**
 * Compares some leaves with the journal and with the tiles, and the tiles that they complete with
 * those above. Leaves are compared from the begin of a tile on; `end` is at most the size of the
 * tree. Names events that were changed, removed or inserted, and each damaged hash.
 */
export const checkLeaves = async (db: Queryable, { begin, end }: Span): Promise<LogViolation[]> => {
  const violations: LogViolation[] = [];
  const complain: Complain = (fault, at) => violations.push({ ...at, fault });
  const span = { begin: begin - (begin % TILE_WIDTH), end };
  const { before, last } = (await findLeafPlaces(db, span))!;
  const compared = await compareLeavesOf(db, { ...span, last: before ?? 0 });
  if (compared?.areIntact !== true) {
    const hashes = await readLeafHashes(db, span.begin, end);
    compareLeaves(
      await readLeaves(db, span),
      { begin: span.begin, hashes, last: before ?? 0 },
      complain,
    );
  }
  const range = { after: span.begin === 0 ? null : before, upTo: last ?? 0, limit: UNLOGGED_MAX };
  for (const { position, eventId, next } of await findUnloggedBetween(db, range)) {
    const fault = `event ${eventId} at position ${position} has no leaf`;
    complain(fault, { leaf: next ?? end, eventId, position });
  }
  await compareParents(db, span, complain);
  return violations;
};

/** The size of the tree, and what is wrong with its checkpoint: the root or the signature. */
export const checkCheckpoint = async (
  db: Queryable,
): Promise<{ readonly size: number; readonly faults: readonly string[] }> => {
  const checkpoint = await findCheckpoint(db);
  if (checkpoint === undefined) {
    const last = await findLastLeaf(db);
    if (last === undefined) return { size: 0, faults: [] };
    const size = last.leafIndex + 1;
    return { size, faults: [`there is no checkpoint of ${size} leaves`] };
  }
  const { treeSize: size } = checkpoint;
  const faults: string[] = [];
  try {
    const [root] = await readHashes(db, [{ begin: 0, end: size }]);
    await compareCheckpoint(checkpoint, root!, (fault) => faults.push(fault));
  } catch (error) {
    if (!(error instanceof TileMissing)) throw error;
    faults.push(error.message);
  }
  return { size, faults };
};

/** The index of the first leaf of an event beyond a position, or undefined without one. */
export const findLeafBeyond = async (
  db: Queryable,
  position: number,
): Promise<number | undefined> => (await findLeafAfter(db, { position }))?.leafIndex;
