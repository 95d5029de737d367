import type { Queryable } from '../database/statement.ts';
import { LOGS, TABLES, type KeptName, type KeptRow } from '../shop/index.ts';
import {
  findBuyers,
  findCarts,
  findDescriptions,
  findOrders,
  findProducts,
  findTransfers,
  findWallets,
  type CountRowsRow,
} from './queries.gen.ts';

/** How the rows of a table that events change are found in it. */
export interface Stored {
  readonly name: string;
  readonly keyOf: (row: object) => string;
  /** The rows that have the same keys. */
  readonly find: (on: Queryable, rows: readonly object[]) => Promise<readonly object[]>;
  /** Its name among the counts. */
  readonly plural: keyof CountRowsRow;
  /**
   * Whether a row only ever changes to what it has not been before: nothing more can have happened
   * to one that is as in the table.
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
  readonly find: (on: Queryable, rows: readonly Row[]) => Promise<readonly object[]>;
  readonly ends?: boolean;
}

/** How each table of the shop is compared; the types refuse one that is missing here. */
const HOW: { readonly [Name in KeptName]: How<KeptRow<Name>> } = {
  wallets: {
    keyOf: ({ userId }) => userId,
    find: (on, rows) => findWallets(on, userIdsOf(rows)),
  },
  transfers: {
    keyOf: ({ userId, number }) => `${userId} ${number}`,
    find: (on, rows) =>
      findTransfers(on, { ...userIdsOf(rows), numbers: rows.map(({ number }) => number) }),
    ends: true,
  },
  products: {
    keyOf: ({ productId }) => productId,
    find: (on, rows) => findProducts(on, productIdsOf(rows)),
  },
  descriptions: {
    keyOf: ({ productId }) => productId,
    find: (on, rows) => findDescriptions(on, productIdsOf(rows)),
  },
  orders: {
    keyOf: ({ orderId }) => orderId,
    find: (on, rows) => findOrders(on, { orderIds: rows.map(({ orderId }) => orderId) }),
    ends: true,
  },
  buyers: {
    keyOf: ({ userId }) => userId,
    find: (on, rows) => findBuyers(on, userIdsOf(rows)),
  },
  carts: {
    keyOf: ({ userId }) => userId,
    find: (on, rows) => findCarts(on, userIdsOf(rows)),
  },
};

/** Every table that events change. */
export const STORED: readonly Stored[] = Object.entries({ ...TABLES, ...LOGS }).map(
  ([plural, { name }]) => ({ name, plural, ends: false, ...HOW[plural as KeptName] }) as Stored,
);
