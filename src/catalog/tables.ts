import type { Table } from '../commit/index.ts';
import type { Description, Product, ProductStatus } from './product.ts';
import {
  insertDescriptions,
  insertProducts,
  lockDescriptions,
  lockProducts,
  updateDescriptions,
  updateProducts,
} from './queries.gen.ts';

/** Reads the status column, which the constraint status_is_known holds to these words. */
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
