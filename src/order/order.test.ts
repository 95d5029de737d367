import { describe, expect, test } from 'vitest';
import {
  createNothing,
  BEFORE,
  LATER,
  TIME,
  carryOut,
  rowsOfAlice,
  order,
  outcomeOf,
  paidOrder,
  product,
} from '../../test/support/order-rows.ts';
import { products } from '../catalog/index.ts';
import { AMOUNT_MAX, type OrderStatus } from '../contract/index.ts';
import { transfers, wallets } from '../wallet/index.ts';
import type { OrderEvent } from './events.ts';
import { evolveOrder, type OrderAction } from './order.ts';
import { decideCancellation } from './cancellation.ts';
import { decideExpiry } from './expiry.ts';
import { decidePayment } from './payment.ts';
import { answerPaidOrder, answerRefund } from './view.ts';
import { decideRefund, type RefundInput } from './refund.ts';
import { buyers, orders } from './tables.ts';

const REFERENCE = { orderId: 'o1', owner: undefined, currency: 'KRW' };
const REFUND: RefundInput = {
  ...REFERENCE,
  refundId: 'r1',
  items: undefined,
  restock: true,
};

const DECIDE = {
  pay: (rows) => decidePayment(REFERENCE, rows, TIME),
  cancel: (rows) => decideCancellation(REFERENCE, rows, TIME),
  expire: (rows) => decideExpiry({ orderId: 'o1' }, rows, TIME),
  refund: (rows) => decideRefund(REFUND, rows, TIME),
} satisfies Record<OrderAction, (rows: ReturnType<typeof rowsOfAlice>) => unknown>;

/** Alice's order in a status, with reserved units while pending. */
const shopWith = (status: OrderStatus, expiresAt = LATER, balance = 300) => {
  const paid = status === 'paid' || status === 'refunded';
  const held = paid ? paidOrder({ status }) : order({ status, expiresAt });
  const reserved = status === 'pending' ? 2 : 0;
  return rowsOfAlice(balance)
    .hold(orders, held)
    .hold(products, product('p1', { reserved }), product('p2', { reserved: reserved / 2 }))
    .hold(buyers, { userId: 'alice', pendingOrders: reserved / 2 });
};

const NOT_PENDING = 'order_not_pending';
const NOT_REFUNDABLE = 'order_not_refundable';

/** The outcome of each action on an order in each status: an event, nothing, or a refusal. */
const OUTCOMES: Record<OrderStatus | 'due', Record<OrderAction, string>> = {
  pending: {
    pay: 'order.paid.v1',
    cancel: 'order.cancelled.v1',
    expire: '',
    refund: NOT_REFUNDABLE,
  },
  // Pending past its expiry.
  due: {
    pay: 'order_expired',
    cancel: 'order_expired',
    expire: 'order.expired.v1',
    refund: NOT_REFUNDABLE,
  },
  paid: { pay: NOT_PENDING, cancel: NOT_PENDING, expire: '', refund: 'order.refunded.v1' },
  cancelled: { pay: NOT_PENDING, cancel: NOT_PENDING, expire: '', refund: NOT_REFUNDABLE },
  expired: { pay: 'order_expired', cancel: 'order_expired', expire: '', refund: NOT_REFUNDABLE },
  refunded: { pay: NOT_PENDING, cancel: NOT_PENDING, expire: '', refund: NOT_REFUNDABLE },
};

describe('an order only changes status by its table', () => {
  const cases = Object.entries(OUTCOMES).flatMap(([status, outcomes]) =>
    Object.entries(outcomes).map(([action, outcome]) => [status, action, outcome] as const),
  ) as (readonly [OrderStatus | 'due', OrderAction, string])[];
  test.for(cases)('%s: %s → %s', ([status, action, outcome]) => {
    // The boundary: a reservation that ends at this millisecond has ended.
    const rows = status === 'due' ? shopWith('pending', TIME) : shopWith(status);
    expect(outcomeOf(DECIDE[action](rows))).toBe(outcome);
  });
});

