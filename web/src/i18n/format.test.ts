import { expect, test } from 'vitest';
import { createFormat } from './format.ts';

const ko = createFormat('ko');
const en = createFormat('en');

test.each([
  [12_000, 'KRW', '12,000원', '₩12,000'],
  [-3_000, 'KRW', '-3,000원', '-₩3,000'],
  [12_000, 'JPY', '¥12,000', '¥12,000'],
  [1_299, 'USD', '$12.99', '$12.99'],
  [5, 'USD', '$0.05', '$0.05'],
  [-1_299, 'USD', '-$12.99', '-$12.99'],
])(
  '%d of the minor unit of %s is %s in Korean and %s in English',
  (amount, currency, inKo, inEn) => {
    expect([ko.money(amount, currency), en.money(amount, currency)]).toEqual([inKo, inEn]);
  },
);

test('the largest amount is exact in a currency with three fraction digits', () => {
  const shown = en.money(Number.MAX_SAFE_INTEGER, 'KWD');
  expect(shown.replaceAll(/[^0-9.,]/g, '')).toBe('9,007,199,254,740.991');
});

test('a file has amounts in the major unit', () => {
  expect([en.major(12_000, 'KRW'), en.major(-1_299, 'USD'), en.major(1_500, 'KWD')]).toEqual([
    12_000, -12.99, 1.5,
  ]);
});
