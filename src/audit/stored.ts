import type { Queryable } from '../database/statement.ts';
import { TABLES_AND_LOGS, type RowOf, type TableName } from '../shop/index.ts';
import {
  findBuyers,
  findCarts,
  findDescriptions,
  findOrderTexts,
  findOrders,
  findProducts,
  findSkus,
  findTransferTexts,
  findTransfers,
  findWallets,
} from './queries.gen.ts';
import { transferText } from './transfer-digest.ts';

/** Rows as texts that are equal only if the rows are. Rows with other texts can be equal too. */
interface Texts<Row> {
  readonly of: (row: Row) => string;
  /** The texts of the stored rows with the same keys. */
  readonly find: (db: Queryable, rows: readonly Row[]) => Promise<readonly { text: string }[]>;
}

/** How to find the stored rows of a table that events change. */
export interface Stored {
  readonly table: TableName;
  /** The table's name in SQL. */
  readonly name: string;
  /** Whether the key is a UUID; else it is any text. */
  readonly isKeyedByUuid: boolean;
  readonly keyOf: (row: object) => string;
  /** The stored rows with the same keys. */
  readonly find: (db: Queryable, rows: readonly object[]) => Promise<readonly object[]>;
  /** Rows as one text each, for a first comparison. */
  readonly texts?: Texts<object>;
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
  readonly isKeyedByUuid: boolean;
  readonly keyOf: (row: Row) => string;
  readonly find: (db: Queryable, rows: readonly Row[]) => Promise<readonly object[]>;
  readonly texts?: Texts<Row>;
  readonly ends?: boolean;
}

type Transfer = RowOf<'transfers'>;
type Order = RowOf<'orders'>;

const keysOf = (rows: readonly Transfer[]) => ({
  ...userIdsOf(rows),
  numbers: rows.map(({ number }) => number),
});
const orderIdsOf = (rows: readonly Order[]) => ({ orderIds: rows.map(({ orderId }) => orderId) });

/** The text of an order, as `FindOrderTexts` makes it. */
const orderText: Texts<Order>['of'] = (row) =>
  `${row.orderId} ${row.userId} ${row.status} ${row.total} ${row.refundedTotal} ` +
  `${row.createdAt.getTime()} ${row.expiresAt?.getTime() ?? -1} ${row.paidAt?.getTime() ?? -1} ` +
  JSON.stringify(row.lines) +
  (row.metadata === null ? '' : ` ${JSON.stringify(row.metadata)}`);

/** How to find the rows of each table; the compiler rejects a missing table. */
const HOW: { readonly [Name in TableName]: How<RowOf<Name>> } = {
  wallets: {
    isKeyedByUuid: false,
    keyOf: ({ userId }) => userId,
    find: (db, rows) => findWallets(db, userIdsOf(rows)),
  },
  transfers: {
    isKeyedByUuid: false,
    keyOf: ({ userId, number }) => `${userId} ${number}`,
    find: (db, rows) => findTransfers(db, keysOf(rows)),
    texts: { of: transferText, find: (db, rows) => findTransferTexts(db, keysOf(rows)) },
    ends: true,
  },
  products: {
    isKeyedByUuid: true,
    keyOf: ({ productId }) => productId,
    find: (db, rows) => findProducts(db, productIdsOf(rows)),
  },
  descriptions: {
    isKeyedByUuid: true,
    keyOf: ({ productId }) => productId,
    find: (db, rows) => findDescriptions(db, productIdsOf(rows)),
  },
  skus: {
    isKeyedByUuid: false,
    keyOf: ({ skuKey }) => skuKey,
    find: (db, rows) => findSkus(db, { skuKeys: rows.map(({ skuKey }) => skuKey) }),
  },
  orders: {
    isKeyedByUuid: true,
    keyOf: ({ orderId }) => orderId,
    find: (db, rows) => findOrders(db, orderIdsOf(rows)),
    texts: { of: orderText, find: (db, rows) => findOrderTexts(db, orderIdsOf(rows)) },
    ends: true,
  },
  buyers: {
    isKeyedByUuid: false,
    keyOf: ({ userId }) => userId,
    find: (db, rows) => findBuyers(db, userIdsOf(rows)),
  },
  carts: {
    isKeyedByUuid: false,
    keyOf: ({ userId }) => userId,
    find: (db, rows) => findCarts(db, userIdsOf(rows)),
  },
};

/** Every table that events change. */
export const STORED = Object.fromEntries(
  Object.entries(TABLES_AND_LOGS).map(([table, { name }]) => [
    table,
    { table, name, ends: false, ...HOW[table as TableName] } as Stored,
  ]),
) as { readonly [Name in TableName]: Stored };

/** Some rows without those whose texts show that they are equal to the stored rows. */
export const withoutEqual = async <Row extends object>(
  db: Queryable,
  { texts }: Stored,
  rows: readonly Row[],
): Promise<readonly Row[]> => {
  if (texts === undefined || rows.length === 0) return rows;
  const found = new Set((await texts.find(db, rows)).map(({ text }) => text));
  return rows.filter((row) => !found.has(texts.of(row)));
};
