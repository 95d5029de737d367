import type { Static } from 'typebox';
import { availableOf, type Product } from '../catalog/index.ts';
import { AMOUNT_MAX, choice } from '../contract/index.ts';
import type { Cart, CartLine } from './tables.ts';

/** The fields of a product that a cart shows. */
export type CartProduct = Pick<
  Product,
  'productId' | 'name' | 'price' | 'status' | 'onHand' | 'reserved'
> & { readonly imageUrl: string | null };

export const LineStatus = choice([
  'ok',
  'price_changed',
  'insufficient_stock',
  'total_limit_exceeded',
  'archived',
]);
type LineStatus = Static<typeof LineStatus>;

/**
 * The cart as the API shows it, with current prices and stock. Every product of the cart must be in
 * `products`: products are archived, never deleted.
 */
export const viewCart = (
  { userId, version, lines }: Cart,
  products: readonly CartProduct[],
  currency: string,
) => {
  const byId = new Map(products.map((product) => [product.productId, product]));
  const items = lines.map((line) => viewLine(line, byId.get(line.productId)));
  // A sum above the largest amount is not exact, but stays above.
  const total = lines.reduce((sum, { quantity }, index) => {
    return sum + quantity * items[index]!.price;
  }, 0);
  const canBeBought = items.every(({ status }) => status === 'ok' || status === 'price_changed');
  return {
    userId,
    version,
    items,
    total: Math.min(total, AMOUNT_MAX),
    currency,
    purchasable: items.length > 0 && canBeBought && total <= AMOUNT_MAX,
  };
};

const viewLine = (line: CartLine, product: CartProduct | undefined) => {
  const { productId, quantity, priceWhenAdded, addedAt } = line;
  if (product === undefined) throw new Error(`product ${productId} does not exist`);
  const { name, imageUrl, price } = product;
  return {
    productId,
    name,
    imageUrl,
    quantity,
    price,
    priceWhenAdded,
    stock: availableOf(product),
    status: statusOf(line, product),
    lineTotal: Math.min(quantity * price, AMOUNT_MAX),
    addedAt,
  };
};

/** The first status that applies, in the order of the outcomes of a checkout. */
const statusOf = ({ quantity, priceWhenAdded }: CartLine, product: CartProduct): LineStatus => {
  if (product.status === 'archived') return 'archived';
  if (quantity * product.price > AMOUNT_MAX) return 'total_limit_exceeded';
  if (availableOf(product) < quantity) return 'insufficient_stock';
  return product.price === priceWhenAdded ? 'ok' : 'price_changed';
};
