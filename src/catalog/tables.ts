import type { Table } from '../commit/index.ts';
import {
  insertDescriptions,
  insertProducts,
  lockDescriptions,
  lockProducts,
  updateDescriptions,
  updateProducts,
} from './queries.gen.ts';

/** The fields of a product that a sale needs. */
export interface Product {
  readonly productId: string;
  readonly name: string;
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

/** The text and image of a product's page. */
export interface Description {
  readonly productId: string;
  readonly description: string;
  readonly imageUrl: string | null;
}

export type ProductStatus = 'active' | 'archived';

/** Narrows the status column, whose values the constraint status_is_known limits. */
export const withStatus = <Row extends { readonly status: string }>(row: Row) => ({
  ...row,
  status: row.status as ProductStatus,
});

export const products: Table<Product> = {
  name: 'catalog.products',
  lock: async (db, productIds) => (await lockProducts(db, { productIds })).map(withStatus),
  keyOf: ({ productId }) => productId,
  insert: insertProducts,
  update: updateProducts,
};

export const descriptions: Table<Description> = {
  name: 'catalog.descriptions',
  lock: (db, productIds) => lockDescriptions(db, { productIds }),
  keyOf: ({ productId }) => productId,
  insert: insertDescriptions,
  update: updateDescriptions,
};
