import { expect, test } from 'vitest';
import { AMOUNT_MAX, amountIn, caretIn } from './money.ts';

test.each([
  ['12000', 12_000],
  ['12,000', 12_000],
  ['₩12,000원', 12_000],
  ['007', 7],
  ['0', 0],
  ['１２３', 123],
  ['-5', 5],
  ['', undefined],
  ['abc', undefined],
  ['9007199254740991', AMOUNT_MAX],
  ['9007199254740993', AMOUNT_MAX],
  ['99999999999999999999', AMOUNT_MAX],
])('the amount in %j is %j', (text, amount) => {
  expect(amountIn(text)).toBe(amount);
});

test('the caret keeps as many digits after it', () => {
  // A 5 typed after the 1 of 1,000.
  expect(caretIn('15,000', 2, '15,000')).toBe(2);
  expect(caretIn('1,0005', 6, '10,005')).toBe(6);
  expect(caretIn('12345', 2, '12,345')).toBe(2);
  expect(caretIn('1234', 0, '1,234')).toBe(0);
  expect(caretIn('x', 1, '')).toBe(0);
});
