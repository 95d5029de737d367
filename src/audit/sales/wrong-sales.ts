import type { Queryable } from '../../database/statement.ts';
import { WEIGHT_MODULUS, emptyQuarter, type Quarter } from './quarters.ts';
import { sumReports, wrongBestSellers, wrongReports, type SumReportsRow } from './queries.gen.ts';
import type { Tally } from './tally.ts';

type Found = readonly { readonly violation: string }[];

/** Compares the best sellers with the journal's figures, at most about `limit` violations (B1). */
export const findWrongBestSellers = (
  db: Queryable,
  { products, bounds: { since } }: Tally,
  limit: number,
): Promise<Found> => {
  const sold = [...products].filter(([, { orders }]) => orders > 0);
  return wrongBestSellers(db, {
    productIds: sold.map(([productId]) => productId),
    units: sold.map(([, { units }]) => units),
    revenues: sold.map(([, { revenue }]) => revenue),
    orders: sold.map(([, { orders }]) => orders),
    since,
    limit,
  });
};

/** Whether the totals of a quarter and its products' parts are those of the journal. */
const isCounted = (row: SumReportsRow, counted: Quarter): boolean =>
  Object.entries(counted).every(([name, value]) => row[name as keyof Quarter] === value) &&
  row.sumOfUnits === counted.units &&
  row.sumOfGross === counted.gross &&
  row.sumOfRefundedUnits === counted.refundedUnits &&
  row.sumOfRefunded === counted.refunded;

/**
 * Compares the sales report with the journal's figures (R1), at most `limit` violations. The parts
 * of the products are compared by their weighted sums; the statement that names them takes much
 * longer and runs only when the sums differ.
 */
export const findWrongReports = async (
  db: Queryable,
  { quarters, bounds, seed }: Tally,
  limit: number,
): Promise<Found> => {
  const rows = await sumReports(db, { since: bounds.quarter, seed, modulus: WEIGHT_MODULUS });
  const recorded = new Set(rows.map(({ quarter }) => quarter.getTime()));
  const isReported =
    [...quarters.keys()].every((start) => recorded.has(start)) &&
    rows.every((row) => isCounted(row, quarters.get(row.quarter.getTime()) ?? emptyQuarter()));
  return isReported ? [] : wrongReports(db, { limit });
};
