/** What was sold of a product, refunds taken off; or, in a change, what is added to that. */
export interface Sales {
  readonly productId: string;
  readonly units: number;
  /** In the currency's minor unit; over many orders it may exceed what a number holds exactly. */
  readonly revenue: bigint;
  /** Orders of which something of the product is left. */
  readonly orders: number;
}

/** The sales of each product within some time, kept up to date by changes. */
export interface Window {
  /** Adds changes; what they cancel out is forgotten. */
  readonly change: (changes: Iterable<Sales>) => void;
  /** The products that sold most: by units, then revenue, then id. None without a net sale. */
  readonly top: (limit: number) => readonly Sales[];
  /** How many products it holds figures for. */
  readonly size: () => number;
}

/** Whether the first ranks before the second; no two products are equal. */
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
      // One pass over all products with a short sorted list: most of them only meet its last entry.
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
