import type { Pool } from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import {
  deleteAnswers,
  findFirstAnswer,
  findProgress,
  keepAnswers,
  moveAnswers,
} from './queries.gen.ts';

const SECOND_MS = 1_000;
/** The records of one transaction: those of a minute at most. */
const RANGE_MS = 60 * SECOND_MS;
/** Transactions per round; the next round continues. */
const RANGES_MAX = 500;
/** Records are kept for 16 days. */
const KEPT_MS = 17 * 24 * 60 * 60 * SECOND_MS;

const secondOf = (time: Date): number => Math.floor(time.getTime() / SECOND_MS) * SECOND_MS;

/**
 * Records the digests of new idempotency records, in whole seconds up to a time. Every record up to
 * `until` must be committed. A record whose answer is stored later has no digest.
 */
export const keepNewAnswers = async (pool: Pool, until: Date): Promise<void> => {
  const progress = await findProgress(pool);
  const end = secondOf(until);
  const begin = progress?.answersUntil ?? (await findFirstAnswer(pool))?.first ?? until;
  let after = secondOf(begin);
  for (let ranges = 0; after < end && ranges < RANGES_MAX; ranges++) {
    const range: { after: Date; upTo: Date } = {
      after: new Date(after),
      upTo: new Date(Math.min(after + RANGE_MS, end)),
    };
    await inTransaction(pool, async (db) => {
      await keepAnswers(db, range);
      await moveAnswers(db, { until: range.upTo });
    });
    after = range.upTo.getTime();
  }
  await deleteAnswers(pool, { olderThan: new Date(until.getTime() - KEPT_MS) });
};
