import { describe, expect, test } from 'vitest';
import { startRealServer } from '../../test/http/real-server.ts';
import { createClient, type Answer } from '../../test/support/client.ts';
import { assertInvariants } from '../../test/support/database.ts';
import { queryColumn } from '../../test/support/queries.ts';
import { createProduct, expectStatus } from '../../test/support/api-calls.ts';
import type { Role } from '../contract/index.ts';

const CART = '/v1/users/me/cart';
const NO_PRODUCT = '01980000-0000-7000-8000-000000000000';
const PRICE = 1_000;

/** A server, alice with an empty cart and money, and products of 1,000 with 10 of each. */
const openShop = async (products = 1) => {
  const { url, databaseUrl, bearer } = await startRealServer();
  const clientOf = async (role: Role, userId: string) => {
    const authorization = await bearer(role, userId);
    return createClient(url, authorization.replace('Bearer ', ''));
  };
  const [alice, staff, shop] = await Promise.all([
    clientOf('customer', 'alice'),
    clientOf('staff', 'staff'),
    clientOf('service', 'shop'),
  ]);
  const productIds: string[] = [];
  while (productIds.length < products) {
    productIds.push(await createProduct(shop, { price: PRICE, stock: 10 }));
  }
  const [productId = ''] = productIds;
  return {
    databaseUrl,
    clientOf,
    alice,
    staff,
    shop,
    productId,
    productIds,
    add: (quantity: number, id = productId) =>
      alice.post(`${CART}/items`, { productId: id, quantity }),
    countEvents: async () =>
      Number(
        await queryColumn(
          databaseUrl,
          `select count(*) from journal.events where type like 'cart.%'`,
        ),
      ),
  };
};

/** The cart of an answer, which must have the version as its entity tag. */
const cartIn = (answer: Answer): Record<string, unknown> => {
  const cart: Record<string, unknown> = expectStatus(200, answer).body;
  expect(answer.headers.get('etag')).toBe(`"${String(cart['version'])}"`);
  return cart;
};

test('every change and every read is answered with the whole cart', async () => {
  const { alice, add, productId, productIds, databaseUrl } = await openShop(2);
  const [, other = ''] = productIds;
  const empty = { userId: 'alice', items: [], total: 0, currency: 'KRW', purchasable: false };
  const line = {
    productId,
    name: 'Mug',
    imageUrl: null,
    quantity: 2,
    price: PRICE,
    priceWhenAdded: PRICE,
    stock: 10,
    status: 'ok',
    lineTotal: 2 * PRICE,
    addedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
  };
  expect(cartIn(await alice.get(CART))).toEqual({ ...empty, version: 0 });

  const first = cartIn(await add(2));
  expect(first).toEqual({
    userId: 'alice',
    version: 1,
    items: [line],
    total: 2 * PRICE,
    currency: 'KRW',
    purchasable: true,
  });
  const [{ addedAt } = {}] = first['items'] as { addedAt?: string }[];
  expect(cartIn(await add(3, other))).toMatchObject({
    version: 2,
    items: [line, { productId: other, quantity: 3, lineTotal: 3 * PRICE }],
    total: 5 * PRICE,
  });
  expect(cartIn(await add(1))).toMatchObject({
    version: 3,
    items: [{ productId, quantity: 3, addedAt }, { productId: other }],
    total: 6 * PRICE,
  });
  const set = await alice.put(`${CART}/items/${productId}`, { quantity: 10 });
  expect(cartIn(set)).toMatchObject({ version: 4, total: 13 * PRICE, purchasable: true });
  expect(cartIn(await alice.get(CART))).toEqual(set.body);

  const removed = await alice.call('DELETE', `${CART}/items/${productId}`);
  expect(cartIn(removed)).toMatchObject({ version: 5, items: [{ productId: other }] });
  expect(cartIn(await alice.call('DELETE', CART))).toEqual({ ...empty, version: 6 });
  expect(cartIn(await alice.get('/v1/users/alice/cart'))).toEqual({ ...empty, version: 6 });
  await assertInvariants(databaseUrl);
});

test('a change that changes nothing is no event and leaves the version', async () => {
  const { alice, add, productId, countEvents } = await openShop();
  for (const path of [CART, `${CART}/items/${productId}`, `${CART}/items/${NO_PRODUCT}`]) {
    expect(cartIn(await alice.call('DELETE', path))).toMatchObject({ version: 0 });
  }
  expect(await countEvents()).toBe(0);
  const added = await add(2);
  const again = await alice.put(`${CART}/items/${productId}`, { quantity: 2 });
  expect(cartIn(again)).toEqual(added.body);
  expect(await countEvents()).toBe(1);
});

