import { productNotFound, products, type Product } from '../catalog/core.ts';
import { accept, refuse, type Decision, type Refused, type Rows } from '../commit/index.ts';
import type { Refusal } from '../contract/index.ts';
import { userNotFound, wallets } from '../wallet/core.ts';
import { cartOf, type CartEvent } from './cart.ts';
import type { Cart, CartLine } from './tables.ts';

/** The maximum number of products in a cart, equal to the lines of an order. */
export const LINES_MAX = 100;
/** The maximum number of units of one product in a cart. */
export const QUANTITY_MAX = 999;

type CartDecision = Decision<CartEvent, Refusal>;

/** The versions at which a cart may be changed. */
export type Precondition = 'any' | readonly number[];

export interface CartInput {
  readonly userId: string;
  readonly precondition: Precondition;
}

export interface ItemInput extends CartInput {
  readonly productId: string;
}

export interface QuantityInput extends ItemInput {
  /** From 1 to `QUANTITY_MAX`. */
  readonly quantity: number;
}

/**
 * Adds units of a product to the cart. Outcomes in order: `user_not_found`,
 * `cart_changed`, `product_not_found`, `product_unavailable`, `cart_full`,
 * `cart_quantity_exceeded`, added.
 */
export const decideAdd = (input: QuantityInput, rows: Rows, time: Date): CartDecision =>
  decideQuantity(input, (inCart) => inCart + input.quantity, rows, time);

/**
 * Sets the quantity of a product. Outcomes in order: `user_not_found`, `cart_changed`,
 * `product_not_found`, `product_unavailable`, `cart_full`, set. No event without a difference.
 */
export const decideSet = (input: QuantityInput, rows: Rows, time: Date): CartDecision =>
  decideQuantity(input, () => input.quantity, rows, time);

const decideQuantity = (
  input: ItemInput,
  quantityAfter: (inCart: number) => number,
  rows: Rows,
  time: Date,
): CartDecision => {
  const { userId, productId } = input;
  const opened = openCart(input, rows);
  if (opened.kind === 'refused') return opened;
  const found = findForSale(productId, rows);
  if (found.kind === 'refused') return found;

  const { cart } = opened;
  const line = lineOf(cart, productId);
  if (line === undefined && cart.lines.length >= LINES_MAX) {
    return refuse({ code: 'cart_full', members: { limit: LINES_MAX } });
  }
  const inCart = line?.quantity ?? 0;
  const quantity = quantityAfter(inCart);
  if (quantity > QUANTITY_MAX) {
    const members = { limit: QUANTITY_MAX, quantity: inCart };
    return refuse({ code: 'cart_quantity_exceeded', members });
  }

  // A change updates the price, which the user has just seen, and keeps the time of the line.
  const { price } = found.product;
  const data = {
    userId,
    productId,
    quantity,
    priceWhenAdded: price,
    addedAt: (line?.addedAt ?? time).toISOString(),
  };
  const isSame = line?.quantity === quantity && line.priceWhenAdded === price;
  return isSame ? accept([]) : accept([{ type: 'cart.item_set.v1', subject: userId, data }]);
};

/**
 * Removes a product from the cart, also an archived product. Outcomes in order: `user_not_found`,
 * `cart_changed`, removed. No event for a product that is not in the cart.
 */
export const decideRemove = (input: ItemInput, rows: Rows): CartDecision => {
  const { userId, productId } = input;
  const opened = openCart(input, rows);
  if (opened.kind === 'refused') return opened;
  const isThere = lineOf(opened.cart, productId) !== undefined;
  const data = { userId, productId };
  return isThere ? accept([{ type: 'cart.item_removed.v1', subject: userId, data }]) : accept([]);
};

/**
 * Empties the cart. Outcomes in order: `user_not_found`, `cart_changed`, emptied. No event for an
 * empty cart.
 */
export const decideClear = (input: CartInput, rows: Rows): CartDecision => {
  const { userId } = input;
  const opened = openCart(input, rows);
  if (opened.kind === 'refused') return opened;
  const isEmpty = opened.cart.lines.length === 0;
  const data = { userId, reason: 'emptied' } as const;
  return isEmpty ? accept([]) : accept([{ type: 'cart.cleared.v1', subject: userId, data }]);
};

type Opened = { readonly kind: 'opened'; readonly cart: Cart } | Refused<Refusal>;
type Found = { readonly kind: 'found'; readonly product: Product } | Refused<Refusal>;

/** The cart of an existing user at an expected version, or the refusal. */
const openCart = ({ userId, precondition }: CartInput, rows: Rows): Opened => {
  if (rows.get(wallets, userId) === undefined) return refuse(userNotFound);
  const cart = cartOf(userId, rows);
  const { version } = cart;
  return precondition === 'any' || precondition.includes(version)
    ? { kind: 'opened', cart }
    : refuse({ code: 'cart_changed', members: { version } });
};

const findForSale = (productId: string, rows: Rows): Found => {
  const product = rows.get(products, productId);
  if (product === undefined) return refuse(productNotFound([productId]));
  return product.status === 'active'
    ? { kind: 'found', product }
    : refuse({ code: 'product_unavailable', members: { productIds: [productId] } });
};

const lineOf = (cart: Cart, productId: string): CartLine | undefined =>
  cart.lines.find((line) => line.productId === productId);
