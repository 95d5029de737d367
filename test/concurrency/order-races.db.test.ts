import { expect, test } from 'vitest';
import type { Reply } from '../../src/contract/index.ts';
import { startSystem, type System } from '../../src/system.ts';
import { assertInvariants, createTestDatabase } from '../support/database.ts';
import { bodyOf, createOperations } from '../support/operations.ts';
import { TEST_SETTINGS } from '../support/settings.ts';
import { waitUntil } from '../support/wait.ts';
import { casesOf } from '../support/seed.ts';

const RACES = casesOf(100);
const STOCK = 1_000;
const PRICE = 100;

/** Two processes on one database, with a product and a buyer with enough balance. */
const openShops = async (reservationMs: number) => {
  const url = await createTestDatabase();
  const settings = { ...TEST_SETTINGS, reservationMs, pendingMax: 10_000 };
  const systems = [startSystem(url, settings), startSystem(url, settings)] as const;
  const [one, other] = systems.map(({ routes }) => createOperations(routes));
  const user = { userId: 'buyer' };
  await one!('putUser', { params: user });
  const amount = TEST_SETTINGS.balanceMax;
  await one!('chargeWallet', { params: user, body: { amount }, key: 'charge' });
  const product = { name: 'ticket', price: PRICE, stock: STOCK };
  const { productId } = bodyOf(await one!('createProduct', { body: product }));

  const place = async (key: string): Promise<string> => {
    const body = { ...user, items: [{ productId, quantity: 2 }] };
    return String(bodyOf(await one!('placeOrder', { body, key }))['orderId']);
  };
  const stock = async (): Promise<unknown> =>
    bodyOf(await one!('getProduct', { params: { productId } }))['stock'];
  const statusOf = async (orderId: string): Promise<unknown> =>
    bodyOf(await one!('getOrder', { params: { orderId } }))['status'];
  const close = async (): Promise<void> => {
    await Promise.all(systems.map((system) => system.close()));
    await assertInvariants(url);
  };
  return { systems, one: one!, other: other!, place, stock, statusOf, close };
};

const codeOf = (reply: Reply): string => (reply.kind === 'problem' ? reply.code : 'done');

test('exactly one of concurrent payments and cancellations of an order succeeds', async () => {
  const shops = await openShops(900_000);
  let paid = 0;
  for (let race = 0; race < RACES; race++) {
    const orderId = await shops.place(`place ${race}`);
    const params = { orderId };
    const calls = [shops.one, shops.other].flatMap((call, index) => [
      call('payOrder', { params, key: `pay ${race} ${index}` }),
      call('cancelOrder', { params, key: `cancel ${race} ${index}` }),
    ]);
    const codes = (await Promise.all(calls)).map(codeOf);
    expect(codes.toSorted()).toEqual(['done', ...Array<string>(3).fill('order_not_pending')]);
    const isPaid = codes[0] === 'done' || codes[2] === 'done';
    expect(await shops.statusOf(orderId)).toBe(isPaid ? 'paid' : 'cancelled');
    paid += isPaid ? 1 : 0;
  }
  expect(await shops.stock()).toBe(STOCK - 2 * paid);
  await shops.close();
});

