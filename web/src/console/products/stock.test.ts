import { expect, test } from 'vitest';
import { deltaFault, deltaIn, stockAfter } from './stock.ts';

test('a change of the stock is a whole number with a sign', () => {
  expect(['5', '+5', '-3', '−3', ' 1,000 ', '-３'].map(deltaIn)).toEqual([5, 5, -3, -3, 1_000, -3]);
});

test('zero, fractions and anything else are no change', () => {
  const texts = ['', '0', '-0', '+', '1.5', '1e3', '--3', '5-', 'five', '9007199254740992'];
  expect(texts.map(deltaIn).filter((delta) => delta !== undefined)).toEqual([]);
});

test('a stock does not fall below zero or rise above the largest number', () => {
  expect(stockAfter(7, -7)).toBe(0);
  expect(stockAfter(7, -8)).toBeUndefined();
  expect(stockAfter(7, 3)).toBe(10);
  expect(stockAfter(Number.MAX_SAFE_INTEGER, 1)).toBeUndefined();
});

test('a field says what is wrong, but not before anything was typed', () => {
  expect(['', '-', '+'].map((text) => deltaFault(text, 7, false))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(deltaFault('', 7, true)).toBe('no_change');
  expect(deltaFault('x', 7, false)).toBe('no_change');
  expect(deltaFault('-8', 7, false)).toBe('too_many');
  expect(deltaFault('-7', 7, true)).toBeUndefined();
});
