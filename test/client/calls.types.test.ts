import createClient from 'openapi-fetch';
import { expect, test } from 'vitest';
import type { components, paths } from '../../clients/typescript/src/openapi.gen.ts';

const client = createClient<paths>({ baseUrl: 'http://127.0.0.1:9' });

const header = { 'Idempotency-Key': 'a key' };
const path = { userId: 'alice' };
const userId = 'alice';
const items = [{ productId: '0197a3c0-5d00-7000-8000-000000000001', quantity: 2 }];

// `tsc` checks these calls; none is sent. Without an error at its next line, an
// `@ts-expect-error` is itself an error.
const calls = {
  charge: () =>
    client.POST('/v1/users/{userId}/wallet/charges', {
      params: { path, header },
      body: { amount: 50_000 },
    }),
  chargeWithoutAmount: () =>
    client.POST('/v1/users/{userId}/wallet/charges', {
      params: { path, header },
      // @ts-expect-error a missing field
      body: {},
    }),
  chargeWithoutKey: () =>
    client.POST('/v1/users/{userId}/wallet/charges', {
      // @ts-expect-error a missing header
      params: { path },
      body: { amount: 50_000 },
    }),
  checkoutOfItems: () =>
    client.POST('/v1/checkout', { params: { header }, body: { userId, items } }),
  checkoutOfCart: () =>
    client.POST('/v1/checkout', { params: { header }, body: { userId, cart: true } }),
  checkoutOfNothing: () =>
    // @ts-expect-error neither items nor a cart
    client.POST('/v1/checkout', { params: { header }, body: { userId } }),
  checkoutWithUnknownField: () => {
    // @ts-expect-error an unknown field
    const body: components['schemas']['OrderRequest'] = { userId, items, coupon: 'x' };
    return client.POST('/v1/checkout', { params: { header }, body });
  },
  checkoutOfItemsAndCart: () => {
    // @ts-expect-error both items and a cart
    const body: components['schemas']['ItemsOrderRequest'] = { userId, items, cart: true };
    return client.POST('/v1/checkout', { params: { header }, body });
  },
  checkoutOfText: () =>
    client.POST('/v1/checkout', {
      params: { header },
      // @ts-expect-error a quantity that is no number
      body: { userId, items: [{ productId: items[0]!.productId, quantity: '2' }] },
    }),
  listProducts: () =>
    client.GET('/v1/products', { params: { query: { sort: '-price', limit: 10 } } }),
  listProductsInUnknownOrder: () =>
    // @ts-expect-error an order that does not exist
    client.GET('/v1/products', { params: { query: { sort: 'size' } } }),
  payWithoutBody: () =>
    client.POST('/v1/orders/{orderId}/payment', {
      params: { path: { orderId: 'an order' }, header },
    }),
  unknownOperation: () =>
    // @ts-expect-error an operation that does not exist
    client.POST('/v1/gifts', {}),
};

type CheckoutProblem = NonNullable<Awaited<ReturnType<typeof calls.checkoutOfItems>>['error']>;

/** What a client may tell a buyer; every problem's members are known once its code is. */
const explain = (problem: CheckoutProblem): string => {
  const { code } = problem;
  // @ts-expect-error a problem that a checkout does not have
  if (code === 'order_not_refundable') return code;
  if (problem.code === 'insufficient_balance') {
    return `${problem.required - problem.balance} is missing`;
  }
  if (problem.code === 'insufficient_stock') {
    return problem.items.map(({ available }) => `${available} left`).join(', ');
  }
  // @ts-expect-error a member of another problem
  if (problem.code === 'total_changed') return String(problem.balance);
  return problem.title;
};

/** The status of an answer says which type its body has. */
const describe = (order: components['schemas']['PaidOrder']): string => {
  // @ts-expect-error a field that no order has
  const { gift } = order;
  return `${order.status} ${order.balance} ${String(gift)}`;
};

test('the types of a client accept correct calls and reject wrong ones', () => {
  expect(Object.keys(calls).length).toBeGreaterThanOrEqual(10);
  const problem = { code: 'insufficient_balance', balance: 1, required: 3 } as CheckoutProblem;
  expect(explain(problem)).toBe('2 is missing');
  expect(describe).toBeTypeOf('function');
});
