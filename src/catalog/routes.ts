import { Type } from 'typebox';
import { lock, type GroupCommit, type Happened } from '../commit/index.ts';
import {
  AMOUNT_MAX,
  AT,
  AT_RESTRICTED,
  Amount,
  Metadata,
  Timestamp,
  Uuid,
  changeOf,
  named,
  notYet,
  createCommandRoutes,
  defineRoute,
  ok,
  page,
  problem,
  strictObject,
  text,
  untilOf,
  type Refusal,
  type Reply,
  type Route,
} from '../contract/index.ts';
import { createRowLoader } from '../database/loader.ts';
import type { Queryable } from '../database/statement.ts';
import type { Event, Settled } from '../journal/index.ts';
import { productBatchRoute } from './batch-route.ts';
import { creationOf } from './creation.ts';
import { ProductsQuery, listProducts } from './list.ts';
import {
  decideAdjustment,
  decideChange,
  describedProduct,
  productNotFound,
  viewProduct,
  type StockAdjusted,
} from './product.ts';
import { findProducts } from './queries.gen.ts';
import {
  LongText,
  Name,
  ImageUrl,
  NewProduct,
  PastProductView,
  ProductView,
  Sku,
  ProductStatus,
  Stock,
} from './schemas.ts';
import { locksOfSku } from './sku.ts';
import { descriptions, productOfRow, products, type Description, type Product } from './tables.ts';

const Params = strictObject({ productId: Uuid });

const answerAdjustment = ({ events: [adjusted], time }: Happened<StockAdjusted>) => {
  const { reason: _, ...data } = { ...adjusted?.data };
  return { status: 201, body: { ...data, createdAt: time } };
};

/** How products of a past time are read. */
export interface ProductHistory {
  readonly settled: Settled;
  /** The product at a time; undefined before its creation. */
  readonly findProductAt: (
    productId: string,
    at: Date,
    signal: AbortSignal | undefined,
  ) => Promise<(Product & Description) | undefined>;
}

/** Creating, changing and reading products. */
export const productRoutes = (
  commit: GroupCommit<Event, Refusal>,
  db: Queryable,
  { currency }: { readonly currency: string },
  { settled, findProductAt }: ProductHistory,
): Route[] => {
  const defineCommand = createCommandRoutes(commit);
  const findProduct = createRowLoader(
    async (productIds) => (await findProducts(db, { productIds })).map(productOfRow),
    ({ productId }) => productId,
  );

  const readProductAt = async (
    productId: string,
    at: string,
    signal: AbortSignal | undefined,
  ): Promise<Reply> => {
    const asOf = await settled(untilOf(at));
    if (asOf === undefined) return notYet;
    const product = await findProductAt(productId, asOf, signal);
    if (product === undefined) return problem(productNotFound([productId]));
    return ok({ ...viewProduct(product, currency), asOf });
  };

  return [
    defineRoute({
      method: 'GET',
      path: '/v1/products',
      operation: 'listProducts',
      summary: 'List products',
      tag: 'Products',
      access: 'public',
      query: ProductsQuery,
      answers: { 200: page(ProductView) },
      problems: [],
      handle: ({ query }) => listProducts(db, query, currency),
    }),

    defineRoute({
      method: 'GET',
      path: '/v1/products/:productId',
      operation: 'getProduct',
      summary: 'Read a product with its current stock',
      tag: 'Products',
      access: 'public',
      restricted: AT_RESTRICTED,
      params: Params,
      query: strictObject(AT),
      answers: { 200: Type.Union([ProductView, PastProductView]) },
      problems: ['product_not_found'],
      handle: async ({ params: { productId }, query: { at }, signal }) => {
        if (at !== undefined) return readProductAt(productId, at, signal?.());
        const product = await findProduct(productId);
        if (product === undefined) return problem(productNotFound([productId]));
        return ok(viewProduct(product, currency));
      },
    }),

    defineCommand({
      method: 'POST',
      path: '/v1/products',
      operation: 'createProduct',
      summary: 'Create a product',
      tag: 'Products',
      access: ['staff', 'service'],
      body: NewProduct,
      answers: { 201: ProductView },
      problems: ['sku_taken'],
      command: ({ body }) => creationOf(body, currency),
    }),

    productBatchRoute(commit, db, currency),

    defineCommand({
      method: 'PATCH',
      path: '/v1/products/:productId',
      operation: 'changeProduct',
      summary: 'Change a product; existing orders keep their name and price',
      tag: 'Products',
      access: ['staff', 'service'],
      params: Params,
      body: changeOf('ProductChange', {
        name: Type.Optional(Name),
        description: Type.Optional(LongText),
        imageUrl: Type.Optional(ImageUrl),
        price: Type.Optional(Amount),
        status: Type.Optional(ProductStatus),
        sku: Type.Optional(Sku),
        metadata: Type.Optional(
          Type.Unsafe<Metadata>({ ...Metadata, description: 'replaces all metadata' }),
        ),
      }),
      answers: { 200: ProductView },
      problems: ['product_not_found', 'sku_taken'],
      command: ({ params: { productId }, body: change }) => ({
        locks: [
          lock(products, [productId]),
          lock(descriptions, [productId]),
          ...locksOfSku(productId, change),
        ],
        decide: (rows) => decideChange({ productId, change }, rows),
        answer: ({ rows }) => ({
          status: 200,
          body: viewProduct(describedProduct(productId, rows), currency),
        }),
      }),
    }),

    defineCommand({
      method: 'POST',
      path: '/v1/products/:productId/stock-adjustments',
      operation: 'adjustStock',
      summary: 'Add units to the stock or remove units',
      tag: 'Products',
      access: ['staff', 'service'],
      keyed: true,
      params: Params,
      body: named('NewStockAdjustment', {
        delta: Type.Union([
          Type.Integer({ minimum: 1, maximum: AMOUNT_MAX }),
          Type.Integer({ minimum: -AMOUNT_MAX, maximum: -1 }),
        ]),
        reason: text(1, 200),
      }),
      answers: {
        201: named('StockAdjustment', {
          productId: Uuid,
          delta: Type.Integer(),
          stock: Stock,
          createdAt: Timestamp,
        }),
      },
      problems: ['product_not_found', 'insufficient_stock', 'stock_limit_exceeded'],
      command: ({ params: { productId }, body: { delta, reason } }) => ({
        locks: [lock(products, [productId])],
        decide: (rows) => decideAdjustment({ productId, delta, reason }, rows),
        answer: answerAdjustment,
      }),
    }),
  ];
};
