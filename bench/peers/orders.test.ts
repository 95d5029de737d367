import { expect, test } from 'vitest';
import { medusa } from './medusa.ts';
import { beginOrder, post, type Peer, type PeerShop } from './peer.ts';
import { vendure } from './vendure.ts';

const shop: PeerShop = {
  url: 'http://127.0.0.1:1',
  productIds: ['first', 'second', 'third'],
  buyers: 10,
  ids: { key: 'pk_1', region: 'reg_1', shipping: '7' },
};

/** The requests of an order whose answers are given, as path and body. */
const requestsOf = (peer: Peer, answers: readonly unknown[]) => {
  const order = peer.order(shop, 'buyer@example.com', 'second');
  const bodies = ['', ...answers.map((answer) => JSON.stringify(answer))];
  return bodies.flatMap((body) => {
    const { value } = order.next(body);
    if (!value) return [];
    const [head = '', json = ''] = value.request.split('\r\n\r\n');
    return [{ head, path: head.split(' ')[1], body: JSON.parse(json) as unknown, step: value }];
  });
};

const CART = { cart: { id: 'cart_1' } };
const COLLECTION = { payment_collection: { id: 'pay_col_1' } };
const COMPLETED = { type: 'order', order: { id: 'order_1' } };

test('an order of Medusa is five requests that name the cart and the payment', () => {
  const requests = requestsOf(medusa, [CART, CART, COLLECTION, COLLECTION, COMPLETED]);
  expect(requests.map(({ path }) => path)).toEqual([
    '/store/carts?fields=id',
    '/store/carts/cart_1/shipping-methods?fields=id',
    '/store/payment-collections?fields=id',
    '/store/payment-collections/pay_col_1/payment-sessions?fields=id',
    '/store/carts/cart_1/complete?fields=id',
  ]);
  expect(requests).toHaveLength(medusa.requestsPerOrder);
  expect(requests[0]?.head).toContain('x-publishable-api-key: pk_1');
  expect(requests[0]?.body).toMatchObject({
    region_id: 'reg_1',
    email: 'buyer@example.com',
    items: [{ variant_id: 'second', quantity: 1 }],
  });
  expect(requests[1]?.body).toEqual({ option_id: '7' });
  expect(requests[2]?.body).toEqual({ cart_id: 'cart_1' });
});

test('Medusa has placed an order when the completed cart is one', () => {
  const complete = requestsOf(medusa, [CART, CART, COLLECTION, COLLECTION]).at(-1)?.step;
  expect(complete?.accepts?.(JSON.stringify(COMPLETED))).toBe(true);
  const unpaid = { type: 'cart', cart: { id: 'cart_1' }, error: { message: 'not authorized' } };
  expect(complete?.accepts?.(JSON.stringify(unpaid))).toBe(false);
});

test('an order of Vendure is one request with all steps', () => {
  const requests = requestsOf(vendure, [{}]);
  expect(requests).toHaveLength(vendure.requestsPerOrder);
  expect(requests[0]?.body).toMatchObject({
    query: expect.stringMatching(/addItemToOrder.*addPaymentToOrder/) as string,
    variables: {
      product: 'second',
      customer: { emailAddress: 'buyer@example.com' },
      shipping: ['7'],
    },
  });
  expect(requests[0]?.head.toLowerCase()).not.toContain('cookie');
});

test.each([
  [true, { data: { addPaymentToOrder: { __typename: 'Order', state: 'PaymentSettled' } } }],
  [false, { data: { addPaymentToOrder: { __typename: 'Order', state: 'PaymentAuthorized' } } }],
  [false, { data: { addPaymentToOrder: { errorCode: 'ORDER_PAYMENT_STATE_ERROR' } } }],
  [false, { data: null, errors: [{ message: 'deadlock detected' }] }],
  [false, { errors: [{ message: 'invalid' }] }],
])('that Vendure has placed an order is %s of %j', (isPlaced, answer) => {
  const [request] = requestsOf(vendure, []);
  expect(request?.step.accepts?.(JSON.stringify(answer))).toBe(isPlaced);
});

test('buyers take turns, and products unless everyone buys one', () => {
  const bought = (scenario: 'checkout-spread' | 'hot-product') =>
    Array.from({ length: 30 }, (_, count) => {
      const { value } = beginOrder(vendure, shop, scenario)({ count, connection: 0 }).next('');
      const json = value?.request.split('\r\n\r\n')[1] ?? '';
      return JSON.parse(json) as {
        variables: { product: string; customer: { emailAddress: string } };
      };
    }).map(({ variables }) => variables);
  const spread = bought('checkout-spread');
  expect(Object.keys(Object.groupBy(spread, ({ product }) => product)).toSorted()).toEqual(
    [...shop.productIds].toSorted(),
  );
  expect(new Set(spread.map(({ customer }) => customer.emailAddress)).size).toBe(shop.buyers);
  expect(new Set(bought('hot-product').map(({ product }) => product))).toEqual(new Set(['first']));
});

test('a request says the length of its body', () => {
  const [head, body] = post('/shop', { name: 'one' }, { 'x-key': 'pk' }).split('\r\n\r\n');
  expect(body).toBe('{"name":"one"}');
  expect(head?.split('\r\n')).toEqual([
    'POST /shop HTTP/1.1',
    'host: peer',
    'x-key: pk',
    'content-type: application/json',
    'content-length: 14',
  ]);
});
