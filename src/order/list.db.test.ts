import { expect, onTestFinished, test } from 'vitest';
import { startRealServer } from '../../test/http/real-server.ts';
import { expectStatus } from '../../test/support/api-calls.ts';
import { createClient } from '../../test/support/client.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { encodeCursor } from '../contract/index.ts';
import { startSystem } from '../system.ts';

interface Listed {
  readonly orderId: string;
  readonly userId: string;
  readonly status: string;
  readonly createdAt: string;
  readonly items: readonly { readonly productId: string }[];
}

const BEGIN = Date.parse('2026-11-20T00:00:00.000Z');

/**
 * A shop where alice and bob order in turn, with an order in each status. `time` is the time of the
 * next orders.
 */
const startShop = async (time = { ms: BEGIN }) => {
  const system = startSystem(await createTestDatabase(), TEST_SETTINGS, {
    timeOf: () => new Date(time.ms),
  });
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  const offer = async (name: string): Promise<string> => {
    const product = { name, price: 100, stock: 100 };
    return String(bodyOf(await call('createProduct', { body: product }))['productId']);
  };
  const tea = await offer('Tea');
  // The name of the other product contains the member that finds tea.
  const cake = await offer(`"productId":"${tea}"`);
  for (const userId of ['alice', 'bob', 'carol']) {
    await call('putUser', { params: { userId } });
    await call('chargeWallet', { params: { userId }, body: { amount: 10_000 }, key: userId });
  }
  const orders: Listed[] = [];
  const order = async (operation: string, userId: string): Promise<Listed> => {
    const wanted = [[tea], [cake], [cake, tea]][orders.length % 3]!;
    const items = wanted.map((productId) => ({ productId, quantity: 1 }));
    const key = `order ${orders.length}`;
    const placed = bodyOf(await call(operation, { body: { userId, items }, key }));
    orders.unshift(placed as unknown as Listed);
    return orders[0]!;
  };
  const end = async (operation: string, orderId: string, status: string): Promise<void> => {
    bodyOf(await call(operation, { params: { orderId }, key: `${operation} ${orderId}` }));
    const index = orders.findIndex((each) => each.orderId === orderId);
    orders[index] = { ...orders[index]!, status };
  };
  for (let round = 0; round < 3; round++) {
    for (const userId of ['alice', 'bob']) {
      await order('placeOrder', userId);
      time.ms += 1;
      await end('cancelOrder', (await order('placeOrder', userId)).orderId, 'cancelled');
      await end('refundOrder', (await order('checkout', userId)).orderId, 'refunded');
      await order('checkout', userId);
    }
  }
  const listAll = async (operation: string, userId: string | undefined, query: object) => {
    const listed: string[] = [];
    const params = userId === undefined ? {} : { userId };
    let cursor: unknown;
    do {
      const asked = cursor === undefined ? query : { ...query, cursor };
      const page = bodyOf(await call(operation, { params, query: asked }));
      listed.push(...(page['items'] as Listed[]).map(viewOf));
      cursor = page['nextCursor'];
    } while (cursor !== null);
    return listed;
  };
  return { call, order, orders, listAll, tea, cake };
};

const viewOf = ({ orderId, userId, status }: Listed): string => `${userId} ${status} ${orderId}`;

test('orders are listed newest first, by user and by status, page by page', async () => {
  const { orders, listAll } = await startShop();
  for (const status of [undefined, 'pending', 'paid', 'cancelled', 'expired', 'refunded']) {
    for (const userId of [undefined, 'alice', 'bob', 'carol']) {
      const expected = orders
        .filter((each) => status === undefined || each.status === status)
        .filter((each) => userId === undefined || each.userId === userId)
        .map(viewOf);
      const byStatus = status === undefined ? {} : { status };
      const byUser = userId === undefined ? {} : { userId };
      for (const limit of [1, 2, 100]) {
        const query = { ...byStatus, limit };
        expect(await listAll('listOrders', undefined, { ...byUser, ...query })).toEqual(expected);
        if (userId === undefined) continue;
        expect(await listAll('listOrdersOfUser', userId, query)).toEqual(expected);
      }
    }
  }
});

