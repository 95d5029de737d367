import type { Pool } from 'pg';
import type { Queryable } from '../database/statement.ts';
import {
  createSubscriber,
  type JournalReader,
  type Range,
  type Subscriber,
} from '../journal/index.ts';
import { HASH_BYTES } from '../receipt/index.ts';
import { signCheckpoint } from './checkpoint.ts';
import type { Signer } from './note.ts';
import { appendLeaves, findCheckpoint, writeCheckpoint, writeTiles } from './queries.gen.ts';
import { readTiles } from './read-tiles.ts';
import { createSpanHash, edgeAfter, edgeOf, growTiles } from './tiles.ts';

/** PostgreSQL hashes and numbers as many events in a few hundredths of a second. */
const EVENTS_MAX = 2_048;

/** Adds the events of a range to the tree and signs the new tree, in the range's transaction. */
const append = async (db: Queryable, range: Range, signer: Signer): Promise<void> => {
  const { treeSize: size } = (await findCheckpoint(db)) ?? { treeSize: 0 };
  const { last = null, hashes = null } = (await appendLeaves(db, { ...range, size })) ?? {};
  if (last === null || hashes === null) return;
  const edge = await readTiles(db, edgeOf(size));
  const changed = growTiles(edge, size, [hashes]);
  await writeTiles(
    db,
    changed.map((tile) => ({ ...tile, hashes: tile.hashes.toString('hex') })),
  );
  const grown = size + hashes.length / HASH_BYTES;
  const spanHash = createSpanHash(edgeAfter(grown, [...edge, ...changed]));
  const root = spanHash({ begin: 0, end: grown });
  await writeCheckpoint(db, {
    treeSize: grown,
    position: last,
    root,
    verifierKey: signer.verifier.text,
    note: signCheckpoint(signer, { size: grown, root }),
  });
};

/**
 * The subscriber that appends the journal's events to the tree, each once and in order of position.
 * Leaves, tiles and checkpoint commit with the cursor, so a crash loses nothing; the lock on the
 * cursor admits one process at a time.
 */
export const createAppending = (
  pool: Pool,
  reader: JournalReader,
  signer: () => Promise<Signer>,
): Subscriber =>
  createSubscriber({
    pool,
    reader,
    name: 'transparency-log',
    limit: EVENTS_MAX,
    apply: async (db, range) => append(db, range, await signer()),
  });
