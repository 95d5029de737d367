import { expect, test } from 'vitest';
import { v7 } from 'uuid';
import type { Answer } from '../support/client.ts';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { queryColumn } from '../support/queries.ts';
import { startServices } from '../support/services.ts';
import {
  balanceOf,
  createProduct,
  registerUsers,
  stockOf,
  tally,
  type Client,
} from '../support/api-calls.ts';

const CLICKS = 50;
const PRICE = 1_000;
const BALANCE = 100 * PRICE;
const STOCK = 100;

const openShop = async () => {
  const databaseUrl = await createTestDatabase();
  const clients = await startServices(databaseUrl, 2);
  const countOrders = async () =>
    (await queryColumn(databaseUrl, 'select order_id from orders.orders')).length;
  return { databaseUrl, clients, countOrders };
};

/** Concurrent requests with one key and these bodies in turn, spread over the processes. */
const click = (
  clients: readonly Client[],
  path: string,
  bodies: readonly object[],
): Promise<Answer[]> => {
  const key = v7();
  return Promise.all(
    Array.from({ length: CLICKS }, (_, index) => {
      // Each process receives each of the bodies.
      const turn = Math.floor(index / bodies.length);
      return clients[turn % clients.length]!.post(path, bodies[index % bodies.length], key);
    }),
  );
};

/** Expects equal answers, all but one of them marked as replayed; returns the body. */
const expectOneEffect = (answers: readonly Answer[]): Answer['body'] => {
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  const replays = answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true');
  expect(replays.length).toBe(answers.length - 1);
  return answers[0]!.body;
};

test('50 requests with one key have one effect, on one service and on two', async () => {
  const { databaseUrl, clients, countOrders } = await openShop();
  const [client] = clients;

  for (const [index, serving] of [clients.slice(0, 1), clients].entries()) {
    const [userId = ''] = await registerUsers(client, 1, BALANCE);
    const productId = await createProduct(client, { price: PRICE, stock: STOCK });

    const order = { userId, items: [{ productId, quantity: 2 }] };
    const orders = await click(serving, '/v1/checkout', [order]);
    const path = `/v1/users/${userId}/wallet/charges`;
    const charges = await click(serving, path, [{ amount: 5 * PRICE }]);

    expect(tally([...orders, ...charges])).toEqual({ 201: 2 * CLICKS });
    const { orderId } = expectOneEffect(orders);
    const { chargeId } = expectOneEffect(charges);
    const entries = await client.get(`/v1/users/${userId}/wallet/entries`);
    expect(entries.body['items']).toMatchObject([
      { kind: 'charge', amount: 5 * PRICE, reference: chargeId },
      { kind: 'payment', amount: -2 * PRICE, reference: orderId },
      { kind: 'charge', amount: BALANCE },
    ]);
    expect(entries.body['items']).toHaveLength(3);
    expect(await countOrders()).toBe(index + 1);
    expect(await balanceOf(client, userId)).toBe(BALANCE + 3 * PRICE);
    expect(await stockOf(client, productId)).toBe(STOCK - 2);
    await assertInvariants(databaseUrl);
  }
});

test('two different orders with one key have one effect, on one service and on two', async () => {
  const { databaseUrl, clients, countOrders } = await openShop();

  for (const [index, serving] of [clients.slice(0, 1), clients].entries()) {
    const users = await registerUsers(clients[0], 2, BALANCE);
    // The orders share no wallet and no product, so no row lock serializes them.
    const bodies = await Promise.all(
      users.map(async (userId) => {
        const productId = await createProduct(clients[0], { price: PRICE, stock: STOCK });
        return { userId, items: [{ productId, quantity: 1 }] };
      }),
    );

    const answers = await click(serving, '/v1/checkout', bodies);

    expect(tally(answers)).toEqual({ 201: CLICKS / 2, '422 idempotency_key_reused': CLICKS / 2 });
    expectOneEffect(answers.filter(({ status }) => status === 201));
    expect(await countOrders()).toBe(index + 1);
    await assertInvariants(databaseUrl);
  }
});
