import type { Queryable } from '../../database/statement.ts';
import { randomSeed } from '../random-seed.ts';
import { WEIGHT_MODULUS } from './quarters.ts';
import {
  findBounds,
  sumBestSellers,
  sumReports,
  weighProducts,
  wrongDays,
  type FindBoundsRow,
} from './queries.gen.ts';

/** What of the sales is compared, and with which weights of the products. */
export interface Bounds extends FindBoundsRow {
  readonly seed: number;
  readonly weights: ReadonlyMap<string, number>;
}

/** Reads the bounds and makes weights that nobody can foresee. */
export const readBounds = async (db: Queryable): Promise<Bounds> => {
  const seed = randomSeed();
  const bounds = (await findBounds(db))!;
  const weighed = await weighProducts(db, { seed });
  return {
    ...bounds,
    seed,
    weights: new Map(weighed.map(({ productId, weight }) => [productId, weight])),
  };
};

/** What the best sellers and the sales report have recorded, and at most `limit` wrong days. */
export const readRecorded = async (
  db: Queryable,
  { since, quarter, seed }: Bounds,
  limit: number,
) => ({
  bestSellers: await sumBestSellers(db, { since }),
  days: await wrongDays(db, { limit }),
  quarters: await sumReports(db, { since: quarter, seed, modulus: WEIGHT_MODULUS }),
});

export type Recorded = Awaited<ReturnType<typeof readRecorded>>;
