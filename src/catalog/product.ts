import { accept, refuse, type Decision, type Rows, type WritableRows } from '../commit/index.ts';
import { AMOUNT_MAX, type Refusal } from '../contract/index.ts';
import { defineEvolve, type Event } from '../journal/index.ts';
import { descriptions, products, type Description, type Product } from './tables.ts';

/** The fields that staff may change; only adjustments and orders change stock. */
export type ProductChange = Partial<
  Pick<Product, 'name' | 'price' | 'status'> & Pick<Description, 'description' | 'imageUrl'>
>;

export type ProductCreated = Event<
  'product.created.v1',
  Pick<Product, 'productId' | 'name' | 'price'> & Description & { stock: number }
>;
export type ProductChanged = Event<'product.changed.v1', ProductChange & { productId: string }>;
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
  description: product.description,
  price: product.price,
  currency,
  imageUrl: product.imageUrl,
  stock: availableOf(product),
  status: product.status,
  createdAt: product.createdAt,
  updatedAt: product.updatedAt,
});

/** Always accepted, because the id is new. */
export const decideCreate = (product: ProductCreated['data']): Decision<ProductCreated, never> =>
  accept([{ type: 'product.created.v1', subject: product.productId, data: product }]);

/** Outcomes in order: `product_not_found`, changed. No event without a difference. */
export const decideChange = (
  { productId, change }: { readonly productId: string; readonly change: ProductChange },
  rows: Rows,
): Decision<ProductChanged, Refusal> => {
  if (rows.get(products, productId) === undefined) return refuse(productNotFound([productId]));
  const product = pageOf(rows, productId);
  const fields = Object.keys(change) as (keyof ProductChange)[];
  const changes = fields.some((field) => change[field] !== product[field]);
  const changed: ProductChanged = {
    type: 'product.changed.v1',
    subject: productId,
    data: { productId, ...change },
  };
  return changes ? accept([changed]) : accept([]);
};

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
  if (delta > AMOUNT_MAX - product.onHand) {
    return refuse({
      code: 'stock_limit_exceeded',
      members: { limit: AMOUNT_MAX, stock: available },
    });
  }
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
  const product = existing(rows, movement.productId);
  const onHand = product.onHand + movement.onHand;
  const reserved = product.reserved + movement.reserved;
  if (reserved < 0 || onHand < reserved || !Number.isSafeInteger(onHand)) {
    throw new Error(`product ${product.productId} cannot move ${JSON.stringify(movement)}`);
  }
  rows.put(products, { ...product, onHand, reserved, updatedAt: time });
};

const existing = (rows: Rows, productId: string): Product => {
  const product = rows.get(products, productId);
  if (product === undefined) throw new Error(`product ${productId} does not exist`);
  return product;
};

/** A product with its description; throws when the product does not exist. */
export const pageOf = (rows: Rows, productId: string): Product & Description => {
  const description = rows.get(descriptions, productId);
  if (description === undefined) throw new Error(`product ${productId} has no description`);
  return { ...existing(rows, productId), ...description };
};

/** The rules of a product's events. */
export const evolveProduct = defineEvolve<ProductEvent>({
  'product.created.v1': (rows, { data, time }) => {
    const { productId, name, price, stock, description, imageUrl } = data;
    rows.put(descriptions, { productId, description, imageUrl });
    rows.put(products, {
      productId,
      name,
      price,
      status: 'active',
      onHand: stock,
      reserved: 0,
      createdAt: time,
      updatedAt: time,
    });
  },
  'product.changed.v1': (rows, { data, time }) => {
    const { productId, ...change } = data;
    const { description, imageUrl, ...page } = { ...pageOf(rows, productId), ...change };
    rows.put(products, { ...page, updatedAt: time });
    rows.put(descriptions, { productId, description, imageUrl });
  },
  'stock.adjusted.v1': (rows, { data, time }) => {
    const { productId, delta } = data;
    const product = existing(rows, productId);
    rows.put(products, { ...product, onHand: product.onHand + delta, updatedAt: time });
  },
});
