import { isDeepStrictEqual } from 'node:util';
import { accept, refuse, type Decision, type Rows, type WritableRows } from '../commit/index.ts';
import { AMOUNT_MAX } from '../contract/core.ts';
import type { Metadata, Refusal } from '../contract/index.ts';
import { defineEvolve, type Event } from '../journal/index.ts';
import { decideSku, moveSku } from './sku.ts';
import { descriptions, products, type Description, type Product } from './tables.ts';

/** The fields that staff may change; only adjustments and orders change stock. */
export type ProductChange = Partial<
  Pick<Product, 'name' | 'sku' | 'price' | 'status'> &
    Pick<Description, 'description' | 'imageUrl' | 'metadata'>
>;

export type ProductCreated = Event<
  'product.created.v1',
  Pick<Product, 'productId' | 'name' | 'price'> &
    Pick<Description, 'description' | 'imageUrl'> & {
      stock: number;
      // Events of earlier versions have neither.
      sku?: string | null;
      metadata?: Metadata;
    }
>;
/** Every field of a product that staff may change. */
export type ProductDetails = Required<ProductChange>;
/** Events of earlier versions have no `product`. */
export type ProductChanged = Event<
  'product.changed.v1',
  ProductChange & { productId: string; product?: ProductDetails }
>;
export type StockAdjusted = Event<
  'stock.adjusted.v1',
  { productId: string; delta: number; reason: string; stock: number }
>;
export type ProductEvent = ProductCreated | ProductChanged | StockAdjusted;

/** The units that can be bought: on hand minus reserved, not negative by S1. */
export const availableOf = ({ onHand, reserved }: Pick<Product, 'onHand' | 'reserved'>): number =>
  onHand - reserved;

/** The refusal that names the products that do not exist. */
export const productNotFound = (productIds: readonly string[]): Refusal => ({
  code: 'product_not_found',
  members: { productIds },
});

/** The product as the API shows it. */
export const viewProduct = (product: Product & Description, currency: string): object => ({
  productId: product.productId,
  name: product.name,
  sku: product.sku,
  description: product.description,
  price: product.price,
  currency,
  imageUrl: product.imageUrl,
  stock: availableOf(product),
  status: product.status,
  metadata: product.metadata,
  createdAt: product.createdAt,
  updatedAt: product.updatedAt,
});

/** Outcomes in order: `sku_taken`, created; the id is new. */
export const decideCreate = (
  product: ProductCreated['data'],
  rows: Rows,
): Decision<ProductCreated, Refusal> =>
  decideSku(product, rows) ??
  accept([{ type: 'product.created.v1', subject: product.productId, data: product }]);

/** Outcomes in order: `product_not_found`, `sku_taken`, changed. No event without a difference. */
export const decideChange = (
  { productId, change }: { readonly productId: string; readonly change: ProductChange },
  rows: Rows,
): Decision<ProductChanged, Refusal> => {
  if (rows.get(products, productId) === undefined) return refuse(productNotFound([productId]));
  const taken = decideSku({ productId, ...change }, rows);
  if (taken !== undefined) return taken;
  const before = describedProduct(productId, rows);
  const { metadata, ...product } = before;
  const { metadata: newMetadata = metadata, ...fields } = change;
  const names = Object.keys(fields) as (keyof typeof fields)[];
  const changes =
    names.some((name) => fields[name] !== product[name]) ||
    !isDeepStrictEqual(newMetadata, metadata);
  const changed: ProductChanged = {
    type: 'product.changed.v1',
    subject: productId,
    data: { productId, ...change, product: describeAfter(before, change) },
  };
  return changes ? accept([changed]) : accept([]);
};

/** The whole product after a change, so that a receiver of the event needs no earlier event. */
const describeAfter = (before: ProductDetails, change: ProductChange): ProductDetails => {
  const after = { ...before, ...change };
  const { name, description, price, imageUrl, sku, metadata, status } = after;
  return { name, description, price, imageUrl, sku, metadata, status };
};