test('prices and stock are current at every version', async () => {
  const { alice, staff, add, productId } = await openShop();
  await add(4);
  const seen = async () => {
    const { items, ...cart } = cartIn(await alice.get(CART));
    return { ...cart, ...(items as object[])[0] };
  };
  const patch = async (change: object) =>
    expectStatus(200, await staff.patch(`/v1/products/${productId}`, change));

  await patch({ price: 1_200, name: 'Cup', imageUrl: '/cup.png' });
  expect(await seen()).toMatchObject({
    version: 1,
    name: 'Cup',
    imageUrl: '/cup.png',
    price: 1_200,
    priceWhenAdded: PRICE,
    status: 'price_changed',
    lineTotal: 4_800,
    total: 4_800,
    purchasable: true,
  });
  const path = `/v1/products/${productId}/stock-adjustments`;
  expectStatus(201, await staff.post(path, { delta: -7, reason: 'damaged' }));
  const short = { status: 'insufficient_stock', stock: 3, quantity: 4, purchasable: false };
  expect(await seen()).toMatchObject({ ...short, total: 4_800, version: 1 });
  await patch({ status: 'archived' });
  expect(await seen()).toMatchObject({ status: 'archived', purchasable: false, version: 1 });

  // An archived product cannot be added, but can be removed.
  for (const answer of [
    await add(1),
    await alice.put(`${CART}/items/${productId}`, { quantity: 1 }),
  ]) {
    expect(answer.body).toMatchObject({ code: 'product_unavailable', productIds: [productId] });
  }
  await patch({ status: 'active' });
  expect(cartIn(await add(1))).toMatchObject({ items: [{ quantity: 5, priceWhenAdded: 1_200 }] });
  await patch({ status: 'archived' });
  const removed = await alice.call('DELETE', `${CART}/items/${productId}`);
  expect(cartIn(removed)).toMatchObject({ items: [], version: 3 });
});

test('a cart reserves nothing', async () => {
  const { alice, shop, add, productId } = await openShop();
  await add(10);
  const items = [{ productId, quantity: 8 }];
  await shop.put('/v1/users/bob', {});
  expectStatus(201, await shop.post('/v1/orders', { userId: 'bob', items }));
  expect(cartIn(await alice.get(CART))).toMatchObject({
    items: [{ stock: 2, status: 'insufficient_stock' }],
    purchasable: false,
  });
});

test('a total beyond the safe integers is shown as the largest amount', async () => {
  const { alice, shop } = await openShop();
  const price = Number.MAX_SAFE_INTEGER;
  const productId = await createProduct(shop, { price, stock: 9 });
  const cart = await alice.post(`${CART}/items`, { productId, quantity: 2 });
  expect(cartIn(cart)).toMatchObject({
    items: [{ price, status: 'total_limit_exceeded', lineTotal: price }],
    total: price,
    purchasable: false,
  });
});

describe('If-Match', () => {
  test('binds every change to a version', async () => {
    const { alice, add, productId, countEvents } = await openShop();
    await add(1);
    await add(1);
    const item = `${CART}/items/${productId}`;
    const changes = [
      ['POST', `${CART}/items`, { productId, quantity: 1 }],
      ['PUT', item, { quantity: 9 }],
      ['DELETE', item, undefined],
      ['DELETE', CART, undefined],
    ] as const;
    for (const stale of ['"1"', 'W/"2"', '"1", "3"', '""']) {
      for (const [method, path, body] of changes) {
        const { status, body: told } = await alice.call(method, path, body, { 'if-match': stale });
        expect([status, told]).toMatchObject([412, { code: 'cart_changed', version: 2 }]);
      }
    }
    expect(await countEvents()).toBe(2);
    for (const [index, [method, path, body]] of changes.slice(0, 3).entries()) {
      const fresh = `"1", "${index + 2}"`;
      const answer = await alice.call(method, path, body, { 'if-match': fresh });
      expect(cartIn(answer)).toMatchObject({ version: index + 3 });
    }
    const whichever = await alice.call('POST', `${CART}/items`, changes[0][2], { 'if-match': '*' });
    expect(cartIn(whichever)).toMatchObject({ version: 6 });
  });

  test('that is malformed is refused', async () => {
    const { alice, add, countEvents } = await openShop();
    await add(1);
    for (const malformed of ['1', '"1', '*, "1"', 'W/1']) {
      const answer = await alice.call('DELETE', CART, undefined, { 'if-match': malformed });
      expect([answer.status, answer.body]).toMatchObject([
        400,
        { code: 'invalid_request', errors: [{ pointer: '/headers/if-match' }] },
      ]);
    }
    expect(await countEvents()).toBe(1);
  });
});

