import type { Queryable } from '../database/statement.ts';
import { dropOldDays, dropOldSales, forgetDays, forgetSales } from './queries.gen.ts';

/** So many rows are deleted in about 50 ms. */
const ROWS_MAX = 5_000;

/**
 * Deletes some rows that nobody reads any more: of times that no window reaches back to, and of
 * builds that were replaced. Answers whether there may be others.
 */
export const forgetSome = async (db: Queryable): Promise<boolean> => {
  const limit = ROWS_MAX;
  let isMore = false;
  for (const forget of [forgetSales, forgetDays, dropOldSales, dropOldDays]) {
    if ((await forget(db, { limit })) === limit) isMore = true;
  }
  return isMore;
};
