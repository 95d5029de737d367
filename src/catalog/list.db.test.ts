import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { sampleSeeded } from '../../test/support/seed.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { encodeCursor } from '../contract/index.ts';
import { startSystem } from '../system.ts';
import { listProducts } from './list.ts';

interface Listed {
  readonly productId: string;
  readonly name: string;
  readonly price: number;
}

const startCatalog = async () => {
  const system = startSystem(await createTestDatabase(), TEST_SETTINGS);
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  const create = async (name: string, price = 100): Promise<Listed> => {
    const product = bodyOf(await call('createProduct', { body: { name, price, stock: 1 } }));
    return product as unknown as Listed;
  };
  const list = (query: object, sortedMax?: number) =>
    sortedMax === undefined
      ? call('listProducts', { query })
      : listProducts(system.reads, query, 'KRW', sortedMax);
  const page = async (query: object, sortedMax?: number) => {
    const { items, nextCursor } = bodyOf(await list(query, sortedMax));
    return { items: items as Listed[], nextCursor };
  };
  /** The products of all pages of a list. */
  const listAll = async (query: object, sortedMax?: number): Promise<Listed[]> => {
    const all: Listed[] = [];
    let cursor: unknown;
    do {
      const asked = cursor === undefined ? query : { ...query, cursor };
      const { items, nextCursor } = await page(asked, sortedMax);
      all.push(...items);
      cursor = nextCursor;
    } while (cursor !== null);
    return all;
  };
  const namesOf = async (query: object): Promise<string[]> =>
    (await listAll(query)).map(({ name }) => name);
  return { call, create, list, page, listAll, namesOf };
};

/** Code points, as PostgreSQL's collation "C" compares them. */
const compareText = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

const ORDERS: Readonly<Record<string, (a: Listed, b: Listed) => number>> = {
  name: (a, b) =>
    compareText(a.name.toLowerCase(), b.name.toLowerCase()) ||
    compareText(a.productId, b.productId),
  price: (a, b) => a.price - b.price || compareText(a.productId, b.productId),
  '-price': (a, b) => b.price - a.price || compareText(b.productId, a.productId),
  newest: (a, b) => compareText(b.productId, a.productId),
};

/** Few enough letters and prices that many are equal. */
const product = fc.record({
  name: fc.string({
    unit: fc.constantFrom('a', 'B', 'b', 'é', '가', '나', '🍎', ' '),
    minLength: 1,
    maxLength: 4,
  }),
  price: fc.integer({ min: 1, max: 5 }),
});

test('every order lists every product once, page by page', async () => {
  const { create, listAll } = await startCatalog();
  const created = await Promise.all(
    sampleSeeded('product lists', product, 60).map(({ name, price }) => create(name, price)),
  );
  const idsOf = (products: readonly Listed[]) => products.map(({ productId }) => productId);
  for (const [sort, compare] of Object.entries(ORDERS)) {
    for (const limit of [1, 7, 60, 100]) {
      expect(idsOf(await listAll({ sort, limit }))).toEqual(idsOf(created.toSorted(compare)));
    }
  }
  expect(idsOf(await listAll({}))).toEqual(idsOf(created.toSorted(ORDERS['newest'])));
});

test('a search finds a part of the name in any case and treats no character as a pattern', async () => {
  const { create, namesOf } = await startCatalog();
  const names = [
    'Green Tea',
    'green_mug',
    '100% Arabica',
    '유자차',
    '유자 100g',
    "Rock'n'roll \\ mug",
  ];
  for (const name of names) await create(name);
  const found: Readonly<Record<string, string[]>> = {
    GREEN: ['Green Tea', 'green_mug'],
    유자: ['유자차', '유자 100g'],
    '100': ['100% Arabica', '유자 100g'],
    '%': ['100% Arabica'],
    _: ['green_mug'],
    '\\': ["Rock'n'roll \\ mug"],
    "'": ["Rock'n'roll \\ mug"],
    'tea mug': [],
  };
  for (const [query, expected] of Object.entries(found)) {
    expect({ query, names: (await namesOf({ query })).toSorted() }).toEqual({
      query,
      names: expected.toSorted(),
    });
    expect((await namesOf({ query, sort: 'name', limit: 1 })).toSorted()).toEqual(
      expected.toSorted(),
    );
  }
});

