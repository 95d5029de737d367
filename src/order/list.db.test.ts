import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { encodeCursor } from '../contract/index.ts';
import { startSystem } from '../system.ts';

interface Listed {
  readonly orderId: string;
  readonly userId: string;
  readonly status: string;
}

/** A shop where alice and bob order in turn, with an order in each status. */
const startShop = async () => {
  const system = startSystem(await createTestDatabase(), TEST_SETTINGS);
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  const product = { name: 'Tea', price: 100, stock: 100 };
  const { productId } = bodyOf(await call('createProduct', { body: product }));
  for (const userId of ['alice', 'bob', 'carol']) {
    await call('putUser', { params: { userId } });
    await call('chargeWallet', { params: { userId }, body: { amount: 10_000 }, key: userId });
  }
  const items = [{ productId, quantity: 1 }];
  const orders: Listed[] = [];
  const order = async (operation: string, userId: string): Promise<Listed> => {
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
  return { call, order, orders, listAll };
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

test('the list of an unknown user is not found, and an invalid cursor is rejected', async () => {
  const { call } = await startShop();
  expect(await call('listOrdersOfUser', { params: { userId: 'nobody' } })).toEqual({
    kind: 'problem',
    code: 'user_not_found',
  });
  for (const cursor of ['garbage', encodeCursor(['x']), encodeCursor([1])]) {
    const reply = await call('listOrders', { query: { cursor } });
    expect({ cursor, reply }).toMatchObject({ reply: { code: 'invalid_request' } });
  }
});
