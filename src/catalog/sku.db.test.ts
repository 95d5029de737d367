import { expect, onTestFinished, test } from 'vitest';
import { assertInvariants, createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { runSql } from '../../test/support/queries.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { startSystem } from '../system.ts';

/** One database with several services. */
const startShops = async (count: number) => {
  const url = await createTestDatabase();
  const calls = Array.from({ length: count }, () => {
    const system = startSystem(url, TEST_SETTINGS);
    onTestFinished(system.close);
    return createOperations(system.routes);
  });
  const [call] = calls;
  const create = (fields: object = {}, by = call!) =>
    by('createProduct', { body: { name: 'Tea', price: 100, stock: 1, ...fields } });
  const change = (productId: unknown, body: object) =>
    call!('changeProduct', { params: { productId }, body });
  const skusOf = async (query: object) => {
    const { items } = bodyOf(await call!('listProducts', { query }));
    return (items as { sku: string | null }[]).map(({ sku }) => sku);
  };
  return { url, calls, call: call!, create, change, skusOf };
};

const TAKEN = { kind: 'problem', code: 'sku_taken' };

test('of many products that are created at once with one SKU, by two services, one is', async () => {
  const { url, calls, create, skusOf } = await startShops(2);
  for (const round of ['a', 'b', 'c']) {
    const sku = `${round}-é`;
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        create({ sku: sku.normalize(index % 3 === 0 ? 'NFD' : 'NFC') }, calls[index % 2]),
      ),
    );
    const created = replies.filter(({ kind }) => kind === 'answer');
    expect(created).toHaveLength(1);
    const { productId } = bodyOf(created[0]!);
    const refused = { ...TAKEN, members: { productId } };
    expect(replies.filter(({ kind }) => kind === 'problem')).toEqual(
      Array.from({ length: 19 }, () => refused),
    );
    expect(await skusOf({ sku })).toHaveLength(1);
  }
  await assertInvariants(url);
});

test('two services that create the same SKUs in opposite order both get answers', async () => {
  const { url, calls, create } = await startShops(2);
  const skus = Array.from({ length: 30 }, (_, index) => `S-${index}`);
  const [one, other] = await Promise.all([
    Promise.all(skus.map((sku) => create({ sku }, calls[0]))),
    Promise.all(skus.toReversed().map((sku) => create({ sku }, calls[1]))),
  ]);
  for (const [index, reply] of one.entries()) {
    const kinds = [reply, other.toReversed()[index]!].map((each) =>
      each.kind === 'answer' ? 'created' : each.code,
    );
    expect(kinds.toSorted()).toEqual(['created', 'sku_taken']);
  }
  await assertInvariants(url);
});

test('a product is found by its SKU: exactly, or with words of a query', async () => {
  const { create, change, skusOf } = await startShops(1);
  await create({ name: '유자차', sku: 'Tea-É-1' });
  await create({ name: '유자차', sku: 'tea-é-1' });
  const { productId } = bodyOf(await create({ name: '유자청', sku: 'JAM' }));
  await create({ name: '유자잼' });
  expect(await skusOf({ sku: 'Tea-É-1'.normalize('NFD') })).toEqual(['Tea-É-1']);
  expect(await skusOf({ sku: 'Tea' })).toEqual([]);
  expect(await skusOf({ sku: 'JAM', query: '유자' })).toEqual(['JAM']);
  expect(await skusOf({ sku: 'JAM', query: '말차' })).toEqual([]);
  expect(await skusOf({ sku: 'JAM', status: 'archived' })).toEqual([]);
  expect(await skusOf({ query: 'TEA-é 유자' })).toEqual(['tea-é-1', 'Tea-É-1']);
  await change(productId, { sku: 'PASTE' });
  expect(await skusOf({ query: 'jam' })).toEqual([]);
  expect(await skusOf({ query: 'paste' })).toEqual(['PASTE']);
  expect(await skusOf({ sku: 'JAM' })).toEqual([]);
});

test('a SKU is free again after its product gave it up, and metadata is replaced as a whole', async () => {
  const { url, create, change } = await startShops(1);
  const metadata = { season: 'spring', origin: '제주' };
  const first = bodyOf(await create({ sku: 'T-1', metadata }));
  expect(first).toMatchObject({ sku: 'T-1', metadata });
  const second = bodyOf(await create());
  expect(second).toMatchObject({ sku: null, metadata: {} });
  expect(await change(second['productId'], { sku: 'T-1' })).toEqual({
    ...TAKEN,
    members: { productId: first['productId'] },
  });
  expect(bodyOf(await change(first['productId'], { sku: null, metadata: {} }))).toMatchObject({
    sku: null,
    metadata: {},
  });
  expect(bodyOf(await change(second['productId'], { sku: 'T-1' }))).toMatchObject({ sku: 'T-1' });
  expect(await create({ sku: 'T-1' })).toMatchObject(TAKEN);
  await assertInvariants(url);
});

test('a product that the version before creates and renames is found by its name', async () => {
  const { url, call, create } = await startShops(1);
  const { productId } = bodyOf(await create({ name: 'kept' }));
  await runSql(
    url,
    `insert into catalog.products
       (product_id, name, price, status, on_hand, reserved, created_at, updated_at)
     values ('01980000-0000-7000-8000-000000000000', '유자차', 1, 'active', 1, 0, now(), now());
     insert into catalog.descriptions (product_id, description, image_url)
     values ('01980000-0000-7000-8000-000000000000', '', null);
     update catalog.products set name = '말차라떼', on_hand = 2 where product_id = '${String(productId)}'`,
  );
  for (const [query, name] of [
    ['유자', '유자차'],
    ['라떼', '말차라떼'],
  ]) {
    const { items } = bodyOf(await call('listProducts', { query: { query } }));
    expect(items).toMatchObject([{ name, sku: null, metadata: {} }]);
  }
});
