import { expect, onTestFinished, test } from 'vitest';
import type { Role } from '../../../src/contract/index.ts';
import { startRealServer } from '../../../test/http/real-server.ts';
import { createTestDatabase } from '../../../test/support/database.ts';
import { readText } from '../../../test/support/repository.ts';
import { startTestService, temporaryDirectory, tokenFor } from '../../../test/support/service.ts';
import { startServiceHere } from '../../../test/support/service-here.ts';
import { waitUntil } from '../../../test/support/wait.ts';
import { createMoa, type LiveData, type LiveEvent, type Result } from '../src/index.ts';

const dataOf = <Data>(result: Result<Data, { code: string }>): Data => {
  if (!result.ok) throw new Error(`a problem: ${result.problem.code}`);
  return result.data;
};

/**
 * Two services on one database, the first in a process of its own; a shop and a customer at the
 * second one, and a product.
 */
const startShop = async () => {
  const directory = await temporaryDirectory();
  const environment = { DATABASE_URL: await createTestDatabase(), MOA_DATA_DIR: directory };
  const followed = await startTestService(environment);
  const { url } = await startServiceHere({ ...environment, MOA_SELF_CHARGE: 'on' });
  const token = await tokenFor(directory, 'customer', 'alice');
  const shop = createMoa({ url, token: await tokenFor(directory, 'service', 'shop') });
  const customer = createMoa({ url, token });
  const body = { name: 'Teapot', price: 1_000, stock: 100 };
  const { productId } = dataOf(await shop.calls.post('/v1/products', { body }));
  dataOf(await customer.wallet().charge(50_000));
  const restart = () => startTestService({ ...environment, PORT: new URL(followed.url).port });
  return { followed, restart, token, shop, customer, productId };
};

test('a stream of a killed service continues without a gap when the service is back', async () => {
  const { followed, restart, token, customer, productId } = await startShop();
  const items = [{ productId, quantity: 1 }];
  const known = dataOf(await customer.placeOrder({ items })).orderId;
  const seen: LiveEvent[] = [];
  const last = <Name extends keyof LiveData>(name: Name): LiveData[Name] | undefined =>
    seen.findLast(({ event }) => event === name)?.data as LiveData[Name] | undefined;
  const opened: number[] = [];
  const page = new AbortController();
  onTestFinished(() => page.abort());
  const follow = async (): Promise<void> => {
    const { signal } = page;
    const request = { products: [productId], orders: true, wallet: true, signal };
    const moa = createMoa({ url: followed.url, token });
    const events = moa.live({ ...request, onOpen: () => opened.push(seen.length) });
    for await (const event of events) seen.push(event);
  };
  const ended = follow();
  await waitUntil(() => last('orders') !== undefined, 'the newest orders');
  expect(last('orders')).toMatchObject({ items: [{ orderId: known }], resumed: false });
  expect(last('stock')?.stock).toBe(99);

  await followed.end('SIGKILL');
  dataOf(await customer.payOrder(known));
  // The order of before is no longer among the newest ones.
  for (let count = 0; count < 20; count += 1) dataOf(await customer.checkout({ items }));
  await restart();
  await waitUntil(() => opened.length >= 2 && last('stock')?.stock === 79, 'the stock of now');
  await waitUntil(() => last('orders')?.resumed === true, 'the newest orders again');
  const missed = (): unknown =>
    seen.findLast(({ event, data }) => event === 'order' && data.orderId === known)?.data;
  // It may come in a later round than the newest orders.
  await waitUntil(() => missed() !== undefined, 'the order that was paid meanwhile');
  expect(missed()).toMatchObject({ status: 'paid' });
  expect(last('orders')?.items).toHaveLength(20);
  expect(last('wallet')?.balance).toBe(29_000);
  page.abort();
  await ended;
});

test('best sellers and operations arrive, and a customer may not follow operations', async () => {
  const { url, bearer } = await startRealServer();
  const moaOf = async (role: Role) => {
    const [, token] = (await bearer(role, 'alice')).split(' ');
    return createMoa({ url, token });
  };
  const page = new AbortController();
  onTestFinished(() => page.abort());
  const moa = await moaOf('staff');
  const customer = await moaOf('customer');
  const seen: unknown[] = [];
  const { signal } = page;
  moa.live({ bestSellers: true, operations: true, signal }).listen({
    'best-sellers': ({ items }) => seen.push(...items.map((item) => item.unitsSold)),
    operations: ({ ordersPerMinute }) => seen.push(`${ordersPerMinute} order`),
    failed: (fault) => seen.push(fault),
  });
  await waitUntil(() => seen.includes(1) && seen.includes('1 order'), 'both events');
  expect(new Set(seen)).toEqual(new Set([1, '1 order']));
  const failed = new Promise((resolve) => {
    customer.live({ operations: true, signal }).listen({ failed: resolve });
  });
  expect(await failed).toMatchObject({ problem: { code: 'forbidden' } });
});

test('the client has the events of the OpenAPI document', async () => {
  const document = JSON.parse(await readText('contracts/openapi.json')) as {
    paths: { '/v1/stream': { get: { responses: { 200: { content: object } } } } };
  };
  const { content } = document.paths['/v1/stream'].get.responses[200];
  const { schema } = Object.values(content)[0] as { schema: { 'x-events': object } };
  const schemas: Record<keyof LiveData, string> = {
    stock: 'StockState',
    'best-sellers': 'BestSellers',
    order: 'Order',
    orders: 'NewestOrders',
    wallet: 'WalletState',
    operations: 'Operations',
  };
  const { 'best-sellers': _, ...described } = schemas;
  const refs = Object.entries(described).map(([event, name]) => [
    event,
    { $ref: `#/components/schemas/${name}` },
  ]);
  expect(schema['x-events']).toEqual(Object.fromEntries(refs));
});
