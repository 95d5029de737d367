import {
  lock,
  refuse,
  type Lock,
  type Refused,
  type Rows,
  type WritableRows,
} from '../commit/index.ts';
import type { Refusal } from '../contract/index.ts';
import { products, skuKeyOf, skus } from './tables.ts';

const keysOf = (values: readonly (string | null | undefined)[]): string[] => [
  ...new Set(values.flatMap((sku) => (typeof sku === 'string' ? [skuKeyOf(sku)] : []))),
];

/** The locks of a product that is created with a SKU, or without one. */
export const locksOfNewSku = (sku: string | null): Lock[] =>
  sku === null ? [] : [lock(skus, keysOf([sku]))];

/** The locks of a change of a product: of its old and new SKU, if the change names a SKU. */
export const locksOfSku = (
  productId: string,
  change: { readonly sku?: string | null | undefined },
): Lock[] =>
  change.sku === undefined
    ? []
    : [lock(skus, (rows) => keysOf([change.sku, rows.get(products, productId)?.sku]))];

/** Refuses a SKU that another product has. */
export const decideSku = (
  { productId, sku }: { readonly productId: string; readonly sku?: string | null | undefined },
  rows: Rows,
): Refused<Refusal> | undefined => {
  if (sku === undefined || sku === null) return undefined;
  const owner = rows.get(skus, skuKeyOf(sku))?.productId ?? productId;
  if (owner === productId) return undefined;
  return refuse({ code: 'sku_taken', members: { productId: owner } });
};

/** Frees the old SKU of a product and gives it the new one; nothing when they are equal. */
export const moveSku = (
  rows: WritableRows,
  productId: string,
  before: string | null,
  after: string | null,
): void => {
  const [from, to] = [keyOf(before), keyOf(after)];
  if (from === to) return;
  if (from !== null) rows.put(skus, { skuKey: from, productId: null });
  if (to !== null) rows.put(skus, { skuKey: to, productId });
};

const keyOf = (sku: string | null): string | null => (sku === null ? null : skuKeyOf(sku));
