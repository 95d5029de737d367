import type { Rows } from '../commit/index.ts';
import { defineEvolve, type Event } from '../journal/index.ts';
import { carts, type Cart } from './tables.ts';

/** A line was added or changed. */
type CartItemSet = Event<
  'cart.item_set.v1',
  {
    readonly userId: string;
    readonly productId: string;
    readonly quantity: number;
    readonly priceWhenAdded: number;
    readonly addedAt: string;
  }
>;
type CartItemRemoved = Event<
  'cart.item_removed.v1',
  { readonly userId: string; readonly productId: string }
>;
/** The cart was emptied or ordered. */
export type CartCleared = Event<
  'cart.cleared.v1',
  { readonly userId: string; readonly reason: 'emptied' | 'ordered' }
>;
export type CartEvent = CartItemSet | CartItemRemoved | CartCleared;

/** The user's cart; without a row, an empty cart at version 0. */
export const cartOf = (userId: string, rows: Rows): Cart =>
  rows.get(carts, userId) ?? { userId, version: 0, lines: [] };

/** The cart's lines as the items of an order. */
export const cartItems = (userId: string, rows: Rows): { productId: string; quantity: number }[] =>
  cartOf(userId, rows).lines.map(({ productId, quantity }) => ({ productId, quantity }));

/** The whole cart became an order. */
export const cartOrdered = (userId: string): CartCleared => ({
  type: 'cart.cleared.v1',
  subject: userId,
  data: { userId, reason: 'ordered' },
});

/** The rules of a cart's events. */
export const evolveCart = defineEvolve<CartEvent>({
  'cart.item_set.v1': (rows, { data }) => {
    const { userId, productId, quantity, priceWhenAdded, addedAt } = data;
    const { version, lines } = cartOf(userId, rows);
    const line = { productId, quantity, priceWhenAdded, addedAt: new Date(addedAt) };
    const isNew = !lines.some((each) => each.productId === productId);
    rows.put(carts, {
      userId,
      version: version + 1,
      lines: isNew
        ? [...lines, line]
        : lines.map((each) => (each.productId === productId ? line : each)),
    });
  },
  'cart.item_removed.v1': (rows, { data }) => {
    const { userId, productId } = data;
    const { version, lines } = cartOf(userId, rows);
    rows.put(carts, {
      userId,
      version: version + 1,
      lines: lines.filter((line) => line.productId !== productId),
    });
  },
  'cart.cleared.v1': (rows, { data }) => {
    const { userId } = data;
    rows.put(carts, { userId, version: cartOf(userId, rows).version + 1, lines: [] });
  },
});