test('a search finds composed and decomposed text, compatible characters and folded case', async () => {
  const { create, namesOf } = await startCatalog();
  const names = ['유자차', '말차라떼', 'Ｃａｆé', 'Straße', 'ΟΔΟΣ'].map((name, index) =>
    name.normalize(index % 2 === 0 ? 'NFD' : 'NFC'),
  );
  for (const name of names) await create(name);
  const found: Readonly<Record<string, number>> = {
    유자차: 0,
    ['유자'.normalize('NFD')]: 0,
    ['라떼'.normalize('NFD')]: 1,
    ＬＡ떼: -1,
    CAFÉ: 2,
    cafe: -1,
    strasse: 3,
    οδος: 4,
    οδοσ: 4,
  };
  for (const [query, index] of Object.entries(found)) {
    const expected = index < 0 ? [] : [names[index]];
    expect({ query, names: await namesOf({ query }) }).toEqual({ query, names: expected });
  }
});

test('a search finds names with all words, in any order', async () => {
  const { create, namesOf } = await startCatalog();
  for (const name of ['제주 유자차 선물세트', '고흥 유자차', '제주 감귤']) await create(name);
  const found: Readonly<Record<string, string[]>> = {
    '유자 제주': ['제주 유자차 선물세트'],
    '  제주　': ['제주 감귤', '제주 유자차 선물세트'],
    '차 고': ['고흥 유자차'],
    '제주 유자 없음': [],
    ' ': ['제주 감귤', '고흥 유자차', '제주 유자차 선물세트'],
  };
  for (const [query, expected] of Object.entries(found)) {
    expect({ query, names: await namesOf({ query }) }).toEqual({ query, names: expected });
  }
});

test('a search lists the same products, few or many, in every order', async () => {
  const { create, listAll } = await startCatalog();
  const created = await Promise.all(
    sampleSeeded('product searches', product, 40).map(({ name, price }) =>
      create(`${name}유자`, price),
    ),
  );
  await create('ab');
  const idsOf = (products: readonly Listed[]) => products.map(({ productId }) => productId);
  for (const [sort, compare] of Object.entries(ORDERS)) {
    for (const limit of [3, 100]) {
      for (const sortedMax of [5, 100]) {
        const listed = await listAll({ sort, limit, query: '유자' }, sortedMax);
        expect(idsOf(listed)).toEqual(idsOf(created.toSorted(compare)));
      }
    }
  }
});

test('archived products are listed only on request', async () => {
  const { call, create, namesOf } = await startCatalog();
  await create('kept');
  const { productId } = await create('gone');
  await call('changeProduct', { params: { productId }, body: { status: 'archived' } });
  expect(await namesOf({})).toEqual(['kept']);
  expect(await namesOf({ status: 'active' })).toEqual(['kept']);
  expect(await namesOf({ status: 'archived' })).toEqual(['gone']);
});

test('a product that is created between two pages neither repeats nor hides another product', async () => {
  const { create, page, listAll } = await startCatalog();
  for (const name of ['a', 'c', 'e', 'g']) await create(name);
  for (const sort of Object.keys(ORDERS)) {
    const before = await listAll({ sort });
    const first = await page({ sort, limit: 2 });
    await create('b');
    await create('z', 1_000);
    const rest = await listAll({ sort, cursor: first.nextCursor });
    const seen = [...first.items, ...rest].map(({ productId }) => productId);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(before.map(({ productId }) => productId)));
  }
});

test('a cursor can hold the longest name', async () => {
  const { create, listAll } = await startCatalog();
  const names = ['🍎', '가', '"'].map((character) => character.repeat(200));
  for (const name of names) await create(name);
  const listed = await listAll({ sort: 'name', limit: 1 });
  expect(listed.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
});

test('a cursor of another list is refused', async () => {
  const { list } = await startCatalog();
  const id = '01980000-0000-7000-8000-000000000000';
  const foreign = [
    { sort: 'name', cursor: 'garbage' },
    { sort: 'name', cursor: encodeCursor('listProducts name', [5, id]) },
    { sort: 'price', cursor: encodeCursor('listProducts price', ['a', id]) },
    { sort: 'price', cursor: encodeCursor('listProducts price', [-1, id]) },
    { sort: 'newest', cursor: encodeCursor('listProducts newest', [5]) },
    { sort: 'newest', cursor: encodeCursor('listProducts newest', [0, 'x']) },
    { sort: 'newest', cursor: encodeCursor('listProducts price', [5, id]) },
    { sort: '-price', cursor: encodeCursor('listProducts price', [5, id]) },
  ];
  for (const query of foreign) {
    const refused = { kind: 'problem', code: 'invalid_request' };
    expect({ query, reply: await list(query) }).toMatchObject({ query, reply: refused });
  }
});
