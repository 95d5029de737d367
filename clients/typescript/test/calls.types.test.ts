import { expect, test } from 'vitest';
import { createMoa, type Problem } from '../src/index.ts';

const moa = createMoa({ url: 'http://127.0.0.1:9' });
const path = { userId: 'alice' };
const items = [{ productId: '0197a3c0-5d00-7000-8000-000000000001', quantity: 2 }];

// `tsc` checks these calls; none is sent. Without an error at its next line, an
// `@ts-expect-error` is itself an error.
const calls = {
  checkoutOfItems: () => moa.checkout({ items, expectedTotal: 3_000 }),
  checkoutOfCart: () => moa.checkout({ userId: 'bob', cart: true }, { key: moa.intent('buy') }),
  // @ts-expect-error neither items nor a cart
  checkoutOfNothing: () => moa.checkout({}),
  // @ts-expect-error an unknown field
  checkoutWithUnknownField: () => moa.checkout({ cart: true, coupon: 'x' }),
  // @ts-expect-error an unknown option
  checkoutWithUnknownOption: () => moa.checkout({ cart: true }, { idempotencyKey: 'x' }),
  // @ts-expect-error a PUT has no key
  setWithKey: () => moa.cart().set('a product', 2, { key: 'x' }),
  setWithVersion: () => moa.cart().set('a product', 2, { version: 3 }),
  // @ts-expect-error an amount that is no number
  chargeByText: () => moa.wallet().charge('50000'),
  // @ts-expect-error an order that does not exist
  productsInUnknownOrder: () => moa.products({ sort: 'size' }),
  charge: () =>
    moa.calls.post('/v1/users/{userId}/wallet/charges', { path, body: { amount: 1 }, key: 'x' }),
  // @ts-expect-error a missing body
  chargeNothing: () => moa.calls.post('/v1/users/{userId}/wallet/charges', { path }),
  // @ts-expect-error a missing path
  chargeNobody: () => moa.calls.post('/v1/users/{userId}/wallet/charges', { body: { amount: 1 } }),
  getWithBody: () =>
    // @ts-expect-error a GET has no body
    moa.calls.get('/v1/users/{userId}/wallet', { path, body: {} }),
  getWithVersion: () =>
    // @ts-expect-error a wallet has no version
    moa.calls.get('/v1/users/{userId}/wallet', { path, version: 1 }),
  chargeWithVersion: () =>
    moa.calls.post('/v1/users/{userId}/wallet/charges', {
      path,
      body: { amount: 1 },
      // @ts-expect-error only carts have versions
      version: 1,
    }),
  // @ts-expect-error a required query
  reportOfNothing: () => moa.calls.get('/v1/reports/sales'),
  report: () => moa.calls.get('/v1/reports/sales', { query: { from: 'x', to: 'y', by: 'day' } }),
  health: () => moa.calls.get('/healthz'),
  // @ts-expect-error an operation that does not exist
  unknownOperation: () => moa.calls.post('/v1/gifts', {}),
  // @ts-expect-error a method that the path does not have
  unknownMethod: () => moa.calls.delete('/v1/checkout'),
  listDestinations: () => moa.list('/v1/destinations', {}),
  // @ts-expect-error an answer that is no page
  listOfBestSellers: () => moa.list('/v1/best-sellers', {}),
  listWithoutUser: () =>
    // @ts-expect-error a missing path
    moa.list('/v1/users/{userId}/orders', {}),
};

type Checkout = Awaited<ReturnType<typeof calls.checkoutOfCart>>;

/** What a shop may tell a buyer; the members of a problem are known once its code is. */
const explain = (result: Checkout): string => {
  // @ts-expect-error a result that may be a problem
  if (result.data?.status === 'paid') return result.data.orderId;
  if (result.ok) {
    const { status, balance }: { status: string; balance?: number } = result.data;
    return `${status}, ${balance} left`;
  }
  const { problem } = result;
  // @ts-expect-error a problem that a checkout does not have
  if (problem.code === 'order_not_refundable') return problem.title;
  // @ts-expect-error a member before the code is known
  if (problem.required === 1) return problem.title;
  if (problem.code === 'insufficient_balance') {
    return `${(problem.required - problem.balance).toFixed(0)} is missing`;
  }
  if (problem.code === 'insufficient_stock') {
    return problem.items.map(({ available }) => `${available.toFixed(0)} left`).join(', ');
  }
  // @ts-expect-error a member of another problem
  return problem.code === 'total_changed' ? String(problem.balance) : problem.title;
};

const titleOf = (problem: Problem): string =>
  problem.code === 'order_not_refundable' ? problem.orderStatus : problem.title;

const iterate = async (): Promise<void> => {
  for await (const order of moa.orders({ status: 'paid' })) {
    const total: number = order.total;
    // @ts-expect-error a field that no order has
    expect(order.gift).toBe(total);
  }
  for await (const { name } of moa.products()) expect(name.toLowerCase()).toBe(name);
};

const follow = async (): Promise<void> => {
  // @ts-expect-error a topic that does not exist
  moa.live({ gifts: true });
  // @ts-expect-error a listener must learn that the stream failed
  moa.live({ bestSellers: true }).listen({});
  // @ts-expect-error an event that does not exist
  moa.live({ bestSellers: true }).listen({ gift: () => undefined, failed: () => undefined });
  for await (const { event, data } of moa.live({ wallet: true, signal: AbortSignal.timeout(1) })) {
    // @ts-expect-error data before the event is known
    expect(data.balance).toBe(1);
    if (event === 'wallet') expect(data.balance.toFixed(0)).toBe('1');
    if (event === 'orders') expect(data.items.map(({ orderId }) => orderId)).toEqual([]);
    // @ts-expect-error data of another event
    if (event === 'stock') expect(data.balance).toBe(1);
  }
};

test('the types of the client accept correct calls and narrow problems by their code', () => {
  expect(Object.keys(calls).length).toBeGreaterThan(20);
  const problem = { code: 'insufficient_balance', balance: 1, required: 3 };
  expect(explain({ ok: false, problem } as Checkout)).toBe('2 is missing');
  expect(titleOf({ code: 'not_found', title: 'Nothing' } as Problem)).toBe('Nothing');
  expect([typeof iterate, typeof follow]).toEqual(['function', 'function']);
});
