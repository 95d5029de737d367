import type { FindBoundsRow } from './queries.gen.ts';

/** The figures of the sales report, and each again as a sum of its products' weighted parts. */
export interface Quarter {
  orders: number;
  units: number;
  gross: number;
  refundedUnits: number;
  refunded: number;
  /** The parts of `orders`: an order is counted for each of its products. */
  weightedOrders: number;
  weightedUnits: number;
  weightedGross: number;
  weightedRefundedUnits: number;
  weightedRefunded: number;
}

/** The length of a part of the sales report. */
export const QUARTER_MS = 900_000;

/**
 * The weights are less than 2^26 and the sums are modulo this prime, the largest below 2^26: a
 * product of two such numbers is exact. Two parts of a quarter that differ have the same weighted
 * sum with a probability of 2^-26, under weights that nobody can foresee.
 */
export const WEIGHT_MODULUS = 67_108_859;

/** Some units of a product for an amount, with the weight of the product. */
interface Part {
  readonly weight: number;
  readonly quantity: number;
  readonly amount: number;
}

const add = (sum: number, weight: number, value: number): number =>
  (sum + weight * (value % WEIGHT_MODULUS)) % WEIGHT_MODULUS;

/** Adds a line of a sale to a quarter of an hour; the order itself is counted apart. */
export const addSale = (quarter: Quarter, { weight, quantity, amount }: Part): void => {
  quarter.units += quantity;
  quarter.gross += amount;
  quarter.weightedOrders = add(quarter.weightedOrders, weight, 1);
  quarter.weightedUnits = add(quarter.weightedUnits, weight, quantity);
  quarter.weightedGross = add(quarter.weightedGross, weight, amount);
};

/** Adds the refund of a product to a quarter of an hour. */
export const addRefund = (quarter: Quarter, { weight, quantity, amount }: Part): void => {
  quarter.refundedUnits += quantity;
  quarter.refunded += amount;
  quarter.weightedRefundedUnits = add(quarter.weightedRefundedUnits, weight, quantity);
  quarter.weightedRefunded = add(quarter.weightedRefunded, weight, amount);
};

/** A quarter of an hour in which nothing was sold. */
export const emptyQuarter = (): Quarter => ({
  orders: 0,
  units: 0,
  gross: 0,
  refundedUnits: 0,
  refunded: 0,
  weightedOrders: 0,
  weightedUnits: 0,
  weightedGross: 0,
  weightedRefundedUnits: 0,
  weightedRefunded: 0,
});

/** The quarters of an hour that the sales report has. */
export const createQuarters = ({ quarter: begin, reported }: FindBoundsRow) => {
  const all = new Map<number, Quarter>();
  return {
    all,

    /** The quarter of an event; undefined for an event that the last 30 days of the report lack. */
    quarterOf: (position: number, time: Date): Quarter | undefined => {
      if (position > reported || time < begin) return undefined;
      const start = time.getTime() - (time.getTime() % QUARTER_MS);
      const known = all.get(start);
      if (known !== undefined) return known;
      const quarter = emptyQuarter();
      all.set(start, quarter);
      return quarter;
    },
  };
};
