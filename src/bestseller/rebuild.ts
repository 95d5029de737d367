import type { Pool } from 'pg';
import { inTransaction } from '../database/transaction.ts';
import { createJournalReader, createSubscriber, type Range } from '../journal/index.ts';
import type { Queryable } from '../database/statement.ts';
import { forgetSome } from './forgetting.ts';
import { endBuild, lockBuilds, recordSales, startBuild } from './queries.gen.ts';
import { CURSOR } from './recording.ts';

/** The cursor of the build that is to replace the one that is read. */
const NEXT_CURSOR = 'best-sellers.next';

/** Positions in a transaction: few enough that sales go on being recorded beside it. */
const EVENTS_MAX = 5_000;

export interface RebuildProgress {
  /** Positions of the journal that were read, and how many there are. */
  readonly done: number;
  readonly total: number;
}

/** Another rebuild was begun after this one, which then ends without an effect. */
export class RebuildReplaced extends Error {
  override readonly name = 'RebuildReplaced';
}

/**
 * Makes the sales anew from the whole journal while they are read and recorded, replaces them at
 * once, and deletes the old ones bit by bit. Interrupted, it has changed nothing that is read; what
 * it leaves is deleted after the next rebuild.
 */
export const rebuildBestSellers = async (
  pool: Pool,
  onProgress: (progress: RebuildProgress) => void,
): Promise<void> => {
  const started = await startBuild(pool);
  if (started === undefined) throw new Error('the best sellers have no cursor');
  const apply = async (on: Queryable, range: Range): Promise<void> => {
    if (range.build !== started.build) throw new RebuildReplaced('another rebuild was begun');
    await recordSales(on, range);
    done = range.upTo;
  };
  const reader = createJournalReader(pool);
  const next = createSubscriber({ pool, reader, name: NEXT_CURSOR, most: EVENTS_MAX, apply });
  let done = 0;
  const goOn = async (): Promise<void> => {
    while (await next.runOnce()) {
      onProgress({ done, total: Math.max(done, await reader.findDecided(done)) });
    }
  };

  do await goOn();
  while (!(await replace(pool, apply)));
  onProgress({ done, total: done });
  while (await forgetSome(pool));
};

/** Switches to the new build, if it is nearly as far as the old one; answers whether it was. */
const replace = (
  pool: Pool,
  apply: (on: Queryable, range: Range) => Promise<void>,
): Promise<boolean> =>
  inTransaction(pool, async (on) => {
    const builds = await lockBuilds(on, undefined);
    const live = builds.find(({ name }) => name === CURSOR);
    const next = builds.find(({ name }) => name === NEXT_CURSOR);
    if (live === undefined || next === undefined) throw new RebuildReplaced('another rebuild ended');
    const { position: after, build } = next;
    if (live.position - after > EVENTS_MAX) return false;
    const upTo = Math.max(after, live.position);
    await apply(on, { after, upTo, build });
    ...
  });
