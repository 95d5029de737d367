import * as fc from 'fast-check';
import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import { startRealServer } from '../../test/http/real-server.ts';
import { openDeliveryShop } from '../../test/support/delivery-shop.ts';
import { openStream, type OpenStream } from '../../test/support/event-stream.ts';
import { membersOf, pointersIn, problemIn } from '../../test/support/problem.ts';
import { runSql } from '../../test/support/queries.ts';
import { sampleSeeded } from '../../test/support/seed.ts';
import { openTransactionElsewhere } from '../../test/support/open-transaction.ts';
import { waitUntil } from '../../test/support/wait.ts';

/** The server of a stream, and another system on the same database, where things happen. */
const openShops = async () => {
  const server = await startRealServer();
  const other = await openDeliveryShop(server.databaseUrl);
  const { userId, productId } = server.known as Record<'userId' | 'productId', string>;
  const authorization = await server.bearer('customer', userId);
  const open = (query: string, headers: Readonly<Record<string, string>> = {}) =>
    openStream(server.url, query, headers);
  const placeOrder = async (quantity: number, buyer = userId) =>
    String(
      (
        await other.ask('placeOrder', {
          body: { userId: buyer, items: [{ productId, quantity }] },
        })
      )['orderId'],
    );
  const act = (operation: string, orderId: string, body = {}) =>
    other.ask(operation, { params: { orderId }, body });
  return { ...server, other, userId, productId, authorization, open, placeOrder, act };
};

test('stock, price and status arrive when another process changes them', async () => {
  const { open, other, productId, placeOrder } = await openShops();
  const unwatched = await other.ask('createProduct', { body: { name: 'A', price: 1, stock: 1 } });
  const second = String(
    (await other.ask('createProduct', { body: { name: 'B', price: 2, stock: 1 } }))['productId'],
  );
  const stream = await open(`?products=${productId},${second}`);
  const ofMug = (data: object): boolean => Reflect.get(data, 'productId') === productId;
  expect((await stream.until('stock', ofMug)).data).toEqual({
    productId,
    stock: 49,
    price: 1_000,
    status: 'active',
  });
  await placeOrder(2);
  await stream.until('stock', ({ stock }) => stock === 47);
  const params = { productId };
  await other.ask('adjustStock', { params, body: { delta: 3, reason: 'found' } });
  await stream.until('stock', ({ stock }) => stock === 50);
  await other.ask('changeProduct', { params, body: { name: 'Another name' } });
  await other.ask('changeProduct', {
    params: { productId: String(unwatched['productId']) },
    body: { price: 7 },
  });
  await other.ask('changeProduct', { params: { productId: second }, body: { price: 3 } });
  await stream.until('stock', ({ price }) => price === 3);
  await other.ask('changeProduct', { params, body: { price: 900, status: 'archived' } });
  const { data } = await stream.until('stock', ({ status }) => status === 'archived');
  expect(data).toEqual({ productId, stock: 50, price: 900, status: 'archived' });
  // Neither a new name nor another product is an event.
  expect(stream.events.filter((each) => ofMug(each.data)).length).toBe(4);
  expect(stream.events.length).toBe(6);
  expect(stream.events.at(-1)?.id).toMatch(/^\d{19}$/);
});

test('a customer gets the events of own orders and of the own wallet only', async () => {
  const { open, other, bearer, userId, authorization, placeOrder, act } = await openShops();
  await other.ask('putUser', { params: { userId: 'bob' }, body: {} });
  await other.ask('chargeWallet', { params: { userId: 'bob' }, body: { amount: 50_000 } });
  const bob = { authorization: await bearer('customer', 'bob') };
  const streamOfBob = await open('?topics=orders,wallet', bob);
  await streamOfBob.until('orders');
  const stream = await open('?topics=orders,wallet', { authorization });
  const { data: newest } = await stream.until('orders');
  expect(newest).toMatchObject({ items: [{ status: 'paid', userId }], resumed: false });
  expect((await stream.until('wallet')).data).toMatchObject({ userId, balance: 99_000 });

  await act('payOrder', await placeOrder(1, 'bob'));
  const orderId = await placeOrder(2);
  const has = (status: string) => (data: object) =>
    Reflect.get(data, 'orderId') === orderId && Reflect.get(data, 'status') === status;
  await stream.until('order', has('pending'));
  await act('payOrder', orderId);
  await stream.until('order', has('paid'));
  await stream.until('wallet', ({ balance }) => balance === 97_000);
  await act('refundOrder', orderId);
  const { data } = await stream.until('order', has('refunded'));
  expect(data).toEqual(await other.ask('getOrder', { params: { orderId } }));
  await stream.until('wallet', ({ balance }) => balance === 99_000);
  const cancelled = await placeOrder(1);
  await act('cancelOrder', cancelled);
  await stream.until('order', ({ status }) => status === 'cancelled');
  expect(stream.events.filter((each) => each.data['userId'] === 'bob')).toEqual([]);
  expect(stream.text()).not.toContain('bob');
  await streamOfBob.until('order', ({ status }) => status === 'paid');
  expect(streamOfBob.text()).not.toContain(userId);
});

