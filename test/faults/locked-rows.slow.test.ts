import { Client } from 'pg';
import { v7 } from 'uuid';
import { expect, onTestFinished, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { openBusyShop, p99Of, settle } from '../support/load.ts';
import { startProcesses } from '../support/services.ts';
import {
  createProduct,
  expectStatus,
  registerUsers,
  type Client as Shop,
} from '../support/api-calls.ts';
import { LATE_MS, STALL_MS, timed } from '../support/timed.ts';

const ANSWER_MS = 1_000;
const VICTIMS = 5;
/** The maximum factor for the latency of other orders. */
const SLOWER_MAX = 10;
/** Orders that measure the usual latency. */
const NORMAL_ORDERS = 1_000;

interface Things {
  readonly userId: string;
  readonly productId: string;
  readonly orderId: string;
}

interface Kind {
  readonly what: string;
  /** Locks the row. */
  readonly lock: (things: Things) => { readonly text: string; readonly values: string[] };
  /** A command that needs the row; the same `key` means the same effect. */
  readonly need: (shop: Shop, things: Things, key: string) => Promise<Answer>;
}

const KINDS: readonly Kind[] = [
  {
    what: 'wallet',
    lock: ({ userId }) => ({
      text: 'select from wallet.wallets where user_id = $1 for update',
      values: [userId],
    }),
    need: (shop, { userId }, key) =>
      shop.post(`/v1/users/${userId}/wallet/charges`, { amount: 1 }, key),
  },
  {
    what: 'product',
    lock: ({ productId }) => ({
      text: 'select from catalog.products where product_id = $1 for update',
      values: [productId],
    }),
    need: (shop, { userId, productId }, key) =>
      shop.post('/v1/checkout', { userId, items: [{ productId, quantity: 1 }] }, key),
  },
  {
    what: 'description',
    lock: ({ productId }) => ({
      text: 'select from catalog.descriptions where product_id = $1 for update',
      values: [productId],
    }),
    need: (shop, { productId }, key) =>
      shop.patch(`/v1/products/${productId}`, { description: `described by ${key}` }),
  },
  {
    what: 'order',
    lock: ({ orderId }) => ({
      text: 'select from orders.orders where order_id = $1 for update',
      values: [orderId],
    }),
    need: (shop, { orderId }, key) => shop.post(`/v1/orders/${orderId}/payment`, {}, key),
  },
  {
    what: 'cart',
    lock: ({ userId }) => ({
      text: 'select from cart.carts where user_id = $1 for update',
      values: [userId],
    }),
    need: (shop, { userId, productId }) =>
      shop.put(`/v1/users/${userId}/cart/items/${productId}`, { quantity: 2 }),
  },
  {
    what: 'buyer',
    lock: ({ userId }) => ({
      text: 'select from orders.buyers where user_id = $1 for update',
      values: [userId],
    }),
    need: (shop, { userId, productId }, key) =>
      shop.post('/v1/orders', { userId, items: [{ productId, quantity: 1 }] }, key),
  },
];

/** Creates a user, a product and an order that have a row of every kind. */
const createThings = async (shop: Shop): Promise<Things> => {
  const [userId = ''] = await registerUsers(shop, 1, 100_000);
  const productId = await createProduct(shop, { price: 10, stock: 1_000 });
  const quantity = 1;
  const placed = await shop.post('/v1/orders', { userId, items: [{ productId, quantity }] });
  const orderId = String(expectStatus(201, placed).body['orderId']);
  const path = `/v1/users/${userId}/cart/items/${productId}`;
  expectStatus(200, await shop.put(path, { quantity }));
  return { userId, productId, orderId };
};

test('a locked row causes 503 in time for its commands only', async () => {
  const url = await createTestDatabase();
  const environment = {
    MOA_ANSWER_SECONDS: String(ANSWER_MS / 1_000),
    MOA_PENDING_ORDERS_MAX: '100',
  };
  const [shop] = await startProcesses(url, 1, environment);
  const things = await createThings(shop);
  const startLoad = await openBusyShop(shop);
  const holder = new Client({ connectionString: url });
  await holder.connect();
  onTestFinished(() => holder.end());

  const load = startLoad(shop);
  await load.paid(NORMAL_ORDERS);
  const normal = p99Of(load.sent);
  for (const { what, lock, need } of KINDS) {
    const before = load.sent.length;
    await holder.query('begin');
    await holder.query(lock(things));
    const keys = Array.from({ length: VICTIMS }, () => v7());
    const victims = await Promise.all(keys.map((key) => timed(need(shop, things, key))));
    const others = load.sent.slice(before);
    await holder.query('rollback');

    process.stdout.write(
      `${what}: p99 ${p99Of(others).toFixed(1)} ms of ${others.length} others, ` +
        `${normal.toFixed(1)} ms before\n`,
    );
    for (const { answer, tookMs } of victims) {
      expect([what, answer.status, answer.body['code']]).toEqual([what, 503, 'unavailable']);
      expect(tookMs).toBeLessThan(ANSWER_MS + LATE_MS);
    }
    expect(others.filter(({ answer }) => answer?.status !== 201)).toEqual([]);
    expect(p99Of(others)).toBeLessThan(Math.max(normal * SLOWER_MAX, STALL_MS));
    for (const key of keys) expect((await need(shop, things, key)).status).toBeLessThan(500);
  }
  await load.stop();
  await settle(shop, load.sent);
  await assertInvariants(url);
});
