import { expect, test } from 'vitest';
import type { RowOf } from '../shop/index.ts';
import { arePaidFor, mayFollow } from './order-steps.ts';

type Order = RowOf<'orders'>;
type Transfer = RowOf<'transfers'>;

const TIME = new Date('2026-11-20T12:00:00Z');
const line = { productId: 'p', name: 'Cup', quantity: 3, unitPrice: 100, refundedQuantity: 0 };
const pending: Order = {
  orderId: 'o',
  userId: 'u',
  status: 'pending',
  lines: [line],
  total: 300,
  refundedTotal: 0,
  createdAt: TIME,
  expiresAt: TIME,
  paidAt: null,
  metadata: null,
};
const paid: Order = { ...pending, status: 'paid', expiresAt: null, paidAt: TIME };
const refunded: Order = {
  ...paid,
  lines: [{ ...line, refundedQuantity: 1 }],
  refundedTotal: 100,
};
const transfer = (kind: string, amount: number, reference = 'o'): Transfer => ({
  userId: 'u',
  number: 1,
  transferId: 't',
  kind: kind as Transfer['kind'],
  amount,
  balanceAfter: 0,
  reference,
  createdAt: TIME,
});
const payment = transfer('payment', -300);
const refund = transfer('refund', 100);

test('an order may take the steps of its state only', () => {
  expect(mayFollow('order.paid.v1', undefined)).toBe(true);
  expect(mayFollow('order.paid.v1', 'pending')).toBe(true);
  expect(mayFollow('order.paid.v1', 'paid')).toBe(false);
  expect(mayFollow('order.cancelled.v1', 'paid')).toBe(false);
  expect(mayFollow('order.refunded.v1', 'refunded')).toBe(false);
  expect(mayFollow('order.lost.v1', 'paid')).toBe(false);
});

test.for<[string, Order | undefined, Order, Transfer[]]>([
  ['a placement', undefined, pending, []],
  ['a checkout', undefined, paid, [payment]],
  ['the payment of a pending order', pending, paid, [payment]],
  ['a refund', paid, refunded, [refund]],
  ['a cancellation', pending, { ...pending, status: 'cancelled' }, []],
])('%s moves the money that the order says', ([, before, after, transfers]) => {
  expect(arePaidFor([{ before, after }], transfers)).toBe(true);
});

test.for<[string, Order | undefined, Order, Transfer[]]>([
  ['a checkout without a payment', undefined, paid, []],
  ['a checkout with two payments', undefined, paid, [payment, payment]],
  ['a payment of another amount', pending, paid, [transfer('payment', -301)]],
  ['a second payment', paid, paid, [payment]],
  ['a placement that is paid', undefined, pending, [payment]],
  ['a payment of another order', undefined, paid, [payment, transfer('payment', -1, 'other')]],
  ['a refund of another amount', paid, refunded, [transfer('refund', 99)]],
  ['a refund without money', paid, refunded, []],
  ['a refund that no line shows', paid, { ...refunded, lines: [line] }, [refund]],
  ['a total that is not that of the lines', undefined, { ...pending, total: 299 }, []],
  [
    'another total after the payment',
    paid,
    { ...paid, total: 400, lines: [{ ...line, quantity: 4 }] },
    [],
  ],
])('%s does not', ([, before, after, transfers]) => {
  expect(arePaidFor([{ before, after }], transfers)).toBe(false);
});

test('a payment without a step of an order belongs to none', () => {
  expect(arePaidFor([], [payment])).toBe(false);
  expect(arePaidFor([], [transfer('charge', 5)])).toBe(true);
});
