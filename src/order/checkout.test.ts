import { describe, expect, test } from 'vitest';
import {
  createNothing,
  TIME,
  carryOut,
  rowsOfAlice,
  outcomeOf,
  product,
} from '../../test/support/order-rows.ts';
import { products } from '../catalog/index.ts';
import { carts, evolveCart } from '../cart/index.ts';
import { AMOUNT_MAX } from '../contract/index.ts';
import { evolveWallet, transfers, wallets } from '../wallet/index.ts';
import { decideCheckout } from './checkout.ts';
import { decidePlacement } from './placement.ts';
import { answerOrder, answerPaidOrder } from './view.ts';
import { evolveOrder } from './order.ts';
import { findExcess, mergeItems, quote } from './quote.ts';
import { buyers, orders } from './tables.ts';

const EVOLVE = { ...evolveWallet, ...evolveCart, ...evolveOrder };

const REQUEST = {
  userId: 'alice',
  items: [
    { productId: 'p1', quantity: 2 },
    { productId: 'p2', quantity: 1 },
  ],
};
const CHECKOUT = { ...REQUEST, orderId: 'o1', currency: 'KRW' };
const PLACEMENT = { ...CHECKOUT, reservationMs: 60_000, pendingMax: 2 };

test('lines of the same product are merged, in order of first appearance', () => {
  const merged = mergeItems([
    { productId: 'p2', quantity: 1 },
    { productId: 'p1', quantity: 2 },
    { productId: 'p2', quantity: 3 },
  ]);
  expect(merged).toEqual([
    { productId: 'p2', quantity: 4 },
    { productId: 'p1', quantity: 2 },
  ]);
});

test('the limit of a quantity includes all lines of a product, and names the line beyond it', () => {
  const line = (productId: string, quantity: number) => ({ productId, quantity });
  const most = [line('p1', 9_998), line('p2', 9_999), line('p1', 1)];
  expect(findExcess(most, 9_999)).toBe(undefined);
  const beyond = [line('p1', 9_999), line('p2', 9_000), line('p2', 1_000), line('p1', 1)];
  expect(findExcess(beyond, 9_999)).toBe(2);
});

describe('the outcomes of an order request, in order', () => {
  test('each outcome appears once the previous reason is removed', () => {
    const rows = createNothing();
    const tell = (expectedTotal?: number): string =>
      outcomeOf(decideCheckout({ ...CHECKOUT, expectedTotal }, rows, TIME));
    const walletOf = (balance: number) => rowsOfAlice(balance).get(wallets, 'alice')!;

    expect(tell(1)).toBe('user_not_found');
    rows.hold(wallets, walletOf(0));
    expect(tell(1)).toBe('product_not_found');
    const costly = { price: AMOUNT_MAX, onHand: 1 };
    rows.hold(products, product('p1', { ...costly, status: 'archived' }), product('p2'));
    expect(tell(1)).toBe('product_unavailable');
    rows.hold(products, product('p1', costly));
    expect(tell(1)).toBe('total_limit_exceeded');
    rows.hold(products, product('p1', { onHand: 1 }));
    expect(tell(299)).toBe('total_changed');
    expect(tell(300)).toBe('insufficient_stock');
    rows.hold(products, product('p1', { onHand: 2 }));
    expect(tell(300)).toBe('insufficient_balance');
    rows.hold(wallets, walletOf(300));
    expect(tell(300)).toBe('order.paid.v1');
    // A lower total than expected is accepted.
    expect(tell(301)).toBe('order.paid.v1');
    expect(tell()).toBe('order.paid.v1');
  });

  test('a refusal names the affected products', () => {
    const shop = rowsOfAlice(1_000)
      .miss(products, 'p8', 'p9')
      .hold(
        products,
        product('p1', { onHand: 5, reserved: 4 }),
        product('p2', { onHand: 0 }),
        product('p3', { status: 'archived' }),
      );
    const refusalOf = (request: object) => quote({ ...REQUEST, ...request }, shop);
    expect(refusalOf({})).toEqual({
      kind: 'refused',
      refusal: {
        code: 'insufficient_stock',
        members: {
          items: [
            { productId: 'p1', requested: 2, available: 1 },
            { productId: 'p2', requested: 1, available: 0 },
          ],
        },
      },
    });
    expect(refusalOf({ expectedTotal: 200 })).toMatchObject({
      refusal: {
        members: {
          expectedTotal: 200,
          total: 300,
          items: [
            { productId: 'p1', name: 'Product p1', quantity: 2, unitPrice: 100, lineTotal: 200 },
            { productId: 'p2', name: 'Product p2', quantity: 1, unitPrice: 100, lineTotal: 100 },
          ],
        },
      },
    });
    const items = ['p1', 'p8', 'p3', 'p9'].map((productId) => ({ productId, quantity: 1 }));
    expect(refusalOf({ items })).toMatchObject({
      refusal: { code: 'product_not_found', members: { productIds: ['p8', 'p9'] } },
    });
    expect(refusalOf({ items: [items[2]] })).toMatchObject({
      refusal: { code: 'product_unavailable', members: { productIds: ['p3'] } },
    });
  });

  test('cart_empty comes after user_not_found and before every outcome about products', () => {
    const request = { ...CHECKOUT, items: 'cart', expectedTotal: 1 } as const;
    expect(outcomeOf(decideCheckout(request, createNothing(), TIME))).toBe('user_not_found');
    expect(outcomeOf(decideCheckout(request, rowsOfAlice(0), TIME))).toBe('cart_empty');
    expect(outcomeOf(decideCheckout(request, rowsOfAlice(0, []), TIME))).toBe('cart_empty');
  });
});

