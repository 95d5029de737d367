import { Type, type Static } from 'typebox';
import {
  AMOUNT_MAX,
  PAGE_LIMIT_DEFAULT,
  PageQuery,
  Uuid,
  choice,
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
  findProductsBySku,
  listProductsByName,
  listProductsByPrice,
  listProductsByPriceDown,
  listProductsNewest,
  measureSearch,
  searchProducts,
  type FindProductsRow,
} from './queries.gen.ts';
import { SKU_LENGTH_MAX, ProductStatus } from './schemas.ts';
import { productOfRow, skuKeyOf } from './tables.ts';

const SortName = choice(['name', 'price', '-price', 'newest']);

export const ProductsQuery = strictObject({
  query: Type.Optional(
    text(0, 100, 'words that the name or the SKU contains, all of them, in any order and any case'),
  ),
  sku: Type.Optional(text(1, SKU_LENGTH_MAX, 'the SKU of the product')),
  sort: Type.Optional(SortName),
  status: Type.Optional(ProductStatus),
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
  /** Patterns that the search key of a product matches, all of them. */
  readonly patterns: readonly string[];
  readonly status: string;
  readonly limit: number;
}

interface Sort {
  /** A place before every product in this order. */
  readonly start: Place;
  /** Reads products in this order and skips those that do not match. */
  readonly fetch: (db: Queryable, filter: Filter, place: Place) => Promise<FindProductsRow[]>;
  readonly placeOf: (row: FindProductsRow) => Place;
}

/** The sort orders of products. Each ends with the id, so no two products are equal. */
const SORTS: Readonly<Record<Static<typeof SortName>, Sort>> = {
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

/**
 * The words of a query: NFKC (Unicode Standard Annex #15), separated by white space. The database
 * folds them like names, by `search.key`: NFKC(toCasefold(NFKC(X))) of the Unicode Standard
 * on PostgreSQL 18, where older versions fold by ICU's upper and lower case. Characters without
 * width are not removed, so this is not NFKC_Casefold.
 */
const wordsOf = (query: string): string[] => query.normalize('NFKC').match(/\S+/gu) ?? [];

/**
 * The matches up to which a search finds and sorts all of them. More matches are found sooner by
 * reading products in order: with 10,000 among 1,000,000, a page of 20 reads about 2,000 products.
 */
const MATCHES_SORTED_MAX = 10_000;

/** A page of products; newest first is the default order. */
export const listProducts = async (
  db: Queryable,
  asked: Static<typeof ProductsQuery>,
  currency: string,
  sortedMax = MATCHES_SORTED_MAX,
): Promise<Reply> => {
  const { query = '', sort = 'newest', status = 'active', limit = PAGE_LIMIT_DEFAULT } = asked;
  const { start, fetch, placeOf } = SORTS[sort];
  const list = `listProducts ${sort}`;
  const place = asked.cursor === undefined ? start : decodeCursor(list, Place, asked.cursor);
  if (place === undefined || typeof place[0] !== typeof start[0]) return invalidCursor;

  const words = wordsOf(query);
  const search =
    words.length === 0
      ? undefined
      : await measureSearch(db, { words, status, limit: sortedMax + 1 });
  const filter = { patterns: search?.patterns ?? [], status, limit: limit + 1 };
  let rows;
  if (asked.sku !== undefined) {
    // One product at most, so there is no second page.
    if (asked.cursor !== undefined) return invalidCursor;
    rows = await findProductsBySku(db, { ...filter, skuKey: skuKeyOf(asked.sku) });
  } else if (search === undefined || search.matches > sortedMax) {
    rows = await fetch(db, filter, place);
  } else {
    rows = await fetchMatches(db, { ...filter, grams: search.grams, sort }, place);
  }
  const view = (row: FindProductsRow) => viewProduct(productOfRow(row), currency);
  return ok(pageOf(list, rows, limit, view, placeOf));
};

const fetchMatches = (
  db: Queryable,
  filter: Filter & { readonly grams: readonly string[]; readonly sort: string },
  [first, productId]: Place,
): Promise<FindProductsRow[]> => {
  const [name, price] = typeof first === 'string' ? [first, 0] : ['', first];
  return searchProducts(db, { ...filter, name, price, productId });
};
