import { expect, onTestFinished, test, vi } from 'vitest';
import { withClient } from '../../src/database/client.ts';
import { startSystem } from '../../src/system.ts';
import { createClient, type Answer } from '../support/client.ts';
import { createTestDatabase } from '../support/database.ts';
import { bodyOf, createOperations } from '../support/operations.ts';
import { TEST_SETTINGS } from '../support/settings.ts';
import { startRealServer, type RealServerOptions } from './real-server.ts';

const TEA = { name: 'Tea', price: 100, stock: 1 };

const startShop = async (options: RealServerOptions = {}) => {
  const server = await startRealServer(options);
  const token = (await server.bearer('staff', 'staff')).slice('Bearer '.length);
  const staff = createClient(server.url, token);
  const batch = (items: unknown, key?: string) => staff.post('/v1/products/batch', { items }, key);
  const namesOf = async (query: string) => {
    const { body } = await staff.get(`/v1/products?limit=100&query=${encodeURIComponent(query)}`);
    return (body['items'] as unknown as { name: string }[]).map(({ name }) => name);
  };
  return { ...server, staff, batch, namesOf };
};

/** Items that the schema of a new product rejects. */
const FLAWED: readonly object[] = [
  {},
  { ...TEA, price: 0 },
  { ...TEA, price: '100' },
  { ...TEA, price: 1.5, stock: -1 },
  { ...TEA, name: '' },
  { ...TEA, name: ' \u200b' },
  { ...TEA, name: 'x'.repeat(201) },
  { ...TEA, color: 'red' },
  { ...TEA, imageUrl: 'javascript:alert(1)' },
  { ...TEA, sku: '' },
  { ...TEA, sku: 'x'.repeat(65) },
  { ...TEA, sku: 7 },
  { ...TEA, sku: 'a\u0007' },
  { ...TEA, metadata: [] },
  { ...TEA, metadata: { key: 1 } },
  { ...TEA, metadata: { '': 'x' } },
  { ...TEA, metadata: { ['k'.repeat(41)]: 'x' } },
  { ...TEA, metadata: { key: 'x'.repeat(501) } },
  { ...TEA, metadata: { 'k\n\u0000': 'x' } },
  { ...TEA, metadata: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`k${n}`, ''])) },
];

test('each product of a batch is created or refused on its own, in order', async () => {
  const { staff, batch, namesOf } = await startShop();
  const metadata = { ['k'.repeat(40)]: 'x'.repeat(500), 'a/b': '' };
  const { status, body } = await batch([
    { ...TEA, name: 'Tea 1', sku: 'T-1', metadata },
    { ...TEA, name: 'Tea 2', price: 0 },
    { ...TEA, name: 'Tea 3', sku: 'T-1' },
    { ...TEA, name: 'Tea 4' },
  ]);
  expect(status).toBe(200);
  const items = body['items'] as unknown as { product: { productId: string } }[];
  const { productId } = items[0]!.product;
  expect(items).toMatchObject([
    { status: 201, product: { name: 'Tea 1', sku: 'T-1', metadata } },
    {
      status: 400,
      problem: {
        type: '/problems/invalid-request',
        status: 400,
        code: 'invalid_request',
        errors: [{ pointer: '/items/1/price' }],
      },
    },
    { status: 409, problem: { code: 'sku_taken', productId } },
    { status: 201, product: { name: 'Tea 4', sku: null, metadata: {} } },
  ]);
  expect(await namesOf('tea')).toEqual(['Tea 4', 'Tea 1']);
  expect((await staff.get(`/v1/products/${productId}`)).body).toEqual(items[0]!.product);
});

test('a batch rejects the same products as the call for one product', async () => {
  const { staff, batch, failures } = await startShop();
  const { body } = await batch(FLAWED);
  const items = body['items'] as unknown as { problem: { errors: { pointer: string }[] } }[];
  for (const [index, item] of FLAWED.entries()) {
    const one = await staff.post('/v1/products', item);
    const errors = items[index]!.problem.errors.map((error) => ({
      ...error,
      pointer: error.pointer.replace(`/items/${index}`, ''),
    }));
    expect({ item, status: one.status, errors: one.body['errors'] }).toEqual({
      item,
      status: 400,
      errors,
    });
  }
  expect(failures).toEqual([]);
});

test('a batch that is sent again with its key creates nothing new', async () => {
  const { batch, namesOf } = await startShop();
  const items = Array.from({ length: 5 }, (_, index) => ({ ...TEA, name: `Tea ${index}` }));
  const first = await batch(items, 'import 1');
  expect((await batch(items, 'import 1')).text).toBe(first.text);
  const other = await batch([{ ...TEA, name: 'Cup' }, items[1]], 'import 1');
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  expect(await namesOf('tea')).toHaveLength(5);
  expect(await namesOf('cup')).toEqual([]);
});

