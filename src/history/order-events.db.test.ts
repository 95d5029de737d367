import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { waitUntil } from '../../test/support/wait.ts';
import type { Caller } from '../contract/index.ts';
import { newId } from '../database/ids.ts';
import { startSystem } from '../system.ts';

interface OrderEvent {
  readonly eventId: string;
  readonly type: string;
  readonly time: Date;
  readonly sequence: string;
  readonly data: object;
}

const startShop = async () => {
  let aheadMs = 0;
  const timeOf = (time: Date) => new Date(time.getTime() + aheadMs);
  const system = startSystem(await createTestDatabase(), TEST_SETTINGS, { timeOf });
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  const body = { name: 'Mug', price: 100, stock: 50 };
  const { productId } = bodyOf(await call('createProduct', { body }));
  for (const userId of ['alice', 'bob']) {
    await call('putUser', { params: { userId } });
    await call('chargeWallet', { params: { userId }, body: { amount: 5_000 } });
  }
  const buy = async (operation: 'checkout' | 'placeOrder'): Promise<string> => {
    const items = [{ productId, quantity: 3 }];
    const { orderId } = bodyOf(await call(operation, { body: { userId: 'alice', items } }));
    return orderId as string;
  };
  const list = async (orderId: string, caller?: Caller) => {
    const reply = await call('listOrderEvents', {
      params: { orderId },
      ...(caller === undefined ? {} : { caller }),
    });
    return bodyOf(reply)['items'] as OrderEvent[];
  };
  const typesOf = async (orderId: string) => (await list(orderId)).map(({ type }) => type);
  const pass = (ms: number): void => {
    aheadMs += ms;
  };
  return { system, call, buy, list, typesOf, pass };
};

const ALICE: Caller = { role: 'customer', userId: 'alice' };
const BOB: Caller = { role: 'customer', userId: 'bob' };

test('every way through the life of an order is told by its events', async () => {
  const { system, call, buy, typesOf, pass } = await startShop();
  const bought = await buy('checkout');
  const [paid, cancelled, expired] = [
    await buy('placeOrder'),
    await buy('placeOrder'),
    await buy('placeOrder'),
  ];
  expect(await typesOf(paid)).toEqual(['moa.order.placed.v1']);
  pass(60_000);
  await call('payOrder', { params: { orderId: paid } });
  await call('cancelOrder', { params: { orderId: cancelled } });
  pass(TEST_SETTINGS.reservationMs);
  await system.expiry.expire(expired);
  for (const quantity of [1, 2]) {
    const order = bodyOf(await call('getOrder', { params: { orderId: bought } }));
    const [{ productId }] = order['items'] as [{ productId: string }];
    const body = { items: [{ productId, quantity }] };
    await call('refundOrder', { params: { orderId: bought }, body });
  }
  expect(await typesOf(bought)).toEqual([
    'moa.order.paid.v1',
    'moa.order.refunded.v1',
    'moa.order.refunded.v1',
  ]);
  expect(await typesOf(paid)).toEqual(['moa.order.placed.v1', 'moa.order.paid.v1']);
  expect(await typesOf(cancelled)).toEqual(['moa.order.placed.v1', 'moa.order.cancelled.v1']);
  expect(await typesOf(expired)).toEqual(['moa.order.placed.v1', 'moa.order.expired.v1']);
});

test('an event is the same as in the list of all events', async () => {
  const { call, buy, list } = await startShop();
  const orderId = await buy('checkout');
  const body = { reason: 'arrived broken' };
  await call('refundOrder', { params: { orderId }, body });
  const sentOf = async () =>
    bodyOf(await call('listEvents', { query: { subject: orderId } }))['items'] as { id: string }[];
  // An event is listed once no earlier one can still be committed.
  await waitUntil(async () => (await sentOf()).length === 2, 'both events');
  const sent = await sentOf();
  const shown = sent.map(({ id, ...event }) => ({ eventId: id, ...event }));
  const listed = JSON.parse(JSON.stringify(await list(orderId))) as object[];
  expect(listed).toHaveLength(2);
  expect(shown).toMatchObject(listed);
});

test('a customer sees the events of own orders, without reasons', async () => {
  const { call, buy, list } = await startShop();
  const orderId = await buy('checkout');
  await call('refundOrder', { params: { orderId }, body: { reason: 'third complaint' } });
  expect(JSON.stringify(await list(orderId))).toContain('third complaint');
  const own = await list(orderId, ALICE);
  expect(own).toHaveLength(2);
  expect(JSON.stringify(own)).not.toContain('complaint');
  for (const [params, caller] of [
    [{ orderId }, BOB],
    [{ orderId: newId() }, ALICE],
    [{ orderId: newId() }, undefined],
  ] as const) {
    const reply = await call('listOrderEvents', { params, ...(caller && { caller }) });
    expect(reply).toEqual({ kind: 'problem', code: 'order_not_found' });
  }
});

test('the events of an order are read page by page, to the end of a cancelled order too', async () => {
  const { call, buy, list } = await startShop();
  const pageThrough = async (orderId: string, limit: number): Promise<string[][]> => {
    const pages: string[][] = [];
    let cursor: unknown;
    do {
      const query = cursor === undefined ? { limit } : { limit, cursor };
      const page = bodyOf(await call('listOrderEvents', { params: { orderId }, query }));
      pages.push((page['items'] as OrderEvent[]).map(({ eventId }) => eventId));
      cursor = page['nextCursor'];
    } while (cursor !== null);
    return pages;
  };
  const refunded = await buy('checkout');
  const { items } = bodyOf(await call('getOrder', { params: { orderId: refunded } }));
  const [{ productId }] = items as [{ productId: string }];
  for (let count = 0; count < 3; count++) {
    const body = { items: [{ productId, quantity: 1 }] };
    bodyOf(await call('refundOrder', { params: { orderId: refunded }, body }));
  }
  const cancelled = await buy('placeOrder');
  bodyOf(await call('cancelOrder', { params: { orderId: cancelled } }));

  for (const [orderId, limit, lengths] of [
    [refunded, 3, [3, 1]],
    [refunded, 2, [2, 2]],
    [cancelled, 1, [1, 1]],
    [cancelled, 2, [2]],
  ] as const) {
    const pages = await pageThrough(orderId, limit);
    expect(pages.map(({ length }) => length)).toEqual(lengths);
    expect(pages.flat()).toEqual((await list(orderId)).map(({ eventId }) => eventId));
  }
});

test("a cursor of another order's events is refused", async () => {
  const { call, buy } = await startShop();
  const [first, second] = [await buy('placeOrder'), await buy('checkout')];
  bodyOf(await call('cancelOrder', { params: { orderId: first } }));
  const list = (orderId: string, query: object) =>
    call('listOrderEvents', { params: { orderId }, query });
  const { nextCursor: cursor } = bodyOf(await list(first, { limit: 1 }));
  expect(await list(second, { cursor })).toMatchObject({ code: 'invalid_request' });
});
