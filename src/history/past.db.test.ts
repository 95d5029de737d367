import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { bodyOf, createOperations } from '../../test/support/operations.ts';
import { TEST_SETTINGS } from '../../test/support/settings.ts';
import { newId } from '../database/ids.ts';
import { startSystem } from '../system.ts';

const MINUTE_MS = 60_000;
const BEGIN = Date.UTC(2026, 0, 5, 9, 30);

/** A shop whose clock stands still until it is put forward. */
const startShop = async () => {
  let now = BEGIN;
  const url = await createTestDatabase();
  const system = startSystem(url, TEST_SETTINGS, { timeOf: () => new Date(now) });
  onTestFinished(system.close);
  const call = createOperations(system.routes);
  const at = (time: number | string) => ({
    at: typeof time === 'string' ? time : new Date(time).toISOString(),
  });
  return {
    call,
    pass: (ms: number): number => (now += ms),
    walletAt: (userId: string, time: number | string) =>
      call('getWallet', { params: { userId }, query: at(time) }),
    productAt: (productId: string, time: number | string) =>
      call('getProduct', { params: { productId }, query: at(time) }),
  };
};

const INVALID = { kind: 'problem', code: 'invalid_request' };
const NOT_IN_THE_FUTURE = [{ pointer: '/query/at', message: 'must not be in the future' }];

test('a past wallet has the balance of that time, with the entries of that millisecond', async () => {
  const { call, pass, walletAt } = await startShop();
  const params = { userId: 'alice' };
  const opened = BEGIN;
  await call('putUser', { params });
  const charged = pass(MINUTE_MS);
  await call('chargeWallet', { params, body: { amount: 500 } });
  await call('chargeWallet', { params, body: { amount: 70 } });
  const withdrawn = pass(MINUTE_MS);
  await call('withdrawFromWallet', { params, body: { amount: 100 } });

  const balances = [opened, charged - 1, charged, withdrawn - 1, withdrawn, withdrawn + MINUTE_MS];
  const seen = [];
  for (const time of balances) seen.push(bodyOf(await walletAt('alice', time)));
  expect(seen.map(({ balance }) => balance)).toEqual([0, 0, 570, 570, 470, 470]);
  expect(seen.map(({ updatedAt }) => +(updatedAt as Date))).toEqual([
    opened,
    opened,
    charged,
    charged,
    withdrawn,
    withdrawn,
  ]);
  expect(seen[3]).toEqual({
    userId: 'alice',
    balance: 570,
    currency: 'KRW',
    updatedAt: new Date(charged),
    asOf: new Date(withdrawn - 1),
  });
  const { asOf: _, ...now } = bodyOf(await walletAt('alice', Date.now()));
  expect(now).toEqual(bodyOf(await call('getWallet', { params })));
});

test('a past product has the details and the stock of that time', async () => {
  const { call, pass, productAt } = await startShop();
  const body = { name: 'Mug', price: 100, stock: 5, sku: 'MUG', metadata: { shelf: 'a' } };
  const productId = String(bodyOf(await call('createProduct', { body }))['productId']);
  const params = { productId };
  const before = bodyOf(await call('getProduct', { params }));
  const adjusted = pass(MINUTE_MS);
  await call('adjustStock', { params, body: { delta: 2, reason: 'found' } });
  const changed = pass(MINUTE_MS);
  await call('changeProduct', { params, body: { name: 'Cup', sku: null, status: 'archived' } });

  const at = async (time: number) => bodyOf(await productAt(productId, time));
  const created = { ...before, asOf: new Date(adjusted - 1) };
  expect(await at(adjusted - 1)).toEqual(created);
  const asOf = new Date(changed - 1);
  const updatedAt = new Date(adjusted);
  expect(await at(changed - 1)).toEqual({ ...before, stock: 7, updatedAt, asOf });
  const cup = { name: 'Cup', sku: null, status: 'archived', stock: 7 };
  expect(await at(changed)).toMatchObject({ ...cup, metadata: { shelf: 'a' } });
});

test('before its creation nothing is found, and the future is invalid', async () => {
  const { call, walletAt, productAt } = await startShop();
  await call('putUser', { params: { userId: 'alice' } });
  const body = { name: 'Mug', price: 100, stock: 5 };
  const productId = String(bodyOf(await call('createProduct', { body }))['productId']);
  for (const [read, id, code] of [
    [walletAt, 'alice', 'user_not_found'],
    [productAt, productId, 'product_not_found'],
  ] as const) {
    expect(await read(id, BEGIN)).toMatchObject({ status: 200 });
    expect(await read(id, BEGIN - 1)).toMatchObject({ kind: 'problem', code });
    expect(await read(newId(), BEGIN)).toMatchObject({ kind: 'problem', code });
    for (const time of [Date.now() + MINUTE_MS, '2999-12-31T23:59:59.999999999+14:00']) {
      const members = { errors: NOT_IN_THE_FUTURE };
      expect(await read(id, time)).toMatchObject({ ...INVALID, members });
    }
  }
});

test('a time with an offset and beyond milliseconds includes its whole millisecond', async () => {
  const { call, walletAt } = await startShop();
  await call('putUser', { params: { userId: 'alice' } });
  const time = '2026-01-05T18:30:00.000999999+09:00';
  expect(bodyOf(await walletAt('alice', time))['asOf']).toEqual(new Date(BEGIN));
  const earlier = await walletAt('alice', '2026-01-05T18:29:59.999999999+09:00');
  expect(earlier).toMatchObject({ code: 'user_not_found' });
});