test('a batch that created nothing may be sent again with its key, also corrected', async () => {
  const { staff, batch, namesOf } = await startShop();
  const { body: cup } = await staff.post('/v1/products', { ...TEA, name: 'Cup', sku: 'T-1' });
  const items = [
    { ...TEA, sku: 'T-1' },
    { ...TEA, price: 0 },
  ];
  for (const _ of [1, 2]) {
    const { body, headers } = await batch(items, 'import 1');
    expect(body['items']).toMatchObject([{ status: 409 }, { status: 400 }]);
    expect(headers.get('idempotency-replayed')).toBeNull();
  }
  const { body: corrected } = await batch([items[0], { ...TEA, price: 0, name: '' }], 'import 1');
  expect(corrected['items']).toMatchObject([{ status: 409 }, { status: 400 }]);
  await staff.patch(`/v1/products/${String(cup['productId'])}`, { sku: null });
  const first = await batch(items, 'import 1');
  expect(first.body['items']).toMatchObject([{ status: 201 }, { status: 400 }]);
  expect((await batch(items, 'import 1')).text).toBe(first.text);
  expect(await batch([TEA], 'import 1')).toMatchObject({ status: 422 });
  expect(await namesOf('tea')).toEqual(['Tea']);
});

test('a batch keeps its key when a retry meets a full queue', async () => {
  const system = startSystem(await createTestDatabase(), TEST_SETTINGS);
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  const create = (...items: readonly object[]) =>
    call('createProducts', { body: { items }, key: 'import 1' });
  const items = [{ ...TEA, sku: 'T-1' }, TEA];
  const { submit } = system.commit;
  const spy = vi.spyOn(system.commit, 'submit');
  const overloaded = () => Promise.resolve({ kind: 'overloaded' } as const);
  spy.mockImplementationOnce(submit).mockImplementationOnce(overloaded);
  expect(bodyOf(await create(...items))).toMatchObject({
    items: [{ status: 201 }, { status: 503 }],
  });
  spy.mockImplementation(overloaded);
  expect(bodyOf(await create(...items))).toMatchObject({
    items: [{ status: 503 }, { status: 503 }],
  });
  spy.mockRestore();
  expect(await create(TEA)).toMatchObject({ code: 'idempotency_key_reused' });
  expect(bodyOf(await create(...items))).toMatchObject({
    items: [{ status: 201 }, { status: 201 }],
  });
});

test('a batch that met a locked row creates what is missing when it is sent again', async () => {
  const { staff, batch, namesOf, databaseUrl } = await startShop({ answerMs: 3_000 });
  const { body: cup } = await staff.post('/v1/products', { ...TEA, name: 'Cup', sku: 'T-2' });
  await staff.patch(`/v1/products/${String(cup['productId'])}`, { sku: 'C-1' });
  const items = [1, 2, 3].map((n) => ({ ...TEA, name: `Tea ${n}`, sku: `T-${n}` }));
  const answersOf = ({ body }: Answer) => body['items'] as unknown as { status: number }[];
  const first = await withClient({ connectionString: databaseUrl }, async (client) => {
    await client.query('begin; select from catalog.skus for update');
    return batch(items, 'import 1');
  });
  expect(first.status).toBe(200);
  expect(answersOf(first)).toMatchObject([{ status: 201 }, { status: 503 }, { status: 201 }]);

  const other = await batch(items.slice(1), 'import 1');
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  const again = await batch(items, 'import 1');
  const [one, , three] = answersOf(first);
  expect(answersOf(again)).toEqual([one, expect.objectContaining({ status: 201 }), three]);
  expect(again.headers.get('idempotency-replayed')).toBeNull();
  const replay = await batch(items, 'import 1');
  expect(replay.text).toBe(again.text);
  expect(replay.headers.get('idempotency-replayed')).toBe('true');
  expect(await namesOf('tea')).toHaveLength(3);
});

test('a batch has a larger limit than other bodies, 500 products, and is for staff and services', async () => {
  const { staff, batch, bearer, exchange } = await startShop();
  const description = 'x'.repeat(3_900);
  const many = Array.from({ length: 500 }, (_, index) => ({
    ...TEA,
    sku: `S-${index}`,
    description,
  }));
  const created = await batch(many);
  expect(created.status).toBe(200);
  const items = created.body['items'] as unknown as { status: number }[];
  expect(items.every(({ status }) => status === 201)).toBe(true);
  expect(items).toHaveLength(500);
  for (const count of [0, 501]) {
    const { status, body } = await batch(Array.from({ length: count }, () => TEA));
    expect({ count, status, body }).toMatchObject({
      count,
      status: 400,
      body: { errors: [{ pointer: '/items' }] },
    });
  }
  const large = Array.from({ length: 500 }, () => ({ ...TEA, description: 'x'.repeat(5_000) }));
  expect((await batch(large)).status).toBe(413);
  expect(
    (await staff.post('/v1/products', { ...TEA, description, x: 'x'.repeat(131_072) })).status,
  ).toBe(413);
  const answer = await exchange({
    method: 'POST',
    path: '/v1/products/batch',
    headers: {
      authorization: await bearer('customer', 'alice'),
      'content-type': 'application/json',
    },
    body: JSON.stringify({ items: [TEA] }),
  });
  expect(answer.status).toBe(403);
});
