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
import { deleteUnused } from './deletion.ts';
import { endBuild, findRecorded, lockBuilds, recordSales, startBuild } from './queries.gen.ts';
import { CURSOR, EVENTS_MAX } from './recording.ts';

/** The cursor of the build that will replace the live build. */
const NEXT_CURSOR = 'best-sellers.next';

export interface RebuildProgress {
  /** The position up to which the journal was read, and its last position. */
  readonly done: number;
  readonly total: number;
}

/** Another rebuild began or ended meanwhile, and this one has no effect. */
export class RebuildReplaced extends Error {
  override readonly name = 'RebuildReplaced';
  override readonly message = 'this rebuild has no effect: another rebuild began after it';
}

/**
 * Rebuilds the sales from the whole journal while they are read and recorded, replaces the live
 * build at once, and deletes the old build in steps. An interrupted rebuild changes no live row;
 * its rows are deleted after the next rebuild. Of two concurrent rebuilds, the one that began first
 * rejects with `RebuildReplaced`.
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
  while (await deleteUnused(pool));
};

/** Switches to the new build once it is close to the live build; returns whether it switched. */
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