describe('a checkout', () => {
  test('takes the units and the money, and returns the order with the new balance', () => {
    const rows = rowsOfAlice(1_000);
    const answer = carryOut(
      decideCheckout(CHECKOUT, rows, TIME),
      rows,
      EVOLVE,
      answerPaidOrder('o1', 'KRW'),
    );
    const time = TIME.toJSON();
    const line = { unitPrice: 100, refundedQuantity: 0 };
    expect(answer).toEqual({
      orderId: 'o1',
      userId: 'alice',
      status: 'paid',
      items: [
        { ...line, productId: 'p1', name: 'Product p1', quantity: 2, lineTotal: 200 },
        { ...line, productId: 'p2', name: 'Product p2', quantity: 1, lineTotal: 100 },
      ],
      total: 300,
      refundedTotal: 0,
      currency: 'KRW',
      createdAt: time,
      expiresAt: null,
      paidAt: time,
      metadata: {},
      balance: 700,
    });
    expect(rows.get(products, 'p1')).toMatchObject({ onHand: 8, reserved: 0 });
    expect(rows.get(products, 'p2')).toMatchObject({ onHand: 9, reserved: 0 });
    expect(rows.appended(transfers)).toMatchObject([
      { kind: 'payment', amount: -300, balanceAfter: 700, reference: 'o1' },
    ]);
  });

  test('empties the cart when the cart is ordered, and keeps it when items are named', () => {
    const cart = [{ productId: 'p2', quantity: 3 }];
    const rows = rowsOfAlice(1_000, cart);
    carryOut(decideCheckout(CHECKOUT, rows, TIME), rows, EVOLVE);
    expect(rows.get(carts, 'alice')?.lines).toHaveLength(1);
    const whole = { ...CHECKOUT, orderId: 'o2', items: 'cart' } as const;
    const answer = carryOut(
      decideCheckout(whole, rows, TIME),
      rows,
      EVOLVE,
      answerPaidOrder('o2', 'KRW'),
    );
    expect(answer).toMatchObject({ total: 300, items: [{ productId: 'p2', quantity: 3 }] });
    expect(rows.get(carts, 'alice')).toMatchObject({ version: 2, lines: [] });
  });
});

describe('a placement', () => {
  test('is refused for too many pending orders only after every other reason', () => {
    const rows = rowsOfAlice(0).hold(buyers, { userId: 'alice', pendingOrders: 2 });
    const tooMuch = { ...PLACEMENT, items: [{ productId: 'p1', quantity: 11 }] };
    expect(outcomeOf(decidePlacement(tooMuch, rows, TIME))).toBe('insufficient_stock');
    expect(decidePlacement(PLACEMENT, rows, TIME)).toEqual({
      kind: 'refused',
      refusal: { code: 'too_many_pending_orders', members: { limit: 2 } },
    });
  });

  test('needs no balance, reserves the units and expires at the given time', () => {
    const rows = rowsOfAlice(0).hold(buyers, { userId: 'alice', pendingOrders: 1 });
    const answer = carryOut(
      decidePlacement(PLACEMENT, rows, TIME),
      rows,
      EVOLVE,
      answerOrder('o1', 'KRW'),
    );
    expect(answer).toMatchObject({
      status: 'pending',
      total: 300,
      expiresAt: '2026-11-23T10:01:00.000Z',
      paidAt: null,
    });
    expect(answer).not.toHaveProperty('balance');
    expect(rows.get(products, 'p1')).toMatchObject({ onHand: 10, reserved: 2 });
    expect(rows.get(products, 'p2')).toMatchObject({ onHand: 10, reserved: 1 });
    expect(rows.get(buyers, 'alice')).toEqual({ userId: 'alice', pendingOrders: 2 });
    expect(rows.get(orders, 'o1')?.expiresAt).toEqual(new Date('2026-11-23T10:01:00.000Z'));
    expect(rows.appended(transfers)).toEqual([]);
  });
});
