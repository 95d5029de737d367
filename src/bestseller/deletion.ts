import type { Queryable } from '../database/statement.ts';
import {
  deleteOldDays,
  deleteOldSales,
  deleteReplacedDays,
  deleteReplacedSales,
} from './queries.gen.ts';

/** Deleting this many rows takes about 50 ms. */
const ROWS_MAX = 5_000;

/**
 * Deletes some unused rows: sales that are older than every window, and the rows of replaced
 * builds. Returns whether there may be more.
 */
export const deleteUnused = async (db: Queryable): Promise<boolean> => {
  const limit = ROWS_MAX;
  let isMore = false;
  for (const each of [deleteOldSales, deleteOldDays, deleteReplacedSales, deleteReplacedDays]) {
    if ((await each(db, { limit })) === limit) isMore = true;
  }
  return isMore;
};
