import type { Table } from '../commit/index.ts';
import type { Metadata } from '../contract/index.ts';
import {
  insertDescriptions,
  insertProducts,
  insertSkus,
  lockDescriptions,
  lockProducts,
  lockSkus,
  updateDescriptions,
  updateProducts,
  updateSkus,
  updateStocks,
} from './queries.gen.ts';
import type { ProductStatus } from './schemas.ts';

/** The fields of a product that a sale needs. */
export interface Product {
  readonly productId: string;
  readonly name: string;
  /** The shop's own number of the product, as it was sent. */
  readonly sku: string | null;
  /** In the currency's minor unit. */
  readonly price: number;
  readonly status: ProductStatus;
  /** Units in the warehouse. */
  readonly onHand: number;
  /** Units on hand that are kept for pending orders. */
  readonly reserved: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The text and image of a product's page, and the shop's own metadata. */
export interface Description {
  readonly productId: string;
  readonly description: string;
  readonly imageUrl: string | null;
  readonly metadata: Metadata;
}

/** A SKU, and the product that has it; null when it is free again. */
export interface Sku {
  /** Normalized: SKUs are compared in this form. */
  readonly skuKey: string;
  readonly productId: string | null;
}

/** The form in which SKUs are compared: NFC (Unicode Standard Annex #15), in their case. */
export const skuKeyOf = (sku: string): string => sku.normalize('NFC');

/** Narrows the status column, whose values the constraint status_is_known limits. */
const withStatus = <Row extends { readonly status: string }>(row: Row) => ({
  ...row,
  status: row.status as ProductStatus,
});

/** Narrows the metadata column too: it is written from validated requests only. */
export const productOfRow = <Row extends { readonly status: string; readonly metadata: unknown }>(
  row: Row,
) => ({ ...withStatus(row), metadata: row.metadata as Metadata });

/** Whether only the stock differs, as after a sale. */
const hasSameDetails = (row: Product, { name, sku, price, status }: Product): boolean =>
  row.name === name && row.sku === sku && row.price === price && row.status === status;

export const products: Table<Product> = {
  name: 'catalog.products',
  lock: async (db, productIds) => (await lockProducts(db, { productIds })).map(withStatus),
  keyOf: ({ productId }) => productId,
  insert: insertProducts,
  update: (db, rows, loaded) => {
    const isSold = rows.map((row, index) => hasSameDetails(row, loaded[index]!));
    const sold = rows.filter((_, index) => isSold[index]);
    const others = rows.filter((_, index) => !isSold[index]);
    return Promise.all([
      ...(sold.length > 0 ? [updateStocks(db, sold)] : []),
      ...(others.length > 0 ? [updateProducts(db, others)] : []),
    ]);
  },
};

export const descriptions: Table<Description> = {
  name: 'catalog.descriptions',
  lock: async (db, productIds) =>
    (await lockDescriptions(db, { productIds })).map((row) => ({
      ...row,
      metadata: row.metadata as Metadata,
    })),
  keyOf: ({ productId }) => productId,
  insert: (db, rows) => insertDescriptions(db, rows.map(asColumns)),
  update: (db, rows) => updateDescriptions(db, rows.map(asColumns)),
};

const asColumns = (row: Description) => ({ ...row, metadata: JSON.stringify(row.metadata) });

export const skus: Table<Sku> = {
  name: 'catalog.skus',
  lock: (db, skuKeys) => lockSkus(db, { skuKeys }),
  keyOf: ({ skuKey }) => skuKey,
  insert: insertSkus,
  update: updateSkus,
};
