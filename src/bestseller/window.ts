/** A product's sales minus refunds, or a change of them. */
export interface Sales {
  readonly productId: string;
  readonly units: number;
  /** In the currency's minor unit; the sum of many orders may exceed the safe integers. */
  readonly revenue: bigint;
  /** Orders with units of the product that were not refunded. */
  readonly orders: number;
}

/** The sales of each product between two instants, updated by changes. */
export interface Window {
  /** Adds changes; drops products whose sums become zero. */
  readonly change: (changes: Iterable<Sales>) => void;
  /** The best sellers by units, then revenue, then id; only products with net sales. */
  readonly top: (limit: number) => readonly Sales[];
  /** The number of products with sums. */
  readonly size: () => number;
}

/** Whether `a` ranks before `b`; no two products are equal. */
const ranksBefore = (a: Sales, b: Sales): boolean => {
  if (a.units !== b.units) return a.units > b.units;
  if (a.revenue !== b.revenue) return a.revenue > b.revenue;
  return a.productId < b.productId;
};

/** An empty window. */
export const createWindow = (): Window => {
  const totals = new Map<string, Sales>();

  return {
    change: (changes) => {
      for (const change of changes) {
        const { productId } = change;
        const before = totals.get(productId);
        if (before === undefined) {
          totals.set(productId, change);
          continue;
        }
        const units = before.units + change.units;
        const revenue = before.revenue + change.revenue;
        const orders = before.orders + change.orders;
        if (units === 0 && revenue === 0n && orders === 0) totals.delete(productId);
        else totals.set(productId, { productId, units, revenue, orders });
      }
    },

    top: (limit) => {
      // One pass with a short sorted list: most products are compared only with its last entry.
      const best: Sales[] = [];
      for (const sales of totals.values()) {
        const last = best.length < limit ? undefined : best.at(-1);
        if (sales.units <= 0 || (last !== undefined && ranksBefore(last, sales))) continue;
        let place = best.length;
        while (place > 0 && ranksBefore(sales, best[place - 1]!)) place--;
        best.splice(place, 0, sales);
        if (best.length > limit) best.pop();
      }
      return best;
    },

    size: () => totals.size,
  };
};
