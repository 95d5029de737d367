import { expect, test } from 'vitest';
import { checkHistory } from './checker.ts';
import {
  cancel,
  charge,
  checkOut,
  pay,
  place,
  readOrder,
  readProduct,
  readWallet,
  refund,
  withOrder,
  type Body,
  type Request,
} from './requests.ts';
import { createShopModels, type Operation } from './shop.ts';

const line = { userId: 'alice', productId: 'mug', quantity: 2 };
const order = { ...line, orderId: 'o1' };
const STOCKS = new Map([['mug', 10]]);

/** An operation with an answer, or without one. */
const at = (
  called: number,
  answered: number | undefined,
  request: Request,
  status = 0,
  body: object = {},
): Operation => ({
  called,
  answered,
  request,
  answer: answered === undefined ? undefined : { status, body: body as Body },
});

const charged = at(0, 1, charge('alice', 1_000, 2_000), 201, { balance: 1_000 });
const balance = (time: number, value: number): Operation =>
  at(time, time + 0.5, readWallet('alice'), 200, { balance: value });
const stock = (time: number, value: number): Operation =>
  at(time, time + 0.5, readProduct('mug'), 200, { stock: value });

const isLinearizable = (...history: Operation[]) => {
  const { byKey, whole } = createShopModels(history, STOCKS);
  const keys = byKey.map(({ history: part, model }) => checkHistory(part, model).kind);
  return {
    byKey: keys.every((kind) => kind === 'linearizable'),
    whole: checkHistory(history, whole).kind === 'linearizable',
  };
};
const YES = { byKey: true, whole: true };
const NO = { byKey: false, whole: false };

test('a checkout takes effect on wallet and stock at once, which only the whole shop shows', () => {
  const checkout = at(2, 9, withOrder(checkOut(line), 'o1', 'paid'), 201, { balance: 800 });
  expect(isLinearizable(charged, checkout, stock(3, 10), balance(4, 800))).toEqual(YES);
  expect(isLinearizable(charged, checkout, balance(3, 800), stock(4, 8))).toEqual(YES);
  const torn = isLinearizable(charged, checkout, balance(3, 800), stock(4, 10));
  expect(torn).toEqual({ byKey: true, whole: false });
});

test('a lost checkout has its effect once or never', () => {
  const lost = at(2, undefined, checkOut(line));
  expect(isLinearizable(charged, lost, balance(3, 1_000), stock(4, 10))).toEqual(YES);
  expect(isLinearizable(charged, lost, balance(3, 1_000), stock(4, 8), balance(5, 800))).toEqual(
    YES,
  );
  expect(isLinearizable(charged, lost, balance(3, 600))).toEqual(NO);
  expect(isLinearizable(charged, lost, balance(3, 800), balance(4, 1_000))).toEqual(NO);
});

test('a refusal tells a value that refuses', () => {
  const refused = (available: number): Operation =>
    at(2, 3, checkOut({ ...line, quantity: 11 }), 409, {
      code: 'insufficient_stock',
      items: [{ available }],
    });
  expect(isLinearizable(charged, refused(10))).toEqual(YES);
  expect(isLinearizable(charged, refused(9))).toEqual(NO);
  const poor = at(2, 3, checkOut(line), 409, { code: 'insufficient_balance', balance: 1_000 });
  expect(isLinearizable(charged, poor)).toEqual(NO);
  const strange = at(2, 3, checkOut(line), 500, { code: 'internal' });
  expect(() => isLinearizable(charged, strange)).toThrow('/v1/checkout answered');
});

test('an order is paid or cancelled once, and refunded once', () => {
  const placed = at(2, 3, withOrder(place(line), 'o1', 'pending'), 201, { status: 'pending' });
  const paid = at(4, 9, pay(order), 201, { status: 'paid', balance: 800 });
  const cancelled = at(4, 9, cancel(order), 201, { status: 'cancelled' });
  const refunded = (time: number): Operation => at(time, time + 1, refund(order), 201);
  const read = at(5, 6, readOrder(order), 200, { status: 'paid' });
  expect(isLinearizable(charged, placed, paid, read, stock(10, 8))).toEqual(YES);
  expect(isLinearizable(charged, placed, paid, cancelled)).toEqual(NO);
  expect(isLinearizable(charged, placed, cancelled, stock(10, 10))).toEqual(YES);
  const history = [charged, placed, paid, refunded(10), balance(12, 1_000), stock(13, 10)];
  expect(isLinearizable(...history)).toEqual(YES);
  expect(isLinearizable(...history, refunded(14))).toEqual(NO);
});
