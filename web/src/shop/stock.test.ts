import { expect, test } from 'vitest';
import { possibleQuantity, stockLevel, unitsMax } from './stock.ts';

test('a card names the stock from ten units down, and says when there is none', () => {
  const levels = [11, 10, 1, 0, -1].map(stockLevel);
  expect(levels).toEqual(['plenty', 'low', 'low', 'none', 'none']);
});

test('a line has as many units as the stock, at most 999', () => {
  expect([0, 1, 999, 1_000, -3].map(unitsMax)).toEqual([0, 1, 999, 999, 0]);
});

test('a quantity is at least one and at most what is left', () => {
  expect(possibleQuantity(3, 7)).toBe(3);
  expect(possibleQuantity(9, 7)).toBe(7);
  expect(possibleQuantity(5_000, 5_000)).toBe(999);
  expect([0, -2, 1.5, NaN, Infinity].map((wanted) => possibleQuantity(wanted, 7))).toEqual([
    1, 1, 1, 1, 1,
  ]);
  expect(possibleQuantity(3, 0)).toBe(1);
});
