import { HASH_BYTES } from '../receipt/index.ts';
import { completeRoot, spanHash, type Span, type Subtree, subtreesOf } from './merkle.ts';

/** The height of a tile, and the hashes of a full one (c2sp.org/tlog-tiles). */
const TILE_HEIGHT = 8;
export const TILE_WIDTH = 2 ** TILE_HEIGHT;

/** The place of a tile. */
export interface TilePlace {
  readonly level: number;
  readonly index: number;
}

/** Some neighbouring hashes of a tree, one after the other; a full tile has 256. */
export interface Tile extends TilePlace {
  readonly hashes: Buffer;
}

/** A tile that is not full, as a tree of some size has it. */
export interface EdgePlace extends TilePlace {
  /** The number of its hashes. */
  readonly width: number;
}

/** The partial tiles of a tree of this size, one on each level at most, the lowest first. */
export const edgeOf = (size: number): EdgePlace[] => {
  const places: EdgePlace[] = [];
  for (let [level, count] = [0, size]; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    const width = count % TILE_WIDTH;
    if (width > 0) places.push({ level, index: Math.floor(count / TILE_WIDTH), width });
  }
  return places;
};

/** The hash at an index of a row of hashes. */
export const hashAt = (hashes: Buffer, index: number): Buffer =>
  hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);

/** Where a complete subtree is: its hashes in one tile. */
const placeOf = ({ level, index }: Subtree) => {
  const width = 2 ** (level % TILE_HEIGHT);
  const first = index * width;
  return {
    level: Math.floor(level / TILE_HEIGHT),
    index: Math.floor(first / TILE_WIDTH),
    offset: first % TILE_WIDTH,
    width,
  };
};

/** A key for maps, and how messages name a tile. */
export const keyOf = ({ level, index }: TilePlace): string => `${level}/${index}`;

/** The tiles from which the hashes of spans are computed, each once. */
export const tilesOf = (spans: readonly Span[]): TilePlace[] => {
  const places = spans.flatMap(subtreesOf).map(placeOf);
  const tiles = places.map(({ level, index }): TilePlace => ({ level, index }));
  return [...new Map(tiles.map((tile) => [keyOf(tile), tile])).values()];
};

/** A tile is missing or has too few hashes. */
export class TileMissing extends Error {
  override readonly name = 'TileMissing';
}

/** Hashes spans from tiles, which may be wider than a tree of the spans; throws `TileMissing`. */
export const createSpanHash = (tiles: readonly Tile[]): ((span: Span) => Buffer) => {
  const known = new Map(tiles.map((tile) => [keyOf(tile), tile.hashes]));
  const subtreeHash = (subtree: Subtree): Buffer => {
    const { offset, width, ...place } = placeOf(subtree);
    const hashes = known
      .get(keyOf(place))
      ?.subarray(offset * HASH_BYTES, (offset + width) * HASH_BYTES);
    if (hashes?.length !== width * HASH_BYTES) {
      throw new TileMissing(`tile ${keyOf(place)} has no ${width} hashes from ${offset} on`);
    }
    return completeRoot(hashes);
  };
  const hashed = new Map<string, Buffer>();
  const cached = (subtree: Subtree): Buffer => {
    const key = keyOf(subtree);
    const hash = hashed.get(key) ?? subtreeHash(subtree);
    hashed.set(key, hash);
    return hash;
  };
  return (span) => spanHash(span, cached);
};

/** One level of a tree that grows. */
interface Growth {
  readonly tiles: readonly Tile[];
  /** The roots of the tiles that became full. */
  readonly roots: readonly Buffer[];
}

const growLevel = (
  level: number,
  count: number,
  partial: Buffer,
  added: readonly Buffer[],
): Growth => {
  const first = Math.floor(count / TILE_WIDTH);
  const all = Buffer.concat([partial, ...added]);
  const bytes = TILE_WIDTH * HASH_BYTES;
  const tiles = Array.from({ length: Math.ceil(all.length / bytes) }, (_, number) => ({
    level,
    index: first + number,
    hashes: all.subarray(number * bytes, (number + 1) * bytes),
  }));
  const full = tiles.filter(({ hashes }) => hashes.length === bytes);
  return { tiles, roots: full.map(({ hashes }) => completeRoot(hashes)) };
};

/**
 * The changed tiles of a tree of `size` leaves to which hashes of leaves are added, each buffer with
 * one or several. `edge` are the tree's partial tiles; throws `TileMissing` when one is missing or
 * has another width.
 */
export const growTiles = (
  edge: readonly Tile[],
  size: number,
  leaves: readonly Buffer[],
): Tile[] => {
  const places = edgeOf(size);
  const changed: Tile[] = [];
  let [level, count, added] = [0, size, leaves];
  for (; added.length > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    const { width, index } = places.find((place) => place.level === level) ?? {
      width: 0,
      index: 0,
    };
    const partial = edge.find((tile) => tile.level === level && tile.index === index);
    const hashes = width === 0 ? Buffer.alloc(0) : partial?.hashes;
    if (hashes?.length !== width * HASH_BYTES) {
      throw new TileMissing(`tile ${keyOf({ level, index })} does not have ${width} hashes`);
    }
    const { tiles, roots } = growLevel(level, count, hashes, added);
    changed.push(...tiles);
    added = roots;
  }
  return changed;
};

/** The partial tiles after a growth, from those before it and the changed ones. */
export const edgeAfter = (size: number, tiles: readonly Tile[]): Tile[] => {
  const latest = new Map(tiles.map((tile) => [keyOf(tile), tile]));
  return edgeOf(size).flatMap((place) => latest.get(keyOf(place)) ?? []);
};
