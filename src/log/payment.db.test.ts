import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { startSystem } from '../system.ts';
import { createLogKey } from './log-key.ts';
import { findPaymentOf } from './payment.ts';

/** A shop with two logged payments. */
const startPaidShop = async () => {
  const url = await createTestDatabase();
  const key = createLogKey();
  const system = startSystem(url, TEST_SETTINGS, { log: { loadKey: () => Promise.resolve(key) } });
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  await call('putUser', { params: { userId: 'alice' } });
  await call('chargeWallet', { params: { userId: 'alice' }, body: { amount: 100_000 } });
  const { productId } = bodyOf(
    await call('createProduct', { body: { name: 'Mug', price: 1_000, stock: 50 } }),
  );
  const orders: { orderId: string; paidAt: string }[] = [];
  for (let number = 0; number < 2; number++) {
    const body = { userId: 'alice', items: [{ productId, quantity: 1 }] };
    orders.push(bodyOf(await call('checkout', { body })) as (typeof orders)[number]);
  }
  // A receipt waits until its event has a leaf.
  await call('getReceipt', { params: { orderId: orders[1]!.orderId } });
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  const find = ({ orderId, paidAt }: (typeof orders)[number]) =>
    findPaymentOf(client, { paidAt: new Date(paidAt), subject: orderId });
  return { client, orders, find };
};

test('a logged payment is found with its leaf', async () => {
  const { orders, find } = await startPaidShop();
  for (const order of orders) {
    const found = await find(order);
    expect(found.entry).toContain(order.orderId);
    expect(found.leafIndex).toEqual(expect.any(Number));
  }
});

test('a payment that the log does not have yet has no leaf', async () => {
  const { client, orders, find } = await startPaidShop();
  await client.query('delete from log.leaves');
  expect((await find(orders[0]!)).leafIndex).toBeNull();
});

test('an order without an event of payment is a fault', async () => {
  const { client, orders, find } = await startPaidShop();
  await client.query(`delete from journal.events where type = 'order.paid.v1'`);
  await expect(find(orders[0]!)).rejects.toThrow('has no event of payment');
});