test('best sellers arrive when a sale changes them', async () => {
  const { open, placeOrder, act, productId } = await openShops();
  const stream = await open('?topics=best-sellers');
  await stream.until('best-sellers');
  await act('payOrder', await placeOrder(5));
  const { data } = await stream.until(
    'best-sellers',
    ({ items }) => (items as { unitsSold: number }[])[0]?.unitsSold === 6,
  );
  expect(data['items']).toMatchObject([{ rank: 1, productId }]);
});

test('a stream without parameters sends the best sellers with their stock', async () => {
  const { open, productId } = await openShops();
  const stream = await open('');
  const { data } = await stream.until('best-sellers', ({ items }) => (items as []).length > 0);
  expect(data['items']).toMatchObject([{ productId, stock: 49 }]);
});

test('staff see the orders, sales, refusals and commits of a minute', async () => {
  const { open, bearer, exchange, placeOrder, userId, productId } = await openShops();
  const stream = await open('?topics=operations', { authorization: await bearer('staff', 'sam') });
  expect((await stream.until('operations')).data).toEqual({
    ordersPerMinute: 1,
    unitsPerMinute: expect.any(Number) as number,
    refusalsPerMinute: 0,
    refusals: [],
    queueLength: 0,
    commitP99Ms: expect.any(Number) as number,
    deliveryLagSeconds: expect.any(Number) as number,
  });
  await placeOrder(1);
  const headers = {
    authorization: await bearer('service', 'shop'),
    'content-type': 'application/json',
    'idempotency-key': 'refused',
  };
  const body = JSON.stringify({ userId, items: [{ productId, quantity: 9_999 }] });
  const refused = await exchange({ method: 'POST', path: '/v1/checkout', headers, body });
  expect(problemIn(refused)).toBe('insufficient_stock');
  const { data } = await stream.until(
    'operations',
    ({ ordersPerMinute, refusalsPerMinute, unitsPerMinute }) =>
      ordersPerMinute === 2 && refusalsPerMinute === 1 && unitsPerMinute === 1,
  );
  expect(data['refusals']).toEqual([{ code: 'insufficient_stock', count: 1 }]);
  expect(data['commitP99Ms']).toBeGreaterThan(0);
});

test('private topics need a token of the right role, and the query is validated', async () => {
  const { exchange, bearer, authorization, productId } = await openShops();
  const staff = await bearer('staff', 'sam');
  const service = await bearer('service', 'shop');
  const get = (query: string, headers = {}) =>
    exchange({ method: 'GET', path: `/v1/stream${query}`, headers });
  const refusals = [
    ['?topics=orders', undefined, 'unauthenticated'],
    ['?topics=wallet', undefined, 'unauthenticated'],
    ['?topics=operations,best-sellers', undefined, 'unauthenticated'],
    ['?topics=best-sellers', 'Bearer moa_invalid', 'unauthenticated'],
    ['?topics=operations', authorization, 'forbidden'],
    ['?topics=operations', service, 'forbidden'],
    ['?topics=orders', staff, 'forbidden'],
    ['?topics=wallet', service, 'forbidden'],
    ['?topics=orders,operations', staff, 'forbidden'],
    [`?products=${productId},${v7()}`, undefined, 'product_not_found'],
  ] as const;
  for (const [query, caller, code] of refusals) {
    const answer = await get(query, caller === undefined ? {} : { authorization: caller });
    expect([query, problemIn(answer)]).toEqual([query, code]);
  }
  const many = Array.from({ length: 101 }, () => productId).join(',');
  const invalid: readonly [string, string][] = [
    ['?topics=', '/query/topics'],
    ['?topics=stock', '/query/topics'],
    ['?topics=orders,', '/query/topics'],
    ['?topics=wallet&topics=orders', '/query/topics'],
    ['?topics=Wallet', '/query/topics'],
    ['?products=', '/query/products'],
    ['?products=x', '/query/products'],
    [`?products=${productId.toUpperCase()}`, '/query/products'],
    [`?products=${productId},`, '/query/products'],
    [`?products=${many}`, '/query/products'],
    [`?products=${productId}&lastEventId=x`, '/query/lastEventId'],
    [`?products=${productId}&lastEventId=9999999999999999999`, '/query/lastEventId'],
    [`?products=${productId}&product=1`, '/query/product'],
  ];
  for (const [query, pointer] of invalid) {
    const answer = await get(query);
    expect([query, problemIn(answer)]).toEqual([query, 'invalid_request']);
    expect([query, pointersIn(answer)]).toEqual([query, [pointer]]);
  }
  const answer = await get(`?products=${productId}`, { 'last-event-id': '-1' });
  expect(membersOf(answer)).toMatchObject({ errors: [{ pointer: '/headers/last-event-id' }] });
});

