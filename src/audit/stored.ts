import { carts } from '../cart/index.ts';
import { descriptions, products } from '../catalog/index.ts';
import type { Log, Table } from '../commit/index.ts';
import type { Queryable } from '../database/statement.ts';
import { buyers, orders } from '../order/index.ts';
import { transfers, wallets } from '../wallet/index.ts';
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

/** All rows of such a table have the type that its own module gives them. */
const stored = <Row extends object>(
  { name }: Table<Row> | Log<Row>,
  how: {
    readonly plural: keyof CountRowsRow;
    readonly keyOf: (row: Row) => string;
    readonly find: (on: Queryable, rows: readonly Row[]) => Promise<readonly object[]>;
    readonly ends?: boolean;
  },
): Stored => ({ name, ends: false, ...how }) as unknown as Stored;

const userIdsOf = (rows: readonly { readonly userId: string }[]) => ({
  userIds: rows.map(({ userId }) => userId),
});
const productIdsOf = (rows: readonly { readonly productId: string }[]) => ({
  productIds: rows.map(({ productId }) => productId),
});

/** Every table that events change. */
export const STORED: readonly Stored[] = [
  stored(wallets, {
    plural: 'wallets',
    keyOf: ({ userId }) => userId,
    find: (on, rows) => findWallets(on, userIdsOf(rows)),
  }),
  stored(transfers, {
    plural: 'transfers',
    keyOf: ({ userId, number }) => `${userId} ${number}`,
    find: (on, rows) =>
      findTransfers(on, { ...userIdsOf(rows), numbers: rows.map(({ number }) => number) }),
    ends: true,
  }),
  stored(products, {
    plural: 'products',
    keyOf: ({ productId }) => productId,
    find: (on, rows) => findProducts(on, productIdsOf(rows)),
  }),
  stored(descriptions, {
    plural: 'descriptions',
    keyOf: ({ productId }) => productId,
    find: (on, rows) => findDescriptions(on, productIdsOf(rows)),
  }),
  stored(orders, {
    plural: 'orders',
    keyOf: ({ orderId }) => orderId,
    find: (on, rows) => findOrders(on, { orderIds: rows.map(({ orderId }) => orderId) }),
    ends: true,
  }),
  stored(buyers, {
    plural: 'buyers',
    keyOf: ({ userId }) => userId,
    find: (on, rows) => findBuyers(on, userIdsOf(rows)),
  }),
  stored(carts, {
    plural: 'carts',
    keyOf: ({ userId }) => userId,
    find: (on, rows) => findCarts(on, userIdsOf(rows)),
  }),
];
