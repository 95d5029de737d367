import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { queryColumn } from '../../test/support/queries.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { seedDatabase } from '../cli/seed/seed.ts';
import { openPool } from '../database/session.ts';
import { startSystem } from '../system.ts';
import { foldProductAt, readProductAt } from './product-at.ts';

/** Products and times that are compared. */
const SAMPLES = 30;
const UNTIL = new Date('2026-11-20T12:00:00Z');

/** A shop with a history of two days, with orders of every kind. */
const openShop = async () => {
  const url = await createTestDatabase();
  const size = { orders: 6_000, products: 12, users: 60, days: 2, seed: 7 };
  await seedDatabase(url, { ...size, until: UNTIL, settings: TEST_SETTINGS });
  const pool = openPool(url, 2);
  onTestFinished(() => pool.end());
  const productIds = await queryColumn(url, 'select product_id from catalog.products order by 1');
  /** Compares the two ways to a past product, and returns the product. */
  const compare = async (productId: string, at: Date) => {
    const folded = await foldProductAt(pool, productId, at);
    const name = `product ${productId} at ${at.toISOString()}`;
    expect([name, await readProductAt(pool, productId, at)]).toEqual([name, folded]);
    return folded;
  };
  return { url, productIds, compare };
};

test('a past product is exactly the fold of its events, at any time', async () => {
  const { url, productIds, compare } = await openShop();
  // Times of events, and those of which the millisecond before has another past.
  const times = await queryColumn(
    url,
    `select extract(epoch from time) * 1000 - position % 2 from journal.events
    order by position = (select max(position) from journal.events) desc, md5(position::text)
    limit ${SAMPLES}`,
  );
  let found = 0;
  for (const [index, time] of times.entries()) {
    const at = new Date(Math.round(Number(time)));
    if ((await compare(productIds[index % productIds.length]!, at)) !== undefined) found += 1;
  }
  expect(found).toBeGreaterThan(SAMPLES / 2);
});

test('every kind of event is taken back from the current product', async () => {
  const { url, productIds, compare } = await openShop();
  let now = UNTIL.getTime();
  const system = startSystem(url, TEST_SETTINGS, { timeOf: () => new Date(now) });
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  const [productId] = productIds as [string];
  const product = { productId };
  const userId = 'late';
  await call('putUser', { params: { userId } });
  await call('chargeWallet', { params: { userId }, body: { amount: 1_500_000 } });
  await call('adjustStock', { params: product, body: { delta: 40, reason: 'found' } });
  await call('changeProduct', { params: product, body: { price: 10, status: 'active' } });
  const body = { userId, items: [{ productId, quantity: 2 }] };
  const order = async (operation: string) => ({
    orderId: String(bodyOf(await call(operation, { body }))['orderId']),
  });
  const one = { productId, quantity: 1 };
  const bought = { orderId: '' };
  const steps: (() => Promise<unknown>)[] = [
    async () => Object.assign(bought, await order('checkout')),
    // Reserved and paid in the same millisecond.
    async () => call('payOrder', { params: await order('placeOrder') }),
    async () => call('cancelOrder', { params: await order('placeOrder') }),
    () => call('changeProduct', { params: product, body: { name: 'Cup', sku: 'CUP', price: 7 } }),
    () => call('refundOrder', { params: bought, body: { restock: false, items: [one] } }),
    () => call('changeProduct', { params: product, body: { description: 'For tea' } }),
    () => call('refundOrder', { params: bought, body: { restock: true } }),
    () => call('adjustStock', { params: product, body: { delta: -1, reason: 'broken' } }),
    () => order('placeOrder'),
    () => call('changeProduct', { params: product, body: { status: 'archived', sku: null } }),
  ];
  const times = [now];
  for (const step of steps) {
    times.push((now += 1_000));
    expect(await step()).not.toMatchObject({ kind: 'problem' });
  }
  const seen = [];
  for (const time of times) seen.push(await compare(productId, new Date(time)));
  for (const time of times.slice(1)) await compare(productId, new Date(time - 1));
  // Each step but the refund without restocking has changed the product.
  expect(new Set(seen.map((each) => JSON.stringify(each))).size).toBe(times.length - 1);
});

test('a fold for a reader who has left gives no product', async () => {
  const url = await createTestDatabase();
  const system = startSystem(url, TEST_SETTINGS);
  onTestFinished(system.close);
  const body = { name: 'Mug', price: 100, stock: 5 };
  const created = bodyOf(await createOperations(system.routes)('createProduct', { body }));
  const productId = String(created['productId']);
  const fold = (signal?: AbortSignal) => foldProductAt(system.reads, productId, new Date(), signal);
  expect(await fold()).toMatchObject({ productId });
  expect(await fold(AbortSignal.abort())).toBeUndefined();
});
