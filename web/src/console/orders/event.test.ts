import { expect, test } from 'vitest';
import { detailOf, kindOf } from './event.ts';

test('an event has the kind of its type', () => {
  expect(kindOf({ type: 'moa.order.refunded.v1' })).toBe('refunded');
  expect(kindOf({ type: 'moa.order.lost.v1' as 'moa.order.paid.v1' })).toBeUndefined();
});

test('a detail is what the event has of amount, reason and stock', () => {
  const data = { amount: 13_000, restock: false, reason: 'broken', items: [] };
  expect(detailOf({ data })).toEqual({ amount: 13_000, restock: false, reason: 'broken' });
  expect(detailOf({ data: { amount: '1', reason: '' } })).toEqual({});
});
