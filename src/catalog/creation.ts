import { create, type Happened, type Rows } from '../commit/index.ts';
import { newId } from '../database/ids.ts';
import { decideCreate, describedProduct, viewProduct } from './product.ts';
import type { NewProduct } from './schemas.ts';
import { locksOfNewSku } from './sku.ts';
import { descriptions, products } from './tables.ts';

/** The fields that a request may omit. */
const DEFAULTS = { description: '', imageUrl: null, sku: null, metadata: {} };

/** The rows, the decision and the answer of the command that creates a product under a new id. */
export const creationOf = (fields: NewProduct, currency: string) => {
  const product = { ...DEFAULTS, productId: newId(), ...fields };
  const { productId } = product;
  return {
    locks: [
      create(products, [productId]),
      create(descriptions, [productId]),
      ...locksOfNewSku(product.sku),
    ],
    decide: (rows: Rows) => decideCreate(product, rows),
    answer: ({ rows }: Happened<unknown>) => ({
      status: 201,
      body: viewProduct(describedProduct(productId, rows), currency),
    }),
  };
};
