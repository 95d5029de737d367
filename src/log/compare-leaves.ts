import type { Queryable } from '../database/statement.ts';
import type { ReadLeavesRow } from './queries.gen.ts';
import { readTiles } from './read-tiles.ts';
import { TILE_WIDTH, hashAt, type TilePlace } from './tiles.ts';

/** A leaf, and its event if the event is known. */
export interface LeafPlace {
  readonly leaf: number;
  readonly eventId?: string;
  readonly position?: number;
}

export type Complain = (violation: string, at: LeafPlace) => void;

/** The hashes of the leaves from `begin`, where a tile begins, as the tiles have them. */
export const readLeafHashes = async (
  db: Queryable,
  begin: number,
  end: number,
): Promise<(Buffer | undefined)[]> => {
  const places = Array.from(
    { length: Math.ceil((end - begin) / TILE_WIDTH) },
    (_, number): TilePlace => ({ level: 0, index: begin / TILE_WIDTH + number }),
  );
  const tiles = new Map((await readTiles(db, places)).map(({ index, hashes }) => [index, hashes]));
  return Array.from({ length: end - begin }, (_, number) => {
    const hashes = tiles.get(Math.floor((begin + number) / TILE_WIDTH));
    const found = hashes && hashAt(hashes, number % TILE_WIDTH);
    return found === undefined || found.length === 0 ? undefined : found;
  });
};

/** What the tiles have for neighbouring leaves. */
export interface LeafHashes {
  readonly begin: number;
  readonly hashes: readonly (Buffer | undefined)[];
  /** The position of the leaf before them, or 0. */
  readonly last: number;
}

/**
 * Compares leaves with the events of the journal and with the hashes in the tiles. Returns the
 * position of the last leaf.
 */
export const compareLeaves = (
  rows: readonly ReadLeavesRow[],
  { begin, hashes, ...before }: LeafHashes,
  complain: Complain,
): number => {
  const leaves = new Map(rows.map((row) => [row.leafIndex, row]));
  let { last } = before;
  for (const [number, hash] of hashes.entries()) {
    const row = leaves.get(begin + number);
    if (row === undefined) {
      complain(`leaf ${begin + number} is missing`, { leaf: begin + number });
      continue;
    }
    const { leafIndex: leaf, position, eventId, storedId, leafHash } = row;
    const what = `leaf ${leaf}: event ${eventId} at position ${position}`;
    const say = (fault: string): void => complain(fault, { leaf, eventId, position });
    if (position <= last) say(`${what} is not after the leaf before it`);
    last = position;
    if (storedId === null) say(`${what} was removed from the journal`);
    else if (storedId !== eventId) say(`${what} was replaced by event ${storedId}`);
    else if (hash === undefined) say(`leaf ${leaf} has no hash in tile 0`);
    else if (leafHash?.equals(hash) !== true) say(`${what} is not as it was logged`);
  }
  return last;
};
