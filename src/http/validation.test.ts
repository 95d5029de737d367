import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { named } from '../contract/index.ts';
import { createValidatorCompiler, inputErrors } from './validation.ts';

const Body = Type.Union([
  named('Items', {
    userId: Type.String(),
    items: Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1 }),
    expectedTotal: Type.Optional(Type.Integer()),
  }),
  named('Cart', {
    userId: Type.String(),
    cart: Type.Literal(true),
    expectedTotal: Type.Optional(Type.Integer()),
  }),
]);

const validate = createValidatorCompiler()({ schema: Body, httpPart: 'body' });

const errorsOf = (body: unknown): Record<string, string> => {
  if (validate(body)) return {};
  const errors = inputErrors('body', validate.errors ?? []);
  return Object.fromEntries(errors.map(({ pointer, message }) => [pointer, message]));
};

test('a body may be any one of several objects', () => {
  expect(errorsOf({ userId: 'a', items: [1] })).toEqual({});
  expect(errorsOf({ userId: 'a', cart: true, expectedTotal: 1 })).toEqual({});
});

test('a body with the fields of two objects or of none is told so', () => {
  expect(errorsOf({ userId: 'a', items: [1], cart: true })).toEqual({
    '': 'must have only one of the fields items, cart',
  });
  expect(errorsOf({ userId: 'a' })).toEqual({ '': 'must have one of the fields items, cart' });
  expect(errorsOf({ userId: 1, expectedTotal: 'x' })).toEqual({
    '': 'must have one of the fields items, cart',
    '/userId': 'must be string',
    '/expectedTotal': 'must be integer',
  });
});

test('a body is compared with the object whose field it has', () => {
  expect(errorsOf({ userId: 'a', items: [0] })).toEqual({ '/items/0': 'must be >= 1' });
  expect(errorsOf({ cart: false, extra: 1 })).toEqual({
    '/cart': 'must be equal to constant',
    '/userId': 'is missing',
    '/extra': 'is not a field of this request',
  });
});

test('a body that is no object is told so once', () => {
  for (const body of [null, [], 'x', 1]) expect(errorsOf(body)).toEqual({ '': 'must be object' });
});