test('the stream of a revoked API key ends', async () => {
  const { open, other } = await openShops();
  const made = await other.ask('createApiKey', { body: { name: 'Key', role: 'staff' } });
  const { key, apiKeyId } = made as Record<'key' | 'apiKeyId', string>;
  const stream = await open('?topics=operations', { authorization: `Bearer ${key}` });
  await stream.until('operations');
  await other.ask('revokeApiKey', { params: { apiKeyId } });
  await waitUntil(stream.isEnded, 'the end of the stream');
  expect(stream.status).toBe(200);
});

test('an order that is not among the newest is sent again after a cut', async () => {
  const { open, other, userId, productId, authorization, placeOrder, act } = await openShops();
  const orderId = await placeOrder(1);
  await act('payOrder', orderId);
  const witness = await open('?topics=orders', { authorization });
  await witness.until('orders');
  const body = { userId, items: [{ productId, quantity: 1 }] };
  let newest: unknown;
  for (let count = 0; count < 20; count++) {
    newest = (await other.ask('checkout', { body }))['orderId'];
  }
  // A stream begins at what its process has read of the orders of the other one.
  await witness.until('order', (data) => data['orderId'] === newest);
  const first = await open('?topics=orders', { authorization });
  const { data } = await first.until('orders');
  expect((data['items'] as { orderId: string }[]).map((each) => each.orderId)).not.toContain(
    orderId,
  );
  const id = first.lastId();
  first.close();
  await act('refundOrder', orderId);
  const resumed = await open('?topics=orders', { authorization, 'last-event-id': String(id) });
  expect((await resumed.until('orders')).data).toMatchObject({ resumed: true });
  // The other process may not have read the refund yet.
  await resumed.until('order');
  expect(resumed.events.filter(({ event }) => event === 'order')).toMatchObject([
    { data: { orderId, status: 'refunded' } },
  ]);
  const query = `?topics=orders&lastEventId=${resumed.lastId()}`;
  const again = await open(query, { authorization });
  expect((await again.until('orders')).data).toMatchObject({ resumed: true });
  expect(again.events.length).toBe(1);
});

test('a client that missed more than 20 older orders reads them again', async () => {
  const { open, other, userId, productId, authorization } = await openShops();
  const buy = async (count: number): Promise<string> => {
    const body = { userId, items: [{ productId, quantity: 1 }] };
    for (let left = count; left > 1; left--) await other.ask('checkout', { body });
    return String((await other.ask('checkout', { body }))['orderId']);
  };
  const witness = await open('?topics=orders', { authorization });
  await witness.until('orders');
  const see = async (orderId: string) =>
    witness.until('order', (data) => data['orderId'] === orderId);
  await see(await buy(1));
  const query = `?topics=orders&lastEventId=${witness.lastId()}`;
  const openAfter = async (orderId: string): Promise<[unknown, number]> => {
    await see(orderId);
    const stream = await open(query, { authorization });
    const { data } = await stream.until('orders');
    return [data['resumed'], stream.events.filter(({ event }) => event === 'order').length];
  };
  // Half of them are among the newest.
  expect(await openAfter(await buy(40))).toEqual([true, 20]);
  expect(await openAfter(await buy(1))).toEqual([false, 0]);
});

