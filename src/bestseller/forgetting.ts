import type { Queryable } from '../database/statement.ts';
import { dropOldDays, dropOldSales, forgetDays, forgetSales } from './queries.gen.ts';

/** Deleting this many rows takes about 50 ms. */
const ROWS_MAX = 5_000;

/**
 * Deletes some unused rows: sales that are older than every window, and the rows of replaced
 * builds. Returns whether there may be more.
 */
export const forgetSome = async (db: Queryable): Promise<boolean> => {
  const limit = ROWS_MAX;
  let isMore = false;
  for (const forget of [forgetSales, forgetDays, dropOldSales, dropOldDays]) {
    if ((await forget(db, { limit })) === limit) isMore = true;
  }
  return isMore;
};
