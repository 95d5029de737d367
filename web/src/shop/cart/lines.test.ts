import type { Cart } from '@moa-commerce/client';
import { expect, test } from 'vitest';
import {
  cartWithStock,
  obstacleOf,
  priceRiseOf,
  splitCart,
  withQuantities,
  type CartLine,
} from './lines.ts';

const lineOf = (changes: Partial<CartLine>): CartLine => ({
  productId: 'a',
  name: '약과',
  imageUrl: null,
  quantity: 2,
  price: 2_500,
  priceWhenAdded: 2_500,
  stock: 10,
  status: 'ok',
  lineTotal: 5_000,
  addedAt: '2026-01-01T00:00:00.000Z',
  ...changes,
});

const cartOf = (...items: CartLine[]): Cart => ({
  userId: 'demo',
  version: 3,
  items,
  total: items.reduce((sum, { lineTotal }) => sum + lineTotal, 0),
  currency: 'KRW',
  purchasable: true,
});

test('a line says what stands in the way of buying it', () => {
  const obstacles = [
    lineOf({}),
    lineOf({ status: 'price_changed' }),
    lineOf({ status: 'insufficient_stock', stock: 1 }),
    lineOf({ status: 'insufficient_stock', stock: 0 }),
    lineOf({ status: 'archived', stock: 0 }),
    lineOf({ status: 'total_limit_exceeded' }),
  ].map(obstacleOf);
  expect(obstacles).toEqual([undefined, undefined, 'short', 'sold_out', 'archived', 'too_much']);
});

test('a line says how much its price rose or fell', () => {
  expect(priceRiseOf(lineOf({ price: 3_000 }))).toBe(500);
  expect(priceRiseOf(lineOf({ price: 2_000 }))).toBe(-500);
});

test('what cannot be bought does not count in the total', () => {
  const gone = lineOf({ productId: 'b', status: 'archived' });
  const { buyable, blocked, total } = splitCart([lineOf({}), gone]);
  expect(buyable.map(({ productId }) => productId)).toEqual(['a']);
  expect(blocked).toEqual([gone]);
  expect(total).toBe(5_000);
});

test('a chosen quantity changes the line, the total and what can be bought', () => {
  const cart = cartOf(lineOf({}), lineOf({ productId: 'b', quantity: 1, lineTotal: 2_500 }));
  expect(withQuantities(cart, { a: 3 })).toMatchObject({
    items: [{ quantity: 3, lineTotal: 7_500, status: 'ok' }, { quantity: 1 }],
    total: 10_000,
    purchasable: true,
  });
  expect(withQuantities(cart, { a: 11 })).toMatchObject({
    items: [{ status: 'insufficient_stock' }, { status: 'ok' }],
    purchasable: false,
  });
});

test('an archived line stays archived whatever its quantity', () => {
  const cart = withQuantities(cartOf(lineOf({ status: 'archived' })), { a: 1 });
  expect(cart.items[0]?.status).toBe('archived');
});

test('current stock and price change the lines of that product alone', () => {
  const cart = cartOf(lineOf({}), lineOf({ productId: 'b' }));
  const state = { productId: 'a', stock: 1, price: 3_000, status: 'active' } as const;
  const changed = cartWithStock(cart, state);
  expect(changed.items[0]).toMatchObject({ stock: 1, price: 3_000, status: 'insufficient_stock' });
  expect(changed.items[1]).toBe(cart.items[1]);
  expect(cartWithStock(cart, { ...state, productId: 'c' })).toBe(cart);
  expect(cartWithStock(cart, { ...state, status: 'archived' }).items[0]?.status).toBe('archived');
});
