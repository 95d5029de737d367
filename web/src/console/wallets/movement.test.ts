import { expect, test } from 'vitest';
import { balanceAfter, refusalIn, signed } from './movement.ts';

test.each([
  ['charge', 1_000, 500, 1_500],
  ['withdrawal', 1_000, 500, 500],
  ['withdrawal', 1_000, 1_000, 0],
  ['withdrawal', 1_000, 1_001, undefined],
  ['charge', Number.MAX_SAFE_INTEGER, 1, undefined],
] as const)('after a %s a balance of %d changes by %d to %j', (kind, balance, amount, after) => {
  expect(balanceAfter(kind, balance, amount)).toBe(after);
});

test('a full wallet says how much more fits', () => {
  const problem = { code: 'balance_limit_exceeded', limit: 2_000, balance: 1_500 };
  expect(refusalIn(problem)).toEqual({ limit: 2_000, balance: 1_500, room: 500 });
  // A refund may have filled it above the limit.
  expect(refusalIn({ ...problem, balance: 2_500 })?.room).toBe(0);
});

test('a short balance says what it holds', () => {
  const problem = { code: 'insufficient_balance', balance: 300, required: 500 };
  expect(refusalIn(problem)).toEqual({ balance: 300, limit: undefined, room: 300 });
});

test('another refusal has no amounts', () => {
  expect(refusalIn({ code: 'overloaded' })).toBeUndefined();
  expect(refusalIn({ code: 'order_expired', balance: 1 })).toBeUndefined();
});

test('an amount has its sign', () => {
  expect([5, -5, 0].map((amount) => signed(amount, String))).toEqual(['+5', '-5', '0']);
});
