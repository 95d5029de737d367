import type { Queryable } from '../database/statement.ts';
import {
  readEvents,
  readFence,
  readHorizon,
  readLastPosition,
  type ReadEventsRow,
} from './queries.gen.ts';

export interface JournalReader {
  /** The next events after a position, in order; none is ever skipped, whenever it commits. */
  readonly read: (after: number, most: number) => Promise<ReadEventsRow[]>;
}

/**
 * Reads the journal safely while it is written. A transaction may take a low position and commit
 * after one with a higher position, so "the highest position that I see" loses events. Instead we
 * note the last position that was taken, and then take a transaction id as a fence; once every
 * transaction up to the fence has ended, all positions up to the noted one are decided: they are
 * visible or will never be. This works because a transaction gets its id before its positions. And
 * because positions are taken under the row locks, they grow in commit order for each subject; ids
 * of transactions do not (docs/decisions/0002-journal-order.md).
 */
export const createJournalReader = (on: Queryable): JournalReader => {
  let decided = 0;
  let noted: { position: number; fence: bigint } | undefined;

  const note = async (position: number): Promise<void> => {
    if (position <= decided) return;
    const row = await readFence(on);
    if (row !== undefined) noted = { position, fence: BigInt(row.fence) };
  };

  const advance = async (): Promise<void> => {
    const position = (await readLastPosition(on))?.position ?? 0;
    if (noted === undefined) await note(position);
    if (noted === undefined) return;
    const horizon = await readHorizon(on);
    if (horizon === undefined || BigInt(horizon.oldestRunning) <= noted.fence) return;
    decided = noted.position;
    noted = undefined;
    await note(position);
  };

  const readDecided = async (after: number, most: number): Promise<ReadEventsRow[]> =>
    after < decided ? readEvents(on, { after, upTo: decided, most }) : [];

  return {
    read: async (after, most) => {
      const events = await readDecided(after, most);
      if (events.length > 0) return events;
      // Positions that were rolled back leave gaps, so `after` may stay below what is decided.
      await advance();
      return readDecided(after, most);
    },
  };
};
