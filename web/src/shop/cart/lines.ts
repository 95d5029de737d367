import type { Cart, components } from '@moa-commerce/client';

export type CartLine = Cart['items'][number];
type StockState = components['schemas']['StockState'];

/** Why a line cannot be bought as it is. */
export type Obstacle = 'archived' | 'sold_out' | 'short' | 'too_much';

/** What stands in the way of buying a line, if anything does. */
export const obstacleOf = ({ status, stock }: CartLine): Obstacle | undefined => {
  if (status === 'archived') return 'archived';
  if (status === 'total_limit_exceeded') return 'too_much';
  if (status !== 'insufficient_stock') return undefined;
  return stock <= 0 ? 'sold_out' : 'short';
};

/** Whether a removed line can be added again. */
export const canComeBack = ({ status }: CartLine): boolean => status !== 'archived';

/** How much the price of one unit rose since it was added; negative when it fell. */
export const priceRiseOf = ({ price, priceWhenAdded }: CartLine): number => price - priceWhenAdded;

/** The lines that can be bought now, their total, and those that cannot. */
export const splitCart = (lines: readonly CartLine[]) => {
  const buyable = lines.filter((line) => obstacleOf(line) === undefined);
  return {
    buyable,
    blocked: lines.filter((line) => obstacleOf(line) !== undefined),
    total: buyable.reduce((sum, { lineTotal }) => sum + lineTotal, 0),
  };
};

const MONEY_MAX = Number.MAX_SAFE_INTEGER;

/** The status as the service gives it, in the same order of precedence. */
const withStatus = (line: CartLine, isArchived: boolean): CartLine => {
  const { quantity, price, priceWhenAdded, stock } = line;
  const lineTotal = Math.min(quantity * price, MONEY_MAX);
  const status = (): CartLine['status'] => {
    if (isArchived) return 'archived';
    if (quantity * price > MONEY_MAX) return 'total_limit_exceeded';
    if (stock < quantity) return 'insufficient_stock';
    return price === priceWhenAdded ? 'ok' : 'price_changed';
  };
  return { ...line, lineTotal, status: status() };
};

const withLines = (cart: Cart, items: CartLine[]): Cart => ({
  ...cart,
  items,
  total: Math.min(
    items.reduce((sum, { lineTotal }) => sum + lineTotal, 0),
    MONEY_MAX,
  ),
  purchasable: items.length > 0 && items.every((line) => obstacleOf(line) === undefined),
});

/** The cart with the quantities that the customer chose and the service does not know yet. */
export const withQuantities = (
  cart: Cart,
  chosen: Readonly<Record<string, number | undefined>>,
): Cart =>
  withLines(
    cart,
    cart.items.map((line) =>
      withStatus(
        { ...line, quantity: chosen[line.productId] ?? line.quantity },
        line.status === 'archived',
      ),
    ),
  );

/** The cart with the current price and stock of one product; the same cart without a line of it. */
export const cartWithStock = (cart: Cart, { productId, stock, price, status }: StockState): Cart =>
  cart.items.some((line) => line.productId === productId)
    ? withLines(
        cart,
        cart.items.map((line) =>
          line.productId === productId
            ? withStatus({ ...line, stock, price }, status === 'archived')
            : line,
        ),
      )
    : cart;