describe('the outcomes of an action, in order', () => {
  test('order_not_found: the order does not exist', () => {
    const rows = createNothing();
    const { expire: _, ...others } = DECIDE;
    const outcomes = Object.values(others).map((decide) => outcomeOf(decide(rows)));
    expect(new Set(outcomes)).toEqual(new Set(['order_not_found']));
    expect(outcomeOf(DECIDE.expire(rows))).toBe('');
  });

  test('order_not_found: the order belongs to another user, in any status', () => {
    for (const status of ['pending', 'paid', 'expired'] as const) {
      const foreign = { ...REFERENCE, owner: 'bob' };
      const rows = shopWith(status);
      expect(outcomeOf(decidePayment(foreign, rows, TIME))).toBe('order_not_found');
      expect(outcomeOf(decideCancellation(foreign, rows, TIME))).toBe('order_not_found');
    }
    const own = { ...REFERENCE, owner: 'alice' };
    expect(outcomeOf(decidePayment(own, shopWith('pending'), TIME))).toBe('order.paid.v1');
  });

  test('insufficient_balance comes after the refusals about the order', () => {
    const pay = (rows: ReturnType<typeof rowsOfAlice>) => decidePayment(REFERENCE, rows, TIME);
    expect(outcomeOf(pay(shopWith('pending', TIME, 299)))).toBe('order_expired');
    expect(pay(shopWith('pending', LATER, 299))).toEqual({
      kind: 'refused',
      refusal: { code: 'insufficient_balance', members: { balance: 299, required: 300 } },
    });
  });
});

test('an order of a user without a wallet is a fault', () => {
  const pay = () => DECIDE.pay(shopWith('pending').miss(wallets, 'alice'));
  const refund = () => DECIDE.refund(shopWith('paid').miss(wallets, 'alice'));
  expect(pay).toThrow('user alice has no wallet');
  expect(refund).toThrow('user alice has no wallet');
});

describe('a payment', () => {
  test('turns reserved units into a sale, at the price of the order', () => {
    const rows = shopWith('pending').hold(products, product('p1', { reserved: 2, price: 999 }));
    expect(
      carryOut(DECIDE.pay(rows), rows, evolveOrder, answerPaidOrder('o1', 'KRW')),
    ).toMatchObject({
      status: 'paid',
      total: 300,
      createdAt: BEFORE.toJSON(),
      expiresAt: null,
      paidAt: TIME.toJSON(),
      balance: 0,
    });
    expect(rows.get(products, 'p1')).toMatchObject({ onHand: 8, reserved: 0 });
    expect(rows.get(buyers, 'alice')?.pendingOrders).toBe(0);
    expect(rows.appended(transfers)).toMatchObject([{ kind: 'payment', amount: -300 }]);
  });
});

describe('a cancellation and an expiry', () => {
  test.for([
    ['cancel', 'cancelled', LATER],
    ['expire', 'expired', TIME],
  ] as const)(
    '%s: the units can be bought again, no money moves',
    ([action, status, expiresAt]) => {
      const rows = shopWith('pending', expiresAt);
      carryOut<OrderEvent>(DECIDE[action](rows), rows, evolveOrder);
      expect(rows.get(orders, 'o1')).toEqual(order({ status, expiresAt }));
      expect(rows.get(products, 'p1')).toMatchObject({ onHand: 10, reserved: 0 });
      expect(rows.get(products, 'p2')).toMatchObject({ onHand: 10, reserved: 0 });
      expect(rows.get(buyers, 'alice')?.pendingOrders).toBe(0);
      expect(rows.appended(transfers)).toEqual([]);
    },
  );
});

