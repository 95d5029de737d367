import type { Queryable } from '../database/statement.ts';
import { readEvents, readHorizon, readLastPosition, type ReadEventsRow } from './queries.gen.ts';

export interface JournalReader {
  /** The next events after a position, in order; none is ever skipped, whenever it commits. */
  readonly read: (after: number, most: number) => Promise<ReadEventsRow[]>;
}

/**
 * Reads the journal safely while it is written. A transaction may take a low position and commit
 * after one with a higher position, so "the highest position that I see" loses events. Instead we
 * note the last position that was taken and the next transaction id; once every transaction below
 * that id has ended, all positions up to the noted one are decided: they are visible or will never
 * be. This works because a transaction gets its id before its positions. And because positions are
 * taken under the row locks, they grow in commit order for each subject; ids of transactions do not
 * (docs/decisions/0002-journal-order.md).
 */
export const createJournalReader = (on: Queryable): JournalReader => {
  let decided = 0;
  let noted: { position: number; next: bigint } | undefined;

  const advance = async (): Promise<void> => {
    const last = await readLastPosition(on);
    const horizon = await readHorizon(on);
    if (last === undefined || horizon === undefined) return;
    const oldestRunning = BigInt(horizon.oldestRunning);
    const next = BigInt(horizon.next);
    if (noted !== undefined && oldestRunning >= noted.next) {
      decided = Math.max(decided, noted.position);
      noted = undefined;
    }
    if (oldestRunning === next) decided = Math.max(decided, last.position);
    else if (last.position > decided) noted ??= { position: last.position, next };
  };

  return {
    read: async (after, most) => {
      if (after >= decided) await advance();
      if (after >= decided) return [];
      return readEvents(on, { after, upTo: decided, most });
    },
  };
};