test('orders are listed by the time of creation and by product, page by page', async () => {
  const { orders, listAll, tea, cake } = await startShop();
  const at = (ms: number, rest = ''): string =>
    new Date(BEGIN + ms).toJSON().replace('Z', `${rest}Z`);
  const ranges = [
    { from: at(0), to: at(6) },
    { from: at(1), to: at(3) },
    { from: at(3) },
    { to: at(3) },
    { to: '2026-11-20T09:00:00.002+09:00' },
    { from: at(3), to: at(3) },
    { from: at(2, '5'), to: at(3, '5') },
    {},
  ];
  const all = [undefined];
  for (const range of ranges) {
    for (const status of [...all, 'pending', 'paid', 'refunded']) {
      for (const userId of [...all, 'alice']) {
        for (const productId of [...all, tea, cake]) {
          const expected = orders
            .filter((each) => status === undefined || each.status === status)
            .filter((each) => userId === undefined || each.userId === userId)
            .filter(({ items }) => !productId || items.some((item) => item.productId === productId))
            .filter(({ createdAt }) => !range.from || rank(createdAt) >= rank(range.from))
            .filter(({ createdAt }) => !range.to || rank(createdAt) < rank(range.to))
            .map(viewOf);
          const asked = JSON.stringify({ ...range, status, userId, productId, limit: 2 });
          const query = JSON.parse(asked) as object;
          expect({ query, listed: await listAll('listOrders', undefined, query) }).toEqual({
            query,
            listed: expected,
          });
        }
      }
    }
  }
});

/** A time as a number that also orders parts of a millisecond. */
const rank = (time: string): number =>
  Date.parse(time) + Number(`0.${/\.\d{3}(\d+)/.exec(time)?.[1] ?? 0}`);

test('orders of a time are in order of time even if their ids are not', async () => {
  const time = { ms: BEGIN };
  const { order, listAll } = await startShop(time);
  const placed: Listed[] = [];
  for (const ms of [2_000, 3_000, 1_000, 3_000, 2_000]) {
    time.ms = BEGIN + ms;
    placed.push(await order('checkout', 'carol'));
  }
  const [b, d, a, e, c] = placed.map(viewOf);
  const from = new Date(BEGIN + 1_000).toJSON();
  for (const limit of [1, 2, 3]) {
    expect(await listAll('listOrders', undefined, { from, limit })).toEqual([e, d, c, b, a]);
  }
});

test('a time that begins after its end is rejected with its place', async () => {
  const { call } = await startShop();
  const query = { from: '2026-11-20T00:00:00.001Z', to: '2026-11-20T09:00:00+09:00' };
  for (const userId of ['alice', undefined]) {
    const operation = userId === undefined ? 'listOrders' : 'listOrdersOfUser';
    expect(await call(operation, { params: { userId }, query })).toEqual({
      kind: 'problem',
      code: 'invalid_request',
      members: { errors: [{ pointer: '/query/from', message: 'must not be after `to`' }] },
    });
  }
});

test('an order that is placed between two pages does not shift the pages', async () => {
  const { call, order, orders } = await startShop();
  const expected = orders.slice(0, 6).map(viewOf);
  const first = bodyOf(await call('listOrders', { query: { limit: 3 } }));
  await order('checkout', 'carol');
  const cursor = first['nextCursor'];
  const second = bodyOf(await call('listOrders', { query: { limit: 3, cursor } }));
  const seen = [...(first['items'] as Listed[]), ...(second['items'] as Listed[])].map(viewOf);
  expect(seen).toEqual(expected);
});

test('`me` stands for the caller in the list of all orders', async () => {
  const { url, bearer, known } = await startRealServer();
  const shop = createClient(url, (await bearer('service', 'shop')).slice('Bearer '.length));
  await shop.put('/v1/users/shop', {});
  await shop.post('/v1/users/shop/wallet/charges', { amount: 1_000 });
  const items = [{ productId: known['productId'], quantity: 1 }];
  expectStatus(201, await shop.post('/v1/checkout', { userId: 'me', items }));
  const { body } = await shop.get('/v1/orders?userId=me');
  expect(body['items']).toMatchObject([{ userId: 'shop' }]);
});

test('the list of an unknown user is not found, and an invalid cursor is rejected', async () => {
  const { call } = await startShop();
  expect(await call('listOrdersOfUser', { params: { userId: 'nobody' } })).toEqual({
    kind: 'problem',
    code: 'user_not_found',
  });
  for (const cursor of [
    'garbage',
    encodeCursor('listOrders', ['x']),
    encodeCursor('listOrders', [1]),
  ]) {
    const reply = await call('listOrders', { query: { cursor } });
    expect({ cursor, reply }).toMatchObject({ reply: { code: 'invalid_request' } });
  }
});