describe('a refund', () => {
  test('of more units than refundable is refused, with the refundable quantities', () => {
    const items = [
      { productId: 'p1', quantity: 3 },
      { productId: 'p2', quantity: 1 },
      { productId: 'p9', quantity: 1 },
    ];
    const rows = shopWith('paid');
    expect(decideRefund({ ...REFUND, items }, rows, TIME)).toEqual({
      kind: 'refused',
      refusal: {
        code: 'refund_exceeds_order',
        members: {
          items: [
            { productId: 'p1', requested: 3, refundable: 2 },
            { productId: 'p9', requested: 1, refundable: 0 },
          ],
        },
      },
    });
  });

  test('of a part keeps the order paid; the refund of the rest makes it refunded', () => {
    const rows = shopWith('paid', LATER, 0);
    const part = { ...REFUND, items: [{ productId: 'p1', quantity: 1 }] };
    expect(carryOut(decideRefund(part, rows, TIME), rows, evolveOrder, answerRefund)).toEqual({
      refundId: 'r1',
      orderId: 'o1',
      amount: 100,
      balance: 100,
      items: [{ productId: 'p1', quantity: 1, amount: 100 }],
      createdAt: TIME.toJSON(),
    });
    expect(rows.get(orders, 'o1')).toMatchObject({ status: 'paid', refundedTotal: 100 });

    const rest = carryOut(DECIDE.refund(rows), rows, evolveOrder, answerRefund);
    expect(rest).toMatchObject({
      amount: 200,
      balance: 300,
      items: [
        { productId: 'p1', quantity: 1, amount: 100 },
        { productId: 'p2', quantity: 1, amount: 100 },
      ],
    });
    expect(rows.get(orders, 'o1')).toMatchObject({ status: 'refunded', refundedTotal: 300 });
    expect(outcomeOf(DECIDE.refund(rows))).toBe('order_not_refundable');
    expect(rows.get(wallets, 'alice')?.balance).toBe(300);
    expect(rows.get(products, 'p1')?.onHand).toBe(12);
  });

  test('that lifts the balance beyond the largest amount is refused after all other reasons', () => {
    const rows = shopWith('paid', LATER, AMOUNT_MAX - 299);
    const items = [{ productId: 'p1', quantity: 3 }];
    expect(outcomeOf(decideRefund({ ...REFUND, items }, rows, TIME))).toBe('refund_exceeds_order');
    expect(DECIDE.refund(rows)).toEqual({
      kind: 'refused',
      refusal: {
        code: 'balance_limit_exceeded',
        members: { limit: AMOUNT_MAX, balance: AMOUNT_MAX - 299 },
      },
    });
    const fitting = shopWith('paid', LATER, AMOUNT_MAX - 300);
    carryOut(DECIDE.refund(fitting), fitting, evolveOrder);
    expect(fitting.get(wallets, 'alice')?.balance).toBe(AMOUNT_MAX);
  });

  test('that lifts the stock beyond the largest number is refused last, unless without restock', () => {
    const full = product('p2', { onHand: AMOUNT_MAX, reserved: 1 });
    const refund = (balance: number, restock = true) =>
      decideRefund(
        { ...REFUND, restock },
        shopWith('paid', LATER, balance).hold(products, full),
        TIME,
      );
    expect(outcomeOf(refund(AMOUNT_MAX))).toBe('balance_limit_exceeded');
    expect(refund(0)).toEqual({
      kind: 'refused',
      refusal: {
        code: 'stock_limit_exceeded',
        members: { limit: AMOUNT_MAX, productId: 'p2', stock: AMOUNT_MAX - 1 },
      },
    });
    expect(outcomeOf(refund(0, false))).toBe('order.refunded.v1');
  });

  test('without restock does not change the stock', () => {
    const rows = shopWith('paid');
    carryOut(decideRefund({ ...REFUND, restock: false }, rows, TIME), rows, evolveOrder);
    expect(rows.get(products, 'p1')?.onHand).toBe(10);
    expect(rows.get(wallets, 'alice')?.balance).toBe(600);
  });
});
