import { UnusableDatabase } from '../database/unusable.ts';
import { openPool } from '../database/session.ts';
import { readCurrency, recordCurrency } from './queries.gen.ts';

/**
 * Records the currency of a database that has none; throws `UnusableDatabase` when it has another.
 * The database must be migrated.
 */
export const requireCurrency = async (url: string, currency: string): Promise<void> => {
  const pool = openPool(url, 1);
  try {
    await recordCurrency(pool, { currency });
    const recorded = (await readCurrency(pool))?.currency;
    if (recorded !== currency) {
      throw new UnusableDatabase(
        `The amounts in this database are in ${recorded}, but MOA_CURRENCY is ${currency}. ` +
          `Set MOA_CURRENCY=${recorded}, or use another database.`,
      );
    }
  } finally {
    await pool.end();
  }
};
