import type { Table } from '../commit/index.ts';
import { insertCarts, lockCarts, updateCarts, type LockCartsRow } from './queries.gen.ts';

/** Items that a user may buy later. A cart reserves nothing. */
export interface Cart {
  readonly userId: string;
  /** Grows with every change. */
  readonly version: number;
  readonly lines: readonly CartLine[];
}

export interface CartLine {
  readonly productId: string;
  readonly quantity: number;
  /** In the currency's minor unit. */
  readonly priceWhenAdded: number;
  readonly addedAt: Date;
}

type StoredLine = Omit<CartLine, 'addedAt'> & { readonly addedAt: string };

/** The cart of a row. */
export const cartOfRow = ({ userId, version, lines }: LockCartsRow): Cart => ({
  userId,
  version,
  lines: (lines as StoredLine[]).map((line) => ({ ...line, addedAt: new Date(line.addedAt) })),
});

const rowOf = (cart: Cart) => ({ ...cart, lines: JSON.stringify(cart.lines) });

export const carts: Table<Cart> = {
  name: 'cart.carts',
  lock: async (db, userIds) => (await lockCarts(db, { userIds })).map(cartOfRow),
  keyOf: ({ userId }) => userId,
  insert: (db, rows) => insertCarts(db, rows.map(rowOf)),
  update: (db, rows) => updateCarts(db, rows.map(rowOf)),
};
