import type { Queryable } from '../database/statement.ts';
import type { Span } from './merkle.ts';
import { readTiles as readTileRows } from './queries.gen.ts';
import { createSpanHash, tilesOf, type Tile, type TilePlace } from './tiles.ts';

/** The stored tiles of some places, in no order. */
export const readTiles = async (db: Queryable, places: readonly TilePlace[]): Promise<Tile[]> => {
  const rows = await readTileRows(db, {
    levels: places.map(({ level }) => level),
    indexes: places.map(({ index }) => index),
  });
  return rows.map(({ level, tileIndex: index, hashes }) => ({ level, index, hashes }));
};

/** The hashes of spans of the tree, which must be within its size. */
export const readHashes = async (db: Queryable, spans: readonly Span[]): Promise<Buffer[]> => {
  const tiles = await readTiles(db, tilesOf(spans));
  return spans.map(createSpanHash(tiles));
};
