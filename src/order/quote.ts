import { availableOf, productNotFound, products, type Product } from '../catalog/core.ts';
import { cartItems } from '../cart/core.ts';
import { refuse, type Refused, type Rows } from '../commit/index.ts';
import { AMOUNT_MAX } from '../contract/core.ts';
import type { Refusal } from '../contract/index.ts';
import { userNotFound, wallets, type Wallet } from '../wallet/core.ts';
import type { OrderedItem } from './events.ts';

/** A product and the requested quantity. */
export interface Item {
  readonly productId: string;
  readonly quantity: number;
}

/** The request of a buyer. */
export interface OrderRequest {
  readonly userId: string;
  /** Merged items, or all items of the buyer's cart. */
  readonly items: readonly Item[] | 'cart';
  /** The total that the buyer saw; a higher total is refused, a lower one is accepted. */
  readonly expectedTotal?: number | undefined;
}

/** The lines and the total at current prices, with all units in stock; or the refusal. */
export type Quote =
  | {
      readonly kind: 'quoted';
      readonly wallet: Wallet;
      readonly items: readonly OrderedItem[];
      readonly total: number;
    }
  | Refused<Refusal>;

/** Merges lines of the same product, in order of first appearance. */
export const mergeItems = (items: readonly Item[]): Item[] => {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of items) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return [...quantities].map(([productId, quantity]) => ({ productId, quantity }));
};

/**
 * The index of the first line with which a product has more than `max` units; undefined when no
 * product has.
 */
export const findExcess = (items: readonly Item[], max: number): number | undefined => {
  const quantities = new Map<string, number>();
  for (const [index, { productId, quantity }] of items.entries()) {
    const sum = (quantities.get(productId) ?? 0) + quantity;
    if (sum > max) return index;
    quantities.set(productId, sum);
  }
  return undefined;
};

/**
 * Prices an order request from the catalog. Outcomes in order: `user_not_found`, `product_not_found`,
 * `cart_empty`, `product_unavailable`, `total_limit_exceeded`, `total_changed`,
 * `insufficient_stock`, quoted.
 */
export const quote = ({ userId, items, expectedTotal }: OrderRequest, rows: Rows): Quote => {
  const wallet = rows.get(wallets, userId);
  if (wallet === undefined) return refuse(userNotFound);

  const requested = items === 'cart' ? cartItems(userId, rows) : items;
  const wanted = requested.map((item) => ({
    ...item,
    product: rows.get(products, item.productId),
  }));
  const missing = wanted.filter(({ product }) => product === undefined);
  if (missing.length > 0) return refuse(productNotFound(idsOf(missing)));
  if (wanted.length === 0) return refuse({ code: 'cart_empty' });
  const known = wanted as Known[];
  const archived = known.filter(({ product }) => product.status === 'archived');
  if (archived.length > 0) {
    return refuse({ code: 'product_unavailable', members: { productIds: idsOf(archived) } });
  }

  const priced = known.map(priceItem);
  const total = priced.reduce((sum, { lineTotal }) => sum + lineTotal, 0);
  // Beyond the largest amount numbers are no longer exact.
  if (total > AMOUNT_MAX) {
    return refuse({ code: 'total_limit_exceeded', members: { limit: AMOUNT_MAX } });
  }
  if (expectedTotal !== undefined && total > expectedTotal) {
    return refuse({ code: 'total_changed', members: { expectedTotal, total, items: priced } });
  }
  const short = known.filter(({ product, quantity }) => availableOf(product) < quantity);
  if (short.length > 0) {
    return refuse({ code: 'insufficient_stock', members: { items: short.map(shortageOf) } });
  }
  return { kind: 'quoted', wallet, items: priced, total };
};

const idsOf = (items: readonly Item[]): string[] => items.map(({ productId }) => productId);

type Known = Item & { readonly product: Product };

const priceItem = ({ productId, quantity, product }: Known): OrderedItem => ({
  productId,
  name: product.name,
  quantity,
  unitPrice: product.price,
  lineTotal: quantity * product.price,
});

const shortageOf = ({ productId, quantity, product }: Known) => ({
  productId,
  requested: quantity,
  available: availableOf(product),
});
