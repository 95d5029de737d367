import { describe, expect, test } from 'vitest';
import { createFormat } from '../i18n/format.ts';
import { AMOUNT_MAX, amountIn, caretIn, decimalOf, moneyIn, textOf } from './money.ts';

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
])('the whole number in %j is %j', (text, amount) => {
  expect(amountIn(text)).toBe(amount);
});

test.each([
  [0, 0, '0'],
  [12_000, 0, '12000'],
  [-3_000, 0, '-3000'],
  [0, 2, '0.00'],
  [5, 2, '0.05'],
  [1_299, 2, '12.99'],
  [-5, 2, '-0.05'],
  [1_500, 3, '1.500'],
  [AMOUNT_MAX, 3, '9007199254740.991'],
])('%d with %d fraction digits is %j', (amount, fractionDigits, decimal) => {
  expect(decimalOf(amount, fractionDigits)).toBe(decimal);
});

describe.each(['en', 'ko'] as const)('a field for money in %s', (locale) => {
  const { number, fractionDigitsOf } = createFormat(locale);
  const styleOf = (currency: string) => ({ number, fractionDigits: fractionDigitsOf(currency) });

  test.each([
    ['KRW', 12_000, '12,000'],
    ['JPY', 12_000, '12,000'],
    ['USD', 12_000, '120.00'],
    ['USD', 5, '0.05'],
    ['USD', AMOUNT_MAX, '90,071,992,547,409.91'],
    ['KWD', 1_234_567, '1,234.567'],
    ['KWD', AMOUNT_MAX, '9,007,199,254,740.991'],
  ])('%s %d is shown as %j, which means the same amount', (currency, amount, text) => {
    expect(textOf(amount, styleOf(currency))).toBe(text);
    expect(moneyIn(text, styleOf(currency))).toEqual({ text, amount });
  });

  test.each([
    ['KRW', '', '', undefined],
    ['KRW', '12', '12', 12],
    ['KRW', '12000', '12,000', 12_000],
    ['KRW', '₩12,000원', '12,000', 12_000],
    ['KRW', '12.', '12', 12],
    ['KRW', '12,', '12', 12],
    ['KRW', '007', '7', 7],
    ['USD', '', '', undefined],
    ['USD', 'abc', '', undefined],
    ['USD', '12', '12', 1_200],
    ['USD', '12.', '12.', 1_200],
    ['USD', '12,', '12.', 1_200],
    ['USD', '12.5', '12.5', 1_250],
    ['USD', '12.50', '12.50', 1_250],
    ['USD', '.5', '0.5', 50],
    ['USD', '0', '0', 0],
    ['USD', '0.0', '0.0', 0],
    ['USD', '007.05', '7.05', 705],
    ['USD', '1,2345.6', '12,345.6', 1_234_560],
    ['USD', '$1,299.99', '1,299.99', 129_999],
    ['USD', '１２．５', '12.5', 1_250],
    ['KWD', '1.5', '1.5', 1_500],
    ['KWD', '1.500', '1.500', 1_500],
    ['USD', '99999999999999999999', '90,071,992,547,409.91', AMOUNT_MAX],
  ])('%s %j becomes %j, which means %j', (currency, typed, text, amount) => {
    expect(moneyIn(typed, styleOf(currency))).toEqual({ text, amount });
  });

  test.each([
    ['USD', '12.345'],
    ['USD', '1.299,50'],
    ['USD', '12.5.'],
    ['USD', '1.2.3'],
    ['KWD', '1.2345'],
  ])('%s %j is refused', (currency, typed) => {
    expect(moneyIn(typed, styleOf(currency))).toBeUndefined();
  });
});

test('the caret keeps as many digits after it', () => {
  // A 5 typed after the 1 of 1,000.
  expect(caretIn('15,000', 2, '15,000')).toBe(2);
  expect(caretIn('1,0005', 6, '10,005')).toBe(6);
  expect(caretIn('12345', 2, '12,345')).toBe(2);
  expect(caretIn('1234', 0, '1,234')).toBe(0);
  expect(caretIn('x', 1, '')).toBe(0);
  // A point typed at the end, at the begin, and after the 1 of 12.
  expect(caretIn('12.', 3, '12.')).toBe(3);
  expect(caretIn('.', 1, '0.')).toBe(2);
  expect(caretIn('1.2', 2, '1.2')).toBe(2);
  // A refused third digit at the end, and a 3 typed after the 2 of 12.50.
  expect(caretIn('12.505', 6, '12.50')).toBe(5);
  expect(caretIn('123.50', 3, '123.50')).toBe(3);
});
