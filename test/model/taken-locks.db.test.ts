import { v7 } from 'uuid';
import { expect, onTestFinished, test } from 'vitest';
import { cartRoutes } from '../../src/cart/index.ts';
import { productRoutes } from '../../src/catalog/index.ts';
import { startGroupCommit, type GroupCommit } from '../../src/commit/index.ts';
import type { Refusal } from '../../src/contract/index.ts';
import { closePool, openPool, openSession } from '../../src/database/session.ts';
import { createUsers, userRoutes } from '../../src/identity/index.ts';
import { createProductHistory } from '../../src/history/index.ts';
import {
  createJournalReader,
  createRecorder,
  createSettled,
  type Event,
} from '../../src/journal/index.ts';
import { orderRoutes, startExpiry } from '../../src/order/index.ts';
import { RULES, TABLES } from '../../src/shop/index.ts';
import { walletRoutes } from '../../src/wallet/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { bodyOf, createOperations } from '../support/operations.ts';
import { TEST_SETTINGS } from '../support/settings.ts';

/** An omitted lock: its operation, and its index among the operation's locks. */
interface Taken {
  readonly operation: string;
  readonly place: number;
}

/** A shop in which one operation can omit a lock; `named` has the number of locks by operation. */
const openShop = async () => {
  const url = await createTestDatabase();
  const db = openPool(url, 2);
  const whole = startGroupCommit<Event, Refusal>({
    openSession: (limits) => openSession(url, limits),
    schema: {
      timeOf: (time) => new Date(time.getTime() + hoursLater * 3_600_000),
      tables: Object.values(TABLES),
      apply: createRecorder(RULES),
    },
  });
  onTestFinished(async () => {
    await whole.close();
    await closePool(db);
  });
  let hoursLater = 0;
  let taken: Taken | undefined;
  const named = new Map<string, number>();
  const commit: GroupCommit<Event, Refusal> = {
    ...whole,
    submit: (command) => {
      named.set(command.operation, command.locks.length);
      const isTaken = (place: number): boolean =>
        taken?.operation === command.operation && taken.place === place;
      const locks = command.locks.filter((_lock, place) => !isTaken(place));
      return whole.submit({ ...command, locks });
    },
  };
  const settled = createSettled(db, createJournalReader(db));
  const call = createOperations([
    ...userRoutes(createUsers(commit, db), db),
    ...walletRoutes(commit, db, TEST_SETTINGS, settled),
    ...productRoutes(commit, db, TEST_SETTINGS, createProductHistory(db, settled)),
    ...cartRoutes(commit, db, TEST_SETTINGS),
    ...orderRoutes(commit, db, TEST_SETTINGS),
  ]);
  const expiry = startExpiry(commit, db, () => undefined);
  onTestFinished(expiry.stop);
  return {
    call,
    expire: async (orderId: string): Promise<void> => {
      hoursLater += 1;
      expect(await expiry.expire(orderId)).toBe(1);
    },
    named,
    forget: (lock: Taken | undefined) => {
      taken = lock;
    },
  };
};

type Shop = Awaited<ReturnType<typeof openShop>>;

/** Runs every operation once. */
const runAll = async ({ call, expire }: Shop): Promise<void> => {
  const userId = v7();
  const params = { userId };
  const ask = async (operation: string, input: object = {}) =>
    bodyOf(await call(operation, { key: v7(), ...input }));
  await ask('putUser', { params });
  await ask('chargeWallet', { params, body: { amount: 10_000 } });
  await ask('withdrawFromWallet', { params, body: { amount: 1 } });
  const created = await ask('createProduct', { body: { name: 'Tea', price: 10, stock: 100 } });
  const product = { productId: created['productId'] };
  await ask('changeProduct', { params: product, body: { price: 11 } });
  await ask('adjustStock', { params: product, body: { delta: 1, reason: 'counted' } });
  const items = [{ ...product, quantity: 1 }];
  await ask('addCartItem', { params, body: items[0] });
  await ask('setCartItem', { params: { ...params, ...product }, body: { quantity: 2 } });
  await ask('removeCartItem', { params: { ...params, ...product } });
  await ask('clearCart', { params });
  const paid = await ask('checkout', { body: { userId, items } });
  await ask('refundOrder', { params: { orderId: paid['orderId'] }, body: {} });
  const first = await ask('placeOrder', { body: { userId, items } });
  await ask('payOrder', { params: { orderId: first['orderId'] } });
  const second = await ask('placeOrder', { body: { userId, items } });
  await ask('cancelOrder', { params: { orderId: second['orderId'] }, body: {} });
  await ask('addCartItem', { params, body: items[0] });
  await ask('checkout', { body: { userId } });
  const third = await ask('placeOrder', { body: { userId, items } });
  await expire(String(third['orderId']));
};

test('an operation without any one of its locks fails', async () => {
  const shop = await openShop();
  const { named, forget } = shop;
  await runAll(shop);
  const locks = [...named].flatMap(([operation, count]) =>
    Array.from({ length: count }, (_, place): Taken => ({ operation, place })),
  );
  expect(locks.length).toBeGreaterThan(35);
  for (const lock of locks) {
    forget(lock);
    const fault = await runAll(shop).catch(String);
    expect({ ...lock, fault }).toEqual({
      ...lock,
      fault: expect.stringContaining('without locking it'),
    });
  }
});
