import { v7 } from 'uuid';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { startSystem } from '../system.ts';

/** A shop with a user and a product, and a paid order of three. */
const start = async () => {
  const system = startSystem(await createTestDatabase(), TEST_SETTINGS);
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  const userId = v7();
  await call('putUser', { params: { userId } });
  await call('chargeWallet', { params: { userId }, body: { amount: 10_000 } });
  const created = await call('createProduct', { body: { name: 'Tea', price: 10, stock: 100 } });
  const { productId } = bodyOf(created);
  const items = [{ productId, quantity: 3 }];
  const { orderId } = bodyOf(await call('checkout', { body: { userId, items } }));
  return { system, call, userId, productId, orderId };
};

const REUSED = { kind: 'problem', code: 'idempotency_key_reused' };

test('a key stands for every field of the body', async () => {
  const { call, productId, orderId } = await start();
  const params = { orderId };
  const items = [{ productId, quantity: 1 }];
  const body = { items, restock: false, reason: 'late' };
  const key = v7();
  const first = await call('refundOrder', { params, body, key });
  expect(await call('refundOrder', { params, body, key })).toEqual({ ...first, replayed: true });
  const reordered = { reason: 'late', restock: false, items: [{ quantity: 1, productId }] };
  const again = await call('refundOrder', { params, body: reordered, key });
  expect(again).toEqual({ ...first, replayed: true });

  for (const other of [
    { ...body, reason: 'damaged' },
    { ...body, restock: true },
    { ...body, items: [{ productId, quantity: 2 }] },
    { items, restock: false },
    { restock: false, reason: 'late' },
    {},
  ]) {
    expect(await call('refundOrder', { params, body: other, key })).toEqual(REUSED);
  }
});

test('a default that is sent and a default that is omitted are the same request', async () => {
  const { call, productId, orderId } = await start();
  const params = { orderId };
  const items = [{ productId, quantity: 1 }];
  const key = v7();
  const first = await call('refundOrder', { params, body: { items }, key });
  const again = await call('refundOrder', { params, body: { items, restock: true }, key });
  expect(again).toEqual({ ...first, replayed: true });
});

test('a key stands for the operation and the path', async () => {
  const { call, userId, orderId } = await start();
  const key = v7();
  const body = { amount: 1 };
  expect((await call('chargeWallet', { params: { userId }, body, key })).kind).toBe('answer');
  expect(await call('withdrawFromWallet', { params: { userId }, body, key })).toEqual(REUSED);
  const other = { userId: v7() };
  expect(await call('chargeWallet', { params: other, body, key })).toEqual(REUSED);
  expect(await call('refundOrder', { params: { orderId }, body: {}, key })).toEqual(REUSED);
});

test('a keyed command without a key is a fault', async () => {
  const { system, userId } = await start();
  const route = system.routes.find(({ operation }) => operation === 'chargeWallet')!;
  const request = { params: { userId }, query: {}, body: { amount: 1 }, idempotencyKey: undefined };
  const caller = { role: 'service', userId: 'shop' } as const;
  await expect(route.handle({ ...request, caller })).rejects.toThrow('without a key');
  const keyed = { ...request, idempotencyKey: v7(), caller: undefined };
  await expect(route.handle(keyed)).rejects.toThrow('without a caller');
});
