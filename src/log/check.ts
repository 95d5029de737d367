import type { Queryable } from '../database/statement.ts';
import { openCheckpoint } from './checkpoint.ts';
import { parseVerifierKey } from './note.ts';
import {
  findCheckpoint,
  findLastLeaf,
  findUnloggedEvents,
  readLeaves,
  type FindCheckpointRow,
  type ReadLeavesRow,
} from './queries.gen.ts';
import { readTiles } from './read-tiles.ts';
import {
  TILE_WIDTH,
  createSpanHash,
  edgeAfter,
  growTiles,
  hashAt,
  type Tile,
  type TilePlace,
} from './tiles.ts';

/** Leaves that are compared at a time: a few megabytes. */
const PAGE = 16 * TILE_WIDTH;

type Complain = (violation: string) => void;

/** The hashes of the leaves of a page, as the tiles have them. */
const readLeafHashes = async (
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

/** Compares a page's leaves with the events of the journal and with the hashes in the tiles. */
const compareLeaves = (
  rows: readonly ReadLeavesRow[],
  { begin, hashes }: { readonly begin: number; readonly hashes: readonly (Buffer | undefined)[] },
  complain: Complain,
): void => {
  const leaves = new Map(rows.map((row) => [row.leafIndex, row]));
  let last = 0;
  for (const [number, hash] of hashes.entries()) {
    const leaf = leaves.get(begin + number);
    if (leaf === undefined) {
      complain(`leaf ${begin + number} is missing`);
      continue;
    }
    const { leafIndex, position, eventId, storedId, leafHash } = leaf;
    const what = `leaf ${leafIndex}: event ${eventId} at position ${position}`;
    if (position <= last) complain(`${what} is not after the leaf before it`);
    last = position;
    if (storedId === null) complain(`${what} was removed from the journal`);
    else if (storedId !== eventId) complain(`${what} was replaced by event ${storedId}`);
    else if (hash === undefined) complain(`leaf ${leafIndex} has no hash in tile 0`);
    else if (leafHash?.equals(hash) !== true) complain(`${what} is not as it was logged`);
  }
};

/** Compares tiles above the leaves with those that follow from the tiles below them. */
const compareTiles = async (
  db: Queryable,
  expected: readonly Tile[],
  complain: Complain,
): Promise<void> => {
  const stored = await readTiles(db, expected);
  for (const { level, index, hashes } of expected) {
    const found = stored.find((tile) => tile.level === level && tile.index === index);
    for (let offset = 0; offset < hashes.length / 32; offset++) {
      const hash = found && hashAt(found.hashes, offset);
      if (hash?.equals(hashAt(hashes, offset)) === true) continue;
      const below = `tile ${level - 1}/${index * TILE_WIDTH + offset}`;
      complain(`tile ${level}/${index}: hash ${offset} is not that of ${below}`);
    }
  }
};

const compareCheckpoint = (
  { treeSize: size, root, note, verifierKey }: FindCheckpointRow,
  computed: Buffer,
  complain: Complain,
): void => {
  if (!computed.equals(root)) complain(`the checkpoint of ${size} leaves has another root`);
  const verifier = parseVerifierKey(verifierKey);
  const signed = verifier && openCheckpoint(note, verifier);
  if (signed?.size !== size || !signed.root.equals(root)) {
    complain(`the checkpoint of ${size} leaves is not signed by ${verifierKey}`);
  }
};

/**
 * Recomputes the tree of the current checkpoint from the journal and returns differences, at most
 * about `limit`: an event that was changed, removed or inserted, a damaged hash, leaf or checkpoint.
 */
export const checkLog = async (db: Queryable, limit: number): Promise<string[]> => {
  const violations = new Set<string>();
  const complain: Complain = (violation) => {
    if (violations.size < limit) violations.add(violation);
  };
  const checkpoint = await findCheckpoint(db);
  if (checkpoint === undefined) {
    const leaf = await findLastLeaf(db);
    return leaf === undefined ? [] : [`there is no checkpoint of ${leaf.leafIndex + 1} leaves`];
  }
  const { treeSize: size, position } = checkpoint;
  for (const event of await findUnloggedEvents(db, { upTo: position, limit })) {
    complain(`event ${event.eventId} at position ${event.position} has no leaf`);
  }
  let edge: Tile[] | undefined = [];
  for (let begin = 0; begin < size; begin += PAGE) {
    const end = Math.min(size, begin + PAGE);
    const hashes = await readLeafHashes(db, begin, end);
    compareLeaves(await readLeaves(db, { begin, end }), { begin, hashes }, complain);
    const known = hashes.filter((hash) => hash !== undefined);
    if (edge === undefined || known.length < hashes.length) {
      edge = undefined;
      continue;
    }
    const grown: Tile[] = growTiles(edge, begin, known);
    await compareTiles(
      db,
      grown.filter(({ level }) => level > 0),
      complain,
    );
    edge = edgeAfter(end, [...edge, ...grown]);
  }
  if (edge !== undefined) {
    compareCheckpoint(checkpoint, createSpanHash(edge)({ begin: 0, end: size }), complain);
  }
  return [...violations];
};
