import { Type, type Static } from 'typebox';
import {
  AMOUNT_MAX,
  PAGE_LIMIT_DEFAULT,
  PageQuery,
  Uuid,
  decodeCursor,
  invalidCursor,
  ok,
  pageOf,
  strictObject,
  text,
  type Reply,
} from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import { viewProduct } from './product.ts';
import {
  listProductsByName,
  listProductsByPrice,
  listProductsByPriceDown,
  listProductsNewest,
  type FindProductsRow,
} from './queries.gen.ts';
import { withStatus } from './tables.ts';

export const ProductsQuery = strictObject({
  query: Type.Optional(text(1, 100, 'a part of the name, in any case')),
  sort: Type.Optional(Type.Enum(['name', 'price', '-price', 'newest'])),
  status: Type.Optional(Type.Enum(['active', 'archived'])),
  ...PageQuery,
});

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const Place = Type.Tuple([
  Type.Union([Type.String({ maxLength: 200 }), Type.Integer({ minimum: 0, maximum: AMOUNT_MAX })]),
  Uuid,
]);
type Place = Static<typeof Place>;

interface Filter {
  readonly query: string;
  readonly status: string;
  readonly limit: number;
}

interface Order {
  /** A place before every product in this order. */
  readonly start: Place;
  readonly fetch: (db: Queryable, filter: Filter, place: Place) => Promise<FindProductsRow[]>;
  readonly placeOf: (row: FindProductsRow) => Place;
}

/** The sort orders of products. Each ends with the id, so no two products are equal. */
const ORDERS: Readonly<Record<'name' | 'price' | '-price' | 'newest', Order>> = {
  name: {
    start: ['', FIRST_ID],
    fetch: (db, filter, [afterName, afterId]) =>
      listProductsByName(db, { ...filter, afterName: String(afterName), afterId }),
    placeOf: ({ name, productId }) => [name, productId],
  },
  price: {
    start: [0, FIRST_ID],
    fetch: (db, filter, [afterPrice, afterId]) =>
      listProductsByPrice(db, { ...filter, afterPrice: Number(afterPrice), afterId }),
    placeOf: ({ price, productId }) => [price, productId],
  },
  '-price': {
    start: [AMOUNT_MAX, LAST_ID],
    fetch: (db, filter, [beforePrice, beforeId]) =>
      listProductsByPriceDown(db, { ...filter, beforePrice: Number(beforePrice), beforeId }),
    placeOf: ({ price, productId }) => [price, productId],
  },
  newest: {
    start: [0, LAST_ID],
    fetch: (db, filter, [, beforeId]) => listProductsNewest(db, { ...filter, beforeId }),
    placeOf: ({ productId }) => [0, productId],
  },
};

/** A page of products; newest first is the default order. */
export const listProducts = async (
  db: Queryable,
  asked: Static<typeof ProductsQuery>,
  currency: string,
): Promise<Reply> => {
  const { query = '', sort = 'newest', status = 'active', limit = PAGE_LIMIT_DEFAULT } = asked;
  const order = ORDERS[sort];
  const place = asked.cursor === undefined ? order.start : decodeCursor(Place, asked.cursor);
  if (place === undefined || typeof place[0] !== typeof order.start[0]) return invalidCursor;
  const rows = await order.fetch(db, { query, status, limit: limit + 1 }, place);
  return ok(pageOf(rows, limit, (row) => viewProduct(withStatus(row), currency), order.placeOf));
};
