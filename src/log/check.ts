import type { Queryable } from '../database/statement.ts';
import { HASH_BYTES, openCheckpoint, parseVerifierKey } from '../receipt/index.ts';
import { compareLeaves, readLeafHashes } from './compare-leaves.ts';
import {
  compareLeaves as compareLeavesOf,
  countEventsUpTo,
  findCheckpoint,
  findLastLeaf,
  findUnloggedEvents,
  readLeaves,
  type FindCheckpointRow,
} from './queries.gen.ts';
import { readTiles } from './read-tiles.ts';
import { TILE_WIDTH, createSpanHash, edgeAfter, growTiles, hashAt, type Tile } from './tiles.ts';

/** Leaves that are compared at a time: a few megabytes. */
const PAGE = 16 * TILE_WIDTH;

type Say = (violation: string) => void;

/** Compares tiles above the leaves with those that follow from the tiles below them. */
const compareTiles = async (
  db: Queryable,
  expected: readonly Tile[],
  complain: Say,
): Promise<void> => {
  const stored = await readTiles(db, expected);
  for (const { level, index, hashes } of expected) {
    const found = stored.find((tile) => tile.level === level && tile.index === index);
    for (let offset = 0; offset < hashes.length / HASH_BYTES; offset++) {
      const hash = found && hashAt(found.hashes, offset);
      if (hash?.equals(hashAt(hashes, offset)) === true) continue;
      const below = `tile ${level - 1}/${index * TILE_WIDTH + offset}`;
      complain(`tile ${level}/${index}: hash ${offset} is not that of ${below}`);
    }
  }
};

/** Compares a checkpoint with the root of its tree and with its signature. */
export const compareCheckpoint = async (
  { treeSize: size, root, note, verifierKey }: FindCheckpointRow,
  computed: Buffer,
  complain: Say,
): Promise<void> => {
  if (!computed.equals(root)) complain(`the checkpoint of ${size} leaves has another root`);
  const verifier = await parseVerifierKey(verifierKey);
  const signed = verifier && (await openCheckpoint(note, verifier));
  if (signed?.size !== size || !root.equals(signed.root)) {
    complain(`the checkpoint of ${size} leaves is not signed by ${verifierKey}`);
  }
};

/**
 * Recomputes the tree of the current checkpoint from the journal and returns differences, at most
 * about `limit`: an event that was changed, removed or inserted, a damaged hash, leaf or checkpoint.
 */
export const checkLog = async (db: Queryable, limit: number): Promise<string[]> => {
  const violations = new Set<string>();
  const complain: Say = (violation) => {
    if (violations.size < limit) violations.add(violation);
  };
  const checkpoint = await findCheckpoint(db);
  if (checkpoint === undefined) {
    const leaf = await findLastLeaf(db);
    return leaf === undefined ? [] : [`there is no checkpoint of ${leaf.leafIndex + 1} leaves`];
  }
  const { treeSize: size, position } = checkpoint;
  let edge: Tile[] | undefined = [];
  let last = 0;
  for (let begin = 0; begin < size; begin += PAGE) {
    const end = Math.min(size, begin + PAGE);
    const hashes = await readLeafHashes(db, begin, end);
    const compared = (await compareLeavesOf(db, { begin, end, last }))!;
    // Only leaves that are not intact are read, to name them.
    last = compared.areIntact
      ? compared.last
      : compareLeaves(await readLeaves(db, { begin, end }), { begin, hashes, last }, complain);
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
    const root = createSpanHash(edge)({ begin: 0, end: size });
    await compareCheckpoint(checkpoint, root, complain);
  }
  // As many events as leaves, each leaf with its own: no event is without a leaf.
  const isCounted = (await countEventsUpTo(db, { upTo: position }))?.events === size;
  if (isCounted && violations.size === 0) return [];
  const unlogged = await findUnloggedEvents(db, { upTo: position, limit });
  const named = unlogged.map(
    (event) => `event ${event.eventId} at position ${event.position} has no leaf`,
  );
  return [...named, ...violations].slice(0, limit);
};