test('a stream gets the current state again when the journal is far ahead', async () => {
  const { open, databaseUrl, productId, authorization, placeOrder } = await openShops();
  const stream = await open(`?products=${productId}&topics=orders`, { authorization });
  const { lastId } = stream;
  const listsOf = () => stream.events.filter(({ event }) => event === 'orders');
  await stream.until('orders');
  const before = Number(lastId());
  // No round comes between the positions and the order.
  const commit = await openTransactionElsewhere();
  // Positions that no event has, as of transactions that were rolled back.
  await runSql(databaseUrl, "select setval('journal.events_position_seq', 60000)");
  const orderId = await placeOrder(1);
  await commit();
  await stream.until('stock', ({ stock }) => stock === 48);
  await waitUntil(() => listsOf().length >= 2, 'the newest orders again');
  await stream.until('orders', ({ items }) => JSON.stringify(items).includes(orderId));
  expect(Number(lastId()) - before).toBeGreaterThan(50_000);

  const late = await open(`?topics=orders&lastEventId=${before}`, { authorization });
  expect((await late.until('orders')).data).toMatchObject({ resumed: false });
});

const Step = fc.oneof(
  { weight: 3, arbitrary: fc.constant('sell' as const) },
  fc.constantFrom('charge', 'adjust', 'refund', 'cancel', 'cut'),
);

test('after a storm with cuts, what was last seen is what is read', async () => {
  const { open, other, userId, productId, authorization, placeOrder, act } = await openShops();
  const query = `?products=${productId}&topics=orders,wallet`;
  const seen = { streams: [] as OpenStream[] };
  const connect = async (): Promise<void> => {
    const id = seen.streams.findLast((each) => each.lastId() !== undefined)?.lastId();
    const resume = id === undefined ? {} : { 'last-event-id': id };
    seen.streams.push(await open(query, { authorization, ...resume }));
  };
  const paid: string[] = [];
  const steps = {
    sell: async () => {
      const orderId = await placeOrder(1);
      await act('payOrder', orderId);
      paid.push(orderId);
    },
    charge: () => other.ask('chargeWallet', { params: { userId }, body: { amount: 5_000 } }),
    adjust: () =>
      other.ask('adjustStock', { params: { productId }, body: { delta: 2, reason: 'found' } }),
    refund: async () => {
      const orderId = paid.shift();
      if (orderId !== undefined) await act('refundOrder', orderId);
    },
    cancel: async () => act('cancelOrder', await placeOrder(1)),
    cut: async () => {
      const stream = seen.streams.at(-1)!;
      stream.close();
      await waitUntil(stream.isEnded, 'the end of the stream');
    },
  };
  const params = { productId };
  await other.ask('adjustStock', { params, body: { delta: 100, reason: 'found' } });
  await connect();
  // From here on the client has an id.
  await seen.streams[0]?.until('orders');
  const [chosen = []] = sampleSeeded('storm', fc.array(Step, { minLength: 60, maxLength: 60 }), 1);
  for (const step of chosen) {
    await steps[step]();
    if (step !== 'cut' && seen.streams.at(-1)?.isEnded() === true) await connect();
  }
  if (seen.streams.at(-1)?.isEnded() === true) await connect();

  const { stock } = await other.ask('getProduct', { params: { productId } });
  const wallet = await other.ask('getWallet', { params: { userId } });
  const last = seen.streams.at(-1)!;
  await last.until('orders');
  await waitUntil(() => {
    const find = (event: string) => last.events.findLast((each) => each.event === event)?.data;
    return find('stock')?.['stock'] === stock && find('wallet')?.['balance'] === wallet['balance'];
  }, 'the last states');
  const orders = await other.ask('listOrdersOfUser', { params: { userId }, query: { limit: 100 } });
  const shown = (): Map<unknown, unknown> => {
    const states = new Map<unknown, unknown>();
    for (const { event, data } of seen.streams.flatMap(({ events }) => events)) {
      const list =
        event === 'orders' ? (data['items'] as object[]) : event === 'order' ? [data] : [];
      for (const order of list) states.set(Reflect.get(order, 'orderId'), order);
    }
    return states;
  };
  const items = orders['items'] as { orderId: string }[];
  const statesOf = () => items.map(({ orderId }) => shown().get(orderId));
  await waitUntil(() => JSON.stringify(statesOf()) === JSON.stringify(items), 'the orders');
  expect(statesOf()).toEqual(items);
});
