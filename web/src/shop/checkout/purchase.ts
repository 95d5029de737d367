import type { Cart, NewOrder, Product } from '@moa-commerce/client';

/** What is bought: the cart of a user at a version, or one product by the id of this purchase. */
export type Purchase =
  | { readonly from: 'cart'; readonly userId: string; readonly version: number }
  | {
      readonly from: 'product';
      readonly userId: string;
      readonly intent: string;
      readonly productId: string;
      readonly quantity: number;
    };

/** A line of the sheet. */
export interface CheckoutLine {
  readonly productId: string;
  readonly name: string;
  readonly imageUrl: string | null;
  readonly quantity: number;
  readonly price: number;
  readonly lineTotal: number;
  /** The most that can be bought at the moment; less than the quantity blocks the line. */
  readonly available: number;
  /** The shop does not sell it any more. */
  readonly isArchived: boolean;
}

/** Where the page keeps what was pressed: a place for each cart and each purchase of a product. */
export const slotOf = (purchase: Purchase): string =>
  purchase.from === 'cart'
    ? `cart:${purchase.userId}`
    : `product:${purchase.userId}:${purchase.intent}`;

/** The name of the intent. Tabs that show the same version of a cart make one purchase. */
export const nameOf = (purchase: Purchase): string =>
  purchase.from === 'cart'
    ? `checkout:cart:${purchase.userId}:${purchase.version}`
    : `checkout:product:${purchase.userId}:${purchase.intent}`;

/**
 * The request of a purchase; the service refuses it when the total is above the one seen, and when
 * somebody else has signed in since.
 */
export const orderOf = (purchase: Purchase, expectedTotal: number): NewOrder =>
  purchase.from === 'cart'
    ? { userId: purchase.userId, cart: true, expectedTotal }
    : {
        userId: purchase.userId,
        items: [{ productId: purchase.productId, quantity: purchase.quantity }],
        expectedTotal,
      };

/** The lines of a cart; what is not sold any more has nothing available. */
export const linesOfCart = (cart: Cart): readonly CheckoutLine[] =>
  cart.items.map((item) => ({
    productId: item.productId,
    name: item.name,
    imageUrl: item.imageUrl,
    quantity: item.quantity,
    price: item.price,
    lineTotal: item.lineTotal,
    available: item.status === 'archived' ? 0 : item.stock,
    isArchived: item.status === 'archived',
  }));

/** The one line of "buy now". */
export const lineOfProduct = (product: Product, quantity: number): CheckoutLine => ({
  productId: product.productId,
  name: product.name,
  imageUrl: product.imageUrl,
  quantity,
  price: product.price,
  lineTotal: product.price * quantity,
  available: product.status === 'archived' ? 0 : product.stock,
  isArchived: product.status === 'archived',
});

export const totalOf = (lines: readonly CheckoutLine[]): number =>
  lines.reduce((sum, { lineTotal }) => sum + lineTotal, 0);

/** The lines that cannot be bought as they are. */
export const blockedOf = (lines: readonly CheckoutLine[]): readonly CheckoutLine[] =>
  lines.filter(({ available, quantity }) => available < quantity);

/** What a refusal was about: other products or quantities make it old. */
export const contentOf = (lines: readonly CheckoutLine[]): string =>
  lines.map(({ productId, quantity }) => `${productId}:${quantity}`).join(',');

/** What the shopper saw: the total, and the amount of each line by product. */
export interface Seen {
  readonly total: number;
  readonly lines: Readonly<Record<string, number>>;
}

export const seenOf = (lines: readonly CheckoutLine[]): Seen => ({
  total: totalOf(lines),
  lines: Object.fromEntries(lines.map(({ productId, lineTotal }) => [productId, lineTotal])),
});

/** The products whose lines cost more than what was seen, new lines included. */
export const risenSince = (seen: Seen, lines: readonly CheckoutLine[]): ReadonlySet<string> =>
  new Set(
    lines
      .filter(({ productId, lineTotal }) => lineTotal > (seen.lines[productId] ?? 0))
      .map(({ productId }) => productId),
  );
