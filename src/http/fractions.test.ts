import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayHideFraction, refuseHiddenFractions } from './fractions.ts';

const parse = (text: string): unknown =>
  JSON.parse(mayHideFraction(text) ? refuseHiddenFractions(text) : text);

const digit = fc.integer({ min: 0, max: 9 }).map(String);
const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.oneof(digit, fc.constant('0')), minLength, maxLength });

/** The parts of a number. Zeros are frequent, so that the exponent often makes it an integer. */
const written = fc.record({
  sign: fc.constantFrom('', '-'),
  whole: digits(1, 25).map((text) => text.replace(/^0+(?=.)/, '')),
  fraction: fc.option(digits(1, 25), { nil: '' }),
  exponent: fc.option(fc.integer({ min: -60, max: 60 }), { nil: undefined }),
  mark: fc.constantFrom('e', 'E', 'e+'),
});

test('a number is read as an integer exactly when its decimal digits are one', () => {
  fc.assert(
    fc.property(written, ({ sign, whole, fraction, exponent, mark }) => {
      const power = exponent ?? 0;
      const places = BigInt(Math.max(0, fraction.length - power));
      const isInteger = BigInt(whole + fraction) % 10n ** places === 0n;
      const shown = power < 0 ? `${mark.charAt(0)}${power}` : `${mark}${power}`;
      const number =
        sign +
        whole +
        (fraction === '' ? '' : `.${fraction}`) +
        (exponent === undefined ? '' : shown);
      const [read] = parse(`[${number}]`) as [number];
      expect([number, Number.isInteger(read)]).toEqual([number, isInteger]);
      if (isInteger) expect(read).toBe(Number(number));
    }),
    { numRuns: 20_000 },
  );
});

/** Whether an integer field accepts the number at any place in the text. */
const isTaken = (number: string): boolean =>
  [`{"a":${number}}`, `{"a":\n${number}}`, `{"a":{"b":[0,\t${number}]}}`]
    .map((text) => JSON.stringify(parse(text)))
    .every((text) => !text.includes('null'));

test.for([
  ['1.00000000000000000001', false],
  ['9007199254740991.3', false],
  ['-4503599627370497.5', false],
  ['1e-400', false],
  ['1e-99999999999999999999', false],
  ['1e3', true],
  ['1.0', true],
  ['10e-1', true],
  ['0.1E+1', true],
  ['-0.0', true],
  ['0e-99999999999999999999', true],
] as const)('%s is an integer: %s', ([number, expected]) => {
  expect(isTaken(number)).toBe(expected);
});

test('a number is read to its last digit', () => {
  const zeros = '0'.repeat(100_000);
  expect(isTaken(`1.${zeros}`)).toBe(true);
  expect(isTaken(`1.${zeros}1`)).toBe(false);
  expect(isTaken(`1${zeros}e-100000`)).toBe(true);
  expect(isTaken(`1${zeros}e-100001`)).toBe(true);
});

test('no other value is changed', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
      expect(JSON.parse(refuseHiddenFractions(text))).toEqual(JSON.parse(text));
    }),
    { numRuns: 1_000 },
  );
  const number = ': 1.00000000000000000001';
  const text = JSON.stringify({ [`\\"${number} \\`]: ['\\', `,${number}`] });
  expect(mayHideFraction(text)).toBe(true);
  expect(refuseHiddenFractions(text)).toBe(text);
});

test('ids, words and integers need no second pass', () => {
  const order = {
    userId: '1e3',
    items: [{ productId: '019e1e3e-1e3e-7e3e-8e3e-1e3e1e3e1e3e', quantity: 2 }],
    expectedTotal: 9_007_199_254_740_991,
  };
  expect(mayHideFraction(JSON.stringify(order))).toBe(false);
  expect(mayHideFraction(JSON.stringify(order, undefined, 2))).toBe(false);
});