test('exactly one of a concurrent expiry, payment and cancellation succeeds', async () => {
  const shops = await openShops(30);
  const wins = new Map<string, number>();
  for (let race = 0; race < RACES; race++) {
    const orderId = await shops.place(`place ${race}`);
    const params = { orderId };
    const act = async (): Promise<string[]> => {
      const [pay, cancel, ...expired] = await Promise.all([
        shops.one('payOrder', { params, key: `pay ${race}` }),
        shops.other('cancelOrder', { params, key: `cancel ${race}` }),
        ...shops.systems.map((system: System) => system.expiry.expire(orderId)),
      ]);
      return [
        ...(codeOf(pay) === 'done' ? ['pay'] : []),
        ...(codeOf(cancel) === 'done' ? ['cancel'] : []),
        ...(expired.some((count) => count === 1) ? ['expire'] : []),
      ];
    };
    // Half of the races start before the expiry, half after it.
    if (race % 2 === 1) {
      await waitUntil(async () => (await shops.statusOf(orderId)) === 'expired', 'the end');
    }
    const [winner, ...others] = await act();
    expect(others).toEqual([]);
    // The expiry loop may have been first.
    const status = await shops.statusOf(orderId);
    const expected = { pay: 'paid', cancel: 'cancelled', expire: 'expired' } as const;
    expect(status).toBe(expected[(winner ?? 'expire') as keyof typeof expected]);
    wins.set(String(status), (wins.get(String(status)) ?? 0) + 1);
  }
  expect(wins.get('expired')).toBeGreaterThanOrEqual(RACES / 2);
  await shops.close();
});

test('an expiry after the payment changes nothing', async () => {
  const shops = await openShops(900_000);
  const orderId = await shops.place('place');
  // Other units are reserved, so releasing those of the paid order would not fail.
  await shops.place('other');
  await shops.one('payOrder', { params: { orderId }, key: 'pay' });
  for (const { expiry } of shops.systems) expect(await expiry.expire(orderId)).toBe(0);
  expect(await shops.statusOf(orderId)).toBe('paid');
  expect(await shops.stock()).toBe(STOCK - 4);
  await shops.close();
});

test('concurrent refunds of an order never refund more than was paid', async () => {
  const shops = await openShops(900_000);
  for (let race = 0; race < RACES; race++) {
    const orderId = await shops.place(`place ${race}`);
    const params = { orderId };
    await shops.one('payOrder', { params, key: `pay ${race}` });
    const replies = await Promise.all(
      [shops.one, shops.other].flatMap((call, index) => [
        call('refundOrder', { params, key: `refund ${race} ${index}` }),
        call('refundOrder', { params, key: `again ${race} ${index}` }),
      ]),
    );
    const codes = replies.map(codeOf).toSorted();
    expect(codes).toEqual(['done', ...Array<string>(3).fill('order_not_refundable')]);
  }
  expect(await shops.stock()).toBe(STOCK);
  await shops.close();
});

test('all reads agree on a reservation, before and after its end', async () => {
  const shops = await openShops(2_500);
  const orderId = await shops.place('place');
  const ids = async (status: string): Promise<boolean> => {
    const { items } = bodyOf(await shops.other('listOrders', { query: { status } }));
    return (items as { orderId: string }[]).some((each) => each.orderId === orderId);
  };
  const seen = new Map<string, number>();
  await waitUntil(async () => {
    const status = String(await shops.statusOf(orderId));
    const story = [await ids('pending'), await ids('expired'), await shops.stock()];
    // Reads on both sides of the end may differ.
    if ((await shops.statusOf(orderId)) !== status) return false;
    seen.set(status, (seen.get(status) ?? 0) + 1);
    const isPending = status === 'pending';
    expect([status, ...story]).toEqual([
      status,
      isPending,
      !isPending,
      isPending ? STOCK - 2 : STOCK,
    ]);
    return (seen.get('expired') ?? 0) >= 5;
  }, 'the end');
  expect(seen.get('pending')).toBeGreaterThan(0);
  await shops.close();
});

test('a reservation expires without a request and releases its stock', async () => {
  const shops = await openShops(5_000);
  const orderIds = await Promise.all(Array.from({ length: 50 }, (_, n) => shops.place(`p ${n}`)));
  expect(await shops.stock()).toBe(STOCK - 100);
  await waitUntil(async () => (await shops.stock()) === STOCK, 'the reservations to end');
  for (const orderId of orderIds) {
    expect(await shops.statusOf(orderId)).toBe('expired');
    const late = await shops.one('payOrder', { params: { orderId }, key: `late ${orderId}` });
    expect(codeOf(late)).toBe('order_expired');
  }
  await shops.close();
});
