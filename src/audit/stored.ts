import type { Queryable } from '../database/statement.ts';
import { LOGS, TABLES, type KeptName, type KeptRow } from '../shop/index.ts';
import {
  findBuyers,
  findCarts,
  findDescriptions,
  findOrders,
  findProducts,
  findSkus,
  findTransfers,
  findWallets,
  type CountRowsRow,
} from './queries.gen.ts';

/** How to find the stored rows of a table that events change. */
export interface Stored {
  readonly name: string;
  readonly keyOf: (row: object) => string;
  /** The stored rows with the same keys. */
  readonly find: (db: Queryable, rows: readonly object[]) => Promise<readonly object[]>;
  /** The table's name in `CountRows`. */
  readonly plural: keyof CountRowsRow;
  /**
   * Whether a row never returns to an earlier value. A folded row that matches the table then has
   * no further events, and can be dropped.
   */
  readonly ends: boolean;
}

const userIdsOf = (rows: readonly { readonly userId: string }[]) => ({
  userIds: rows.map(({ userId }) => userId),
});
const productIdsOf = (rows: readonly { readonly productId: string }[]) => ({
  productIds: rows.map(({ productId }) => productId),
});

interface How<Row> {
  readonly keyOf: (row: Row) => string;
  readonly find: (db: Queryable, rows: readonly Row[]) => Promise<readonly object[]>;
  readonly ends?: boolean;
}

/** How to find the rows of each table; the compiler rejects a missing table. */
const HOW: { readonly [Name in KeptName]: How<KeptRow<Name>> } = {
  wallets: {
    keyOf: ({ userId }) => userId,
    find: (db, rows) => findWallets(db, userIdsOf(rows)),
  },
  transfers: {
    keyOf: ({ userId, number }) => `${userId} ${number}`,
    find: (db, rows) =>
      findTransfers(db, { ...userIdsOf(rows), numbers: rows.map(({ number }) => number) }),
    ends: true,
  },
  products: {
    keyOf: ({ productId }) => productId,
    find: (db, rows) => findProducts(db, productIdsOf(rows)),
  },
  descriptions: {
    keyOf: ({ productId }) => productId,
    find: (db, rows) => findDescriptions(db, productIdsOf(rows)),
  },
  skus: {
    keyOf: ({ skuKey }) => skuKey,
    find: (db, rows) => findSkus(db, { skuKeys: rows.map(({ skuKey }) => skuKey) }),
  },
  orders: {
    keyOf: ({ orderId }) => orderId,
    find: (db, rows) => findOrders(db, { orderIds: rows.map(({ orderId }) => orderId) }),
    ends: true,
  },
  buyers: {
    keyOf: ({ userId }) => userId,
    find: (db, rows) => findBuyers(db, userIdsOf(rows)),
  },
  carts: {
    keyOf: ({ userId }) => userId,
    find: (db, rows) => findCarts(db, userIdsOf(rows)),
  },
};

/** Every table that events change. */
export const STORED: readonly Stored[] = Object.entries({ ...TABLES, ...LOGS }).map(
  ([plural, { name }]) => ({ name, plural, ends: false, ...HOW[plural as KeptName] }) as Stored,
);