test('a refused change of a cart changes nothing', async () => {
  const { alice, shop, add, productId, countEvents } = await openShop();
  expect(cartIn(await add(999))).toMatchObject({ items: [{ status: 'insufficient_stock' }] });
  const set = (quantity: number) => alice.put(`${CART}/items/${productId}`, { quantity });
  const items = '/v1/users/nobody/cart/items';
  const answers = [
    await add(1),
    await add(1, NO_PRODUCT),
    await alice.put(`${CART}/items/${NO_PRODUCT}`, { quantity: 1 }),
    await shop.post(items, { productId: NO_PRODUCT, quantity: 1 }),
    await shop.call('DELETE', `${items}/${productId}`),
    await shop.get('/v1/users/nobody/cart'),
    await add(0),
    await add(1_000),
    await set(0),
    await set(1_000),
  ];
  const quantity = { code: 'invalid_request', errors: [{ pointer: '/quantity' }] };
  const unknown = { code: 'product_not_found', productIds: [NO_PRODUCT] };
  expect(answers.map(({ body }) => body)).toMatchObject([
    { code: 'cart_quantity_exceeded', limit: 999, quantity: 999 },
    unknown,
    unknown,
    ...Array.from({ length: 3 }, () => ({ code: 'user_not_found' })),
    ...Array.from({ length: 4 }, () => quantity),
  ]);
  expect(await countEvents()).toBe(1);
});

test('customers and services change a cart, staff only read it', async () => {
  const { clientOf, alice, staff, shop, add, productId } = await openShop();
  await add(1);
  const path = '/v1/users/alice/cart';
  const body = { productId, quantity: 1 };
  expect(cartIn(await shop.post(`${path}/items`, body))).toMatchObject({ version: 2 });
  expect(cartIn(await staff.get(path))).toMatchObject({ version: 2, userId: 'alice' });
  const bob = await clientOf('customer', 'bob');
  for (const [client, code] of [
    [staff, 'forbidden'],
    [bob, 'user_not_found'],
  ] as const) {
    const answers = [
      await client.post(`${path}/items`, body),
      await client.put(`${path}/items/${productId}`, { quantity: 1 }),
      await client.call('DELETE', `${path}/items/${productId}`),
      await client.call('DELETE', path),
    ];
    expect(answers.map(({ body: told }) => told['code'])).toEqual(Array.from(answers, () => code));
  }
  expect((await bob.get(path)).body).toMatchObject({ code: 'user_not_found' });
  expect(cartIn(await bob.get(CART))).toMatchObject({ userId: 'bob', version: 0 });
  expect(cartIn(await alice.get(CART))).toMatchObject({ version: 2 });
});

describe('ordering the cart', () => {
  const ORDERED = { userId: 'me', cart: true };

  test.for([
    ['/v1/checkout', 'paid'],
    ['/v1/orders', 'pending'],
  ] as const)('%s empties it in the same commit, once', async ([path, status]) => {
    const { alice, add, productIds, databaseUrl } = await openShop(2);
    const [first = '', second = ''] = productIds;
    await add(2, second);
    await add(3, first);
    const order = await alice.post(path, { ...ORDERED, expectedTotal: 5 * PRICE }, 'key');
    expect([order.status, order.body]).toMatchObject([
      201,
      {
        status,
        total: 5 * PRICE,
        items: [
          { productId: second, quantity: 2 },
          { productId: first, quantity: 3 },
        ],
      },
    ]);
    const left = cartIn(await alice.get(CART));
    expect(left).toMatchObject({ version: 3, items: [], purchasable: false });

    await add(1);
    const again = await alice.post(path, { ...ORDERED, expectedTotal: 5 * PRICE }, 'key');
    expect(again.text).toBe(order.text);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(cartIn(await alice.get(CART))).toMatchObject({
      version: 4,
      items: [{ productId: first, quantity: 1, stock: 7 }],
    });
    await assertInvariants(databaseUrl);
  });

  test('that is refused leaves the cart unchanged', async () => {
    const { alice, staff, add, productId, databaseUrl } = await openShop();
    const refusal = async (body: object = ORDERED) =>
      (await alice.post('/v1/checkout', body)).body['code'];
    expect(await refusal()).toBe('cart_empty');
    const before = cartIn(await add(11));
    expect(await refusal({ ...ORDERED, expectedTotal: 1 })).toBe('total_changed');
    expect(await refusal()).toBe('insufficient_stock');
    expect(cartIn(await alice.get(CART))).toEqual(before);
    await staff.patch(`/v1/products/${productId}`, { status: 'archived' });
    expect(await refusal()).toBe('product_unavailable');
    expect(cartIn(await alice.get(CART))).toMatchObject({ version: 1 });
    await assertInvariants(databaseUrl);
  });

  test('by its products leaves the cart unchanged', async () => {
    const { alice, add, productId } = await openShop();
    await add(2);
    const items = [{ productId, quantity: 2 }];
    expectStatus(201, await alice.post('/v1/checkout', { userId: 'me', items }));
    expect(cartIn(await alice.get(CART))).toMatchObject({ version: 1, items: [{ quantity: 2 }] });
  });
});
