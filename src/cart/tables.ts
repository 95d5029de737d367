import type { Table } from '../commit/index.ts';
import type { Cart, CartLine } from './cart.ts';
import { insertCarts, lockCarts, updateCarts, type LockCartsRow } from './queries.gen.ts';

type StoredLine = Omit<CartLine, 'addedAt'> & { readonly addedAt: string };

/** A cart as its row holds it. */
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
