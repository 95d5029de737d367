import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { Amount, Balance, Metadata, UserId, Uuid, strictObject } from './schemas.ts';

test('an amount is a whole number from 1 to the largest safe integer', () => {
  for (const amount of [1, 15_000, 2 ** 53 - 1]) expect(Value.Check(Amount, amount)).toBe(true);
  for (const amount of [0, -1, 1.5, 2 ** 53, Infinity, NaN, '1', null, [1], true]) {
    expect(Value.Check(Amount, amount)).toBe(false);
  }
  expect(Value.Check(Balance, 0)).toBe(true);
  expect(Value.Check(Balance, -1)).toBe(false);
});

test('a user id is 1 to 64 letters, digits, "_" or "-"', () => {
  for (const id of ['a', 'Alice_01-x', '-', 'x'.repeat(64)]) {
    expect(Value.Check(UserId, id)).toBe(true);
  }
  for (const id of ['', 'x'.repeat(65), 'a b', 'a/b', 'a.b', 'é', 'a\n', '\u0000', 1, null]) {
    expect(Value.Check(UserId, id)).toBe(false);
  }
});

test('a UUID has one spelling', () => {
  const id = '01980000-0000-7000-8000-00000000abcd';
  expect(Value.Check(Uuid, id)).toBe(true);
  for (const other of [id.toUpperCase(), id.replaceAll('-', ''), `{${id}}`, `${id}\n`, ` ${id}`]) {
    expect(Value.Check(Uuid, other)).toBe(false);
  }
});

test('an object rejects unknown fields', () => {
  const schema = strictObject({ amount: Amount });
  expect(Value.Check(schema, { amount: 1 })).toBe(true);
  for (const value of [{ amount: 1, Amount: 1 }, {}, [], null]) {
    expect(Value.Check(schema, value)).toBe(false);
  }
});

test('metadata is at most 20 texts of 500 characters under names of 1 to 40', () => {
  const entries = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`name ${n}`, 'x'.repeat(500)]));
  for (const metadata of [{}, { a: '' }, { ['k'.repeat(40)]: '한 🍎' }, entries(20)]) {
    expect(Value.Check(Metadata, metadata)).toBe(true);
  }
  const wrong = [{ '': 'x' }, { ['k'.repeat(41)]: 'x' }, { a: 'x'.repeat(501) }, entries(21)];
  for (const metadata of [...wrong, { a: 1 }, { a: null }, { a: {} }, ['a'], 'a', null]) {
    expect(Value.Check(Metadata, metadata)).toBe(false);
  }
});
