/** From this many units on, nobody needs the number. */
const LOW_STOCK = 10;

/** As many units as one line of a cart holds. */
const LINE_MAX = 999;

/** What a card says about the stock: nothing while there is plenty. */
export const stockLevel = (stock: number): 'none' | 'low' | 'plenty' => {
  if (stock <= 0) return 'none';
  return stock <= LOW_STOCK ? 'low' : 'plenty';
};

/** The units that one line can have now. */
export const unitsMax = (stock: number): number => Math.max(0, Math.min(stock, LINE_MAX));

/** The nearest quantity that can be bought, at least 1; a fraction or no number becomes 1. */
export const possibleQuantity = (wanted: number, stock: number): number =>
  Number.isSafeInteger(wanted) ? Math.max(1, Math.min(wanted, unitsMax(stock))) : 1;
