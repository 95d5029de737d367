import { describe, expect, test } from 'vitest';
import { AMOUNT_MAX } from '../contract/index.ts';
import type { CartLine } from './tables.ts';
import { viewCart, type CartProduct } from './view.ts';

const ADDED_AT = new Date('2026-11-23T10:00:00.000Z');
const TEA: CartProduct = {
  productId: 'tea',
  name: 'Tea',
  imageUrl: '/tea.png',
  price: 300,
  status: 'active',
  onHand: 10,
  reserved: 4,
};
const TWO_TEAS: CartLine = {
  productId: 'tea',
  quantity: 2,
  priceWhenAdded: 300,
  addedAt: ADDED_AT,
};

const view = (lines: readonly CartLine[], products: readonly CartProduct[]) =>
  viewCart({ userId: 'alice', version: 7, lines }, products, 'USD');

test('a cart shows its lines in order, with current prices and stock', () => {
  const cup = { ...TEA, productId: 'cup', name: 'Cup', imageUrl: null, price: 1_000, reserved: 0 };
  const oneCup = { ...TWO_TEAS, productId: 'cup', quantity: 1, priceWhenAdded: 900 };
  expect(view([oneCup, TWO_TEAS], [TEA, cup])).toEqual({
    userId: 'alice',
    version: 7,
    items: [
      {
        productId: 'cup',
        name: 'Cup',
        imageUrl: null,
        quantity: 1,
        price: 1_000,
        priceWhenAdded: 900,
        stock: 10,
        status: 'price_changed',
        lineTotal: 1_000,
        addedAt: ADDED_AT,
      },
      {
        productId: 'tea',
        name: 'Tea',
        imageUrl: '/tea.png',
        quantity: 2,
        price: 300,
        priceWhenAdded: 300,
        stock: 6,
        status: 'ok',
        lineTotal: 600,
        addedAt: ADDED_AT,
      },
    ],
    total: 1_600,
    currency: 'USD',
    purchasable: true,
  });
});

test('an empty cart costs nothing and cannot be bought', () => {
  expect(view([], [])).toEqual({
    userId: 'alice',
    version: 7,
    items: [],
    total: 0,
    currency: 'USD',
    purchasable: false,
  });
});

describe('the statuses of a line, in order', () => {
  test.for([
    ['archived', { status: 'archived', onHand: 5, price: 299 }],
    ['archived', { status: 'archived' }],
    ['insufficient_stock', { onHand: 5, price: 299 }],
    ['insufficient_stock', { onHand: 4 }],
    ['price_changed', { price: 299, onHand: 6 }],
    ['price_changed', { price: 301 }],
    ['ok', { onHand: 6 }],
  ] as const)('%s: %j', ([status, change]) => {
    const cart = view([TWO_TEAS], [{ ...TEA, ...change }]);
    expect(cart.items).toMatchObject([{ status, quantity: 2 }]);
    expect(cart.total).toBe(2 * cart.items[0]!.price);
    expect(cart.purchasable).toBe(status === 'ok' || status === 'price_changed');
  });
});

test('a cart with one line that cannot be bought is not purchasable', () => {
  const cup = { ...TEA, productId: 'cup', status: 'archived' } as const;
  const oneCup = { ...TWO_TEAS, productId: 'cup' };
  for (const lines of [
    [TWO_TEAS, oneCup],
    [oneCup, TWO_TEAS],
  ]) {
    expect(view(lines, [TEA, cup])).toMatchObject({ total: 1_200, purchasable: false });
  }
});

describe('an amount beyond the safe integers is shown as the largest amount', () => {
  const THIRD = Math.floor(AMOUNT_MAX / 3);
  const dear = (productId: string, price: number): CartProduct => ({ ...TEA, productId, price });
  const line = (productId: string, quantity: number, priceWhenAdded: number): CartLine => ({
    ...TWO_TEAS,
    productId,
    quantity,
    priceWhenAdded,
  });

  test('the largest line and the largest total are exact and can be bought', () => {
    const one = view([line('a', 1, AMOUNT_MAX)], [dear('a', AMOUNT_MAX)]);
    expect(one).toMatchObject({ items: [{ lineTotal: AMOUNT_MAX }], total: AMOUNT_MAX });
    expect(one.purchasable).toBe(true);
    const rest = AMOUNT_MAX - 2 * THIRD;
    const two = view(
      [line('a', 2, THIRD), line('b', 1, rest)],
      [dear('a', THIRD), dear('b', rest)],
    );
    expect(two).toMatchObject({ total: AMOUNT_MAX, purchasable: true });
  });

  test('a line above it', () => {
    const products = [{ ...dear('a', THIRD + 1), onHand: 999 }];
    expect(view([line('a', 3, THIRD + 1)], products)).toMatchObject({
      items: [{ status: 'total_limit_exceeded', lineTotal: AMOUNT_MAX }],
      total: AMOUNT_MAX,
      purchasable: false,
    });
    expect(view([line('a', 999, THIRD)], products).total).toBe(AMOUNT_MAX);
  });

  test('lines whose sum is above it', () => {
    const cart = view(
      [line('a', 1, AMOUNT_MAX), line('b', 1, 1)],
      [dear('a', AMOUNT_MAX), dear('b', 1)],
    );
    expect(cart.items.map(({ lineTotal }) => lineTotal)).toEqual([AMOUNT_MAX, 1]);
    expect(cart).toMatchObject({ total: AMOUNT_MAX, purchasable: false });
  });
});

test('a line without its product is a fault', () => {
  expect(() => view([TWO_TEAS], [])).toThrow('product tea does not exist');
});
