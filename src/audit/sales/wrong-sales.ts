import type { Queryable } from '../../database/statement.ts';
import type { InvariantNumber } from '../invariants.ts';
import { wrongOrders, wrongReports, wrongSales } from './queries.gen.ts';

type Found = readonly { readonly violation: string }[];

/** The violations of the invariants that compare sums over the lines of orders. */
export type WrongSales = Readonly<Record<'S2' | 'S3' | 'B1' | 'O1' | 'R1', Found>>;

/**
 * Checks the invariants over the lines of orders, at most `limit` violations of each. O1 and R1 are
 * checked by sums with weights from `seed`; the statements that name orders and quarters of an hour
 * take much longer and run only when the sums differ.
 */
export const findWrongSales = async (
  db: Queryable,
  seed: number,
  limit: number,
): Promise<WrongSales> => {
  const found = await wrongSales(db, { seed, limit });
  const of = (invariant: InvariantNumber): Found =>
    found.filter((each) => each.invariant === invariant);
  return {
    S2: of('S2'),
    S3: of('S3'),
    B1: of('B1'),
    O1: of('O1').length === 0 ? [] : await wrongOrders(db, { limit }),
    R1: of('R1').length === 0 ? [] : await wrongReports(db, { limit }),
  };
};
