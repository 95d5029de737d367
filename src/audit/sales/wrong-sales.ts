import type { Queryable } from '../../database/statement.ts';
import { emptyQuarter, type Quarter } from './quarters.ts';
import { wrongReports, type SumReportsRow } from './queries.gen.ts';
import type { Recorded } from './recorded.ts';
import type { ProductFigures, Tally } from './tally.ts';

type Found = readonly { readonly violation: string }[];
type Sold = Pick<ProductFigures, 'units' | 'revenue' | 'orders'>;

const NOTHING: Sold = { units: 0, revenue: 0, orders: 0 };

const textOf = ({ units, revenue, orders }: Sold): string =>
  `${units} for ${revenue} in ${orders} orders`;

/** Compares the best sellers with the journal's figures, at most `limit` violations (B1). */
export const findWrongBestSellers = (
  { bestSellers, days }: Recorded,
  { products }: Tally,
  limit: number,
): Found => {
  const recorded = new Map(bestSellers.map((row) => [row.productId, row]));
  const found = [...days];
  for (const productId of new Set([...products.keys(), ...recorded.keys()])) {
    const has = textOf(recorded.get(productId) ?? NOTHING);
    const counted = textOf(products.get(productId) ?? NOTHING);
    if (has === counted) continue;
    found.push({ violation: `product ${productId}: recorded ${has}, counted ${counted}` });
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
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
  recorded: Recorded,
  { quarters }: Tally,
  limit: number,
): Promise<Found> => {
  const starts = new Set(recorded.quarters.map(({ quarter }) => quarter.getTime()));
  const isReported =
    [...quarters.keys()].every((start) => starts.has(start)) &&
    recorded.quarters.every((row) =>
      isCounted(row, quarters.get(row.quarter.getTime()) ?? emptyQuarter()),
    );
  return isReported ? [] : wrongReports(db, { limit });
};
