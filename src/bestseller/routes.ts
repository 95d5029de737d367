import { Type } from 'typebox';
import { Stock, availableOf, findProducts } from '../catalog/index.ts';
import {
  AMOUNT_MAX,
  Amount,
  Timestamp,
  Uuid,
  defineRoute,
  named,
  nullable,
  ok,
  problem,
  strictObject,
  type Route,
} from '../contract/index.ts';
import { createRowLoader, createSharedRead } from '../database/loader.ts';
import type { Queryable } from '../database/statement.ts';
import { PLACES, type BestSellers } from './best-sellers.ts';
import type { Sales } from './window.ts';

const DAYS = { default: 3, minimum: 1, maximum: 30 };
const LIMIT = { default: 5, minimum: 1, maximum: PLACES };

const Count = Type.Integer({ minimum: 1, maximum: AMOUNT_MAX });
const Item = named('BestSeller', {
  rank: Type.Integer({ minimum: 1, maximum: PLACES }),
  productId: Uuid,
  name: Type.String(),
  price: Amount,
  imageUrl: nullable(Type.String()),
  stock: Stock,
  unitsSold: Count,
  revenue: {
    ...Amount,
    description:
      "in the currency's minor unit, less refunds; the largest amount instead of a larger one. The " +
      'order of the best sellers compares the exact revenues',
  },
  orderCount: Count,
});

/** The best sellers as the API shows them. */
export interface BestSellerList {
  readonly asOf: Date;
  readonly from: Date;
  readonly to: Date;
  readonly currency: string;
  readonly items: readonly object[];
}

/** Reads the list with current name, price and stock; undefined as in `BestSellers`. */
export const createListReader = (
  bestSellers: BestSellers,
  db: Queryable,
  currency: string,
): ((days?: number, limit?: number) => Promise<BestSellerList | undefined>) => {
  const findProduct = createRowLoader(
    (productIds) => findProducts(db, { productIds }),
    ({ productId }) => productId,
  );

  const viewItem = async (
    { productId, units, revenue, orders }: Sales,
    index: number,
  ): Promise<object> => {
    const product = await findProduct(productId);
    if (product === undefined) throw new Error(`product ${productId} was sold but does not exist`);
    return {
      rank: index + 1,
      productId,
      name: product.name,
      price: product.price,
      imageUrl: product.imageUrl,
      stock: availableOf(product),
      unitsSold: units,
      revenue: revenue > AMOUNT_MAX ? AMOUNT_MAX : Number(revenue),
      orderCount: orders,
    };
  };

  const read = createSharedRead(async (days: number, limit: number) => {
    const ranking = await bestSellers.read(days);
    if (ranking === undefined) return undefined;
    const { from, to, places } = ranking;
    const items = await Promise.all(places.slice(0, limit).map(viewItem));
    return { asOf: to, from, to, currency, items };
  });
  return (days = DAYS.default, limit = LIMIT.default) => read(days, limit);
};

/** Reading the best sellers. */
export const bestSellerRoutes = (readList: ReturnType<typeof createListReader>): Route[] => [
  defineRoute({
    method: 'GET',
    path: '/v1/best-sellers',
    operation: 'listBestSellers',
    summary: 'List the best sellers of the last days, exact to the millisecond',
    tag: 'Products',
    access: 'public',
    query: strictObject({
      days: Type.Optional(Type.Integer(DAYS)),
      limit: Type.Optional(Type.Integer(LIMIT)),
    }),
    answers: {
      200: named('BestSellers', {
        asOf: Timestamp,
        from: Timestamp,
        to: Timestamp,
        currency: Type.String(),
        items: Type.Array(Item),
      }),
    },
    problems: [],
    handle: async ({ query: { days, limit } }) => {
      const list = await readList(days, limit);
      return list === undefined ? problem({ code: 'overloaded' }) : ok(list);
    },
  }),
];