/** The refusal of units that lift the units on hand beyond the largest number, if any. */
export const excessStock = (product: Product, units: number): Refusal | undefined =>
  units > AMOUNT_MAX - product.onHand
    ? {
        code: 'stock_limit_exceeded',
        members: {
          limit: AMOUNT_MAX,
          productId: product.productId,
          stock: availableOf(product),
        },
      }
    : undefined;

/**
 * Outcomes in order: `product_not_found`, `insufficient_stock` (reserved units cannot be removed),
 * `stock_limit_exceeded`, adjusted.
 */
export const decideAdjustment = (
  { productId, delta, reason }: { productId: string; delta: number; reason: string },
  rows: Rows,
): Decision<StockAdjusted, Refusal> => {
  const product = rows.get(products, productId);
  if (product === undefined) return refuse(productNotFound([productId]));
  const available = availableOf(product);
  if (delta < -available) {
    const items = [{ productId, requested: -delta, available }];
    return refuse({ code: 'insufficient_stock', members: { items } });
  }
  const beyond = excessStock(product, delta);
  if (beyond !== undefined) return refuse(beyond);
  const stock = available + delta;
  const data = { productId, delta, reason, stock };
  return accept([{ type: 'stock.adjusted.v1', subject: productId, data }]);
};

/** Changes of units on hand and of reserved units. */
export interface StockMovement {
  readonly productId: string;
  readonly onHand: number;
  readonly reserved: number;
}

/**
 * Applies an order's movement; the only function by which orders change stock. A negative number or
 * more units reserved than on hand violates an invariant (S1) and throws.
 */
export const moveStock = (rows: WritableRows, movement: StockMovement, time: Date): void => {
  const product = existing(movement.productId, rows);
  const onHand = product.onHand + movement.onHand;
  const reserved = product.reserved + movement.reserved;
  if (reserved < 0 || onHand < reserved || !Number.isSafeInteger(onHand)) {
    throw new Error(`product ${product.productId} cannot move ${JSON.stringify(movement)}`);
  }
  rows.put(products, { ...product, onHand, reserved, updatedAt: time });
};

const existing = (productId: string, rows: Rows): Product => {
  const product = rows.get(products, productId);
  if (product === undefined) throw new Error(`product ${productId} does not exist`);
  return product;
};

/** A product with its description; throws when the product does not exist. */
export const describedProduct = (productId: string, rows: Rows): Product & Description => {
  const description = rows.get(descriptions, productId);
  if (description === undefined) throw new Error(`product ${productId} has no description`);
  return { ...existing(productId, rows), ...description };
};

/** The rules of a product's events. */
export const evolveProduct = defineEvolve<ProductEvent>({
  'product.created.v1': (rows, { data, time }) => {
    const { productId, name, price, stock, description, imageUrl } = data;
    const { sku = null, metadata = {} } = data;
    moveSku(rows, productId, null, sku);
    rows.put(descriptions, { productId, description, imageUrl, metadata });
    rows.put(products, {
      productId,
      name,
      sku,
      price,
      status: 'active',
      onHand: stock,
      reserved: 0,
      createdAt: time,
      updatedAt: time,
    });
  },
  'product.changed.v1': (rows, { data, time }) => {
    const { productId, product: _, ...change } = data;
    const before = describedProduct(productId, rows);
    const { description, imageUrl, metadata, ...product } = { ...before, ...change };
    moveSku(rows, productId, before.sku, product.sku);
    rows.put(products, { ...product, updatedAt: time });
    rows.put(descriptions, { productId, description, imageUrl, metadata });
  },
  'stock.adjusted.v1': (rows, { data, time }) => {
    const { productId, delta } = data;
    const product = existing(productId, rows);
    rows.put(products, { ...product, onHand: product.onHand + delta, updatedAt: time });
  },
});
