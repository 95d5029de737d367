import type { Order } from '@moa-commerce/client';
import { expect, test } from 'vitest';
import { canCancel, canRefund, refundBody, refundOf, wholeOf } from './refund.ts';

const lineOf = (
  productId: string,
  quantity: number,
  unitPrice: number,
  refundedQuantity = 0,
): Order['items'][number] => ({
  productId,
  name: productId,
  quantity,
  unitPrice,
  lineTotal: quantity * unitPrice,
  refundedQuantity,
});

const LINES = [lineOf('mug', 3, 15_000, 1), lineOf('tea', 2, 4_000)];
const REST = { restock: true, reason: '' };

test('a paid order is refundable while a unit is left', () => {
  expect(canRefund({ status: 'paid', items: LINES })).toBe(true);
  expect(canRefund({ status: 'paid', items: [lineOf('mug', 3, 15_000, 3)] })).toBe(false);
  for (const status of ['pending', 'cancelled', 'expired', 'refunded'] as const)
    expect(canRefund({ status, items: LINES })).toBe(false);
});

test('only a pending order can be cancelled', () => {
  const statuses = ['pending', 'paid', 'cancelled', 'expired', 'refunded'] as const;
  expect(statuses.filter((status) => canCancel({ status }))).toEqual(['pending']);
});

test('a refund of the whole rest leaves out what was refunded before', () => {
  expect(refundOf(LINES, wholeOf(LINES))).toEqual({ units: 4, amount: 2 * 15_000 + 2 * 4_000 });
});

test('a refund is never more than what is left, and never a part of a unit', () => {
  expect(refundOf(LINES, { mug: 9, tea: -1 })).toEqual({ units: 2, amount: 30_000 });
  expect(refundOf(LINES, { mug: 1.5, tea: NaN })).toEqual({ units: 0, amount: 0 });
  expect(refundOf(LINES, { plate: 1 })).toEqual({ units: 0, amount: 0 });
});

test('the body names the lines of the refund, also of a whole one', () => {
  expect(refundBody(LINES, wholeOf(LINES), REST)).toEqual({
    items: [
      { productId: 'mug', quantity: 2 },
      { productId: 'tea', quantity: 2 },
    ],
    restock: true,
  });
  expect(refundBody(LINES, { tea: 1 }, { restock: false, reason: 'broken' })).toEqual({
    items: [{ productId: 'tea', quantity: 1 }],
    restock: false,
    reason: 'broken',
  });
});
