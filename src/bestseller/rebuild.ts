import type { Pool } from 'pg';
import type { Queryable } from '../database/statement.ts';
import { inTransaction } from '../database/transaction.ts';
import {
  CursorMissing,
  carryOut,
  createJournalReader,
  createSubscriber,
  type Range,
} from '../journal/index.ts';
import { forgetSome } from './forgetting.ts';
import { endBuild, findRecorded, lockBuilds, recordSales, startBuild } from './queries.gen.ts';
import { CURSOR, EVENTS_MAX } from './recording.ts';

/** The cursor of the build that is to replace the one that is read. */
const NEXT_CURSOR = 'best-sellers.next';

export interface RebuildProgress {
  /** Up to where the journal was read, and where it ends. */
  readonly done: number;
  readonly total: number;
}

/** Another rebuild was begun or has ended meanwhile, and this one has no effect. */
export class RebuildReplaced extends Error {
  override readonly name = 'RebuildReplaced';
  override readonly message = 'another rebuild was begun after this one, which has no effect';
}

/**
 * Makes the sales anew from the whole journal while they are read and recorded, puts the new ones
 * in the place of the old ones at once, and deletes those bit by bit. Interrupted, it has changed
 * nothing that is read; what it leaves is deleted after the next one. Of two that run at the same
 * time the one that began first rejects with `RebuildReplaced`.
 */
export const rebuildBestSellers = async (
  pool: Pool,
  onProgress: (progress: RebuildProgress) => void,
): Promise<void> => {
  const build = (await startBuild(pool))?.build;
  let total = 0;
  const apply = async (db: Queryable, range: Range): Promise<void> => {
    if (range.build !== build) throw new RebuildReplaced();
    await recordSales(db, range);
    onProgress({ done: range.upTo, total: Math.max(range.upTo, total) });
  };
  const reader = createJournalReader(pool);
  const next = createSubscriber({ pool, reader, name: NEXT_CURSOR, limit: EVENTS_MAX, apply });

  do {
    const recorded = (await findRecorded(pool))?.position ?? 0;
    total = Math.max(recorded, await reader.findDecided(total));
    await next.catchUp(total, Infinity).catch((error: unknown) => {
      throw error instanceof CursorMissing ? new RebuildReplaced() : error;
    });
  } while (!(await replaceBuild(pool, apply)));
  while (await forgetSome(pool));
};

/** Switches to the new build once it is nearly as far as the old one; answers whether it was. */
const replaceBuild = (
  pool: Pool,
  apply: (db: Queryable, range: Range) => Promise<void>,
): Promise<boolean> =>
  inTransaction(pool, async (db) => {
    const builds = await lockBuilds(db);
    const live = builds.find(({ name }) => name === CURSOR);
    const next = builds.find(({ name }) => name === NEXT_CURSOR);
    if (live === undefined || next === undefined) throw new RebuildReplaced();
    const { position: after, build } = next;
    const upTo = Math.max(after, live.position);
    if (upTo - after > EVENTS_MAX) return false;
    const read = await carryOut(db, apply, { after, upTo, build });
    await endBuild(db, { position: upTo, read });
    return true;
  });
