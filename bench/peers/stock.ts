/** What the database says of a product: units in placed orders, units that can still be sold. */
export interface StockRow {
  readonly ordered: number;
  readonly available: number;
}

/** The stock after all orders, in units; each order has one. */
export interface StockCheck {
  /** Orders that the load saw placed. */
  readonly answered: number;
  /** In orders of the database. */
  readonly ordered: number;
  /** By how much the stock went down. */
  readonly gone: number;
  /** Ordered, but not taken from the stock of its product: these can be sold twice. */
  readonly notTaken: number;
  /** Taken from the stock of a product without an order. */
  readonly takenTooMuch: number;
}

/** Compares the stock of each product, which was `initial`, with the orders. */
export const checkStock = (
  rows: readonly StockRow[],
  initial: number,
  answered: number,
): StockCheck => {
  const sum = (unitsOf: (row: StockRow) => number): number =>
    rows.reduce((total, row) => total + unitsOf(row), 0);
  const goneOf = ({ available }: StockRow): number => initial - available;
  return {
    answered,
    ordered: sum(({ ordered }) => ordered),
    gone: sum(goneOf),
    notTaken: sum((row) => Math.max(0, row.ordered - goneOf(row))),
    takenTooMuch: sum((row) => Math.max(0, goneOf(row) - row.ordered)),
  };
};
