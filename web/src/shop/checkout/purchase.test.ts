import type { Cart } from '@moa-commerce/client';
import { expect, test } from 'vitest';
import {
  blockedOf,
  contentOf,
  linesOfCart,
  nameOf,
  orderOf,
  risenSince,
  seenOf,
  slotOf,
  totalOf,
  type CheckoutLine,
} from './purchase.ts';

const line = (changes: Partial<CheckoutLine> = {}): CheckoutLine => ({
  productId: 'tea',
  name: 'Tea',
  imageUrl: null,
  quantity: 2,
  price: 6_000,
  lineTotal: 12_000,
  available: 5,
  isArchived: false,
  ...changes,
});

const cart = { from: 'cart', userId: 'alice', version: 7 } as const;
const product = {
  from: 'product',
  userId: 'alice',
  intent: 'a1',
  productId: 'tea',
  quantity: 2,
} as const;

test('two tabs with the same version of a cart name the same purchase', () => {
  expect(nameOf(cart)).toBe(nameOf({ ...cart }));
  expect(nameOf(cart)).not.toBe(nameOf({ ...cart, version: 8 }));
  expect(slotOf(cart)).toBe(slotOf({ ...cart, version: 8 }));
});

test('two purchases of one product have names of their own', () => {
  expect(nameOf(product)).not.toBe(nameOf({ ...product, intent: 'a2' }));
  expect(slotOf(product)).not.toBe(slotOf({ ...product, intent: 'a2' }));
});

test('every request has the total that was seen, and whose page it is', () => {
  expect(orderOf(cart, 12_000)).toStrictEqual({
    userId: 'alice',
    cart: true,
    expectedTotal: 12_000,
  });
  expect(orderOf(product, 12_000)).toStrictEqual({
    userId: 'alice',
    items: [{ productId: 'tea', quantity: 2 }],
    expectedTotal: 12_000,
  });
});

test('a line is blocked when less is left than is bought', () => {
  const lines = [line(), line({ productId: 'mug', available: 1 })];
  expect(blockedOf(lines).map(({ productId }) => productId)).toStrictEqual(['mug']);
  expect(totalOf(lines)).toBe(24_000);
});

test('lines that cost more than what was seen have risen, new ones included', () => {
  const seen = seenOf([line(), line({ productId: 'mug' }), line({ productId: 'pen' })]);
  const now = [
    line({ lineTotal: 13_000 }),
    line({ productId: 'mug' }),
    line({ productId: 'pen', lineTotal: 11_000 }),
    line({ productId: 'cup', lineTotal: 1 }),
  ];
  expect([...risenSince(seen, now)]).toStrictEqual(['tea', 'cup']);
});

test('a new price leaves the content as it is, a new quantity does not', () => {
  expect(contentOf([line({ price: 1, available: 0 })])).toBe(contentOf([line()]));
  expect(contentOf([line({ quantity: 1 })])).not.toBe(contentOf([line()]));
  expect(contentOf([])).not.toBe(contentOf([line()]));
});

test('of an archived product nothing can be bought, whatever is in stock', () => {
  const item: Cart['items'][number] = {
    ...line(),
    priceWhenAdded: 6_000,
    stock: 5,
    status: 'archived',
    addedAt: '2026-01-05T09:30:00.000Z',
  };
  const of = (status: typeof item.status) =>
    linesOfCart({
      userId: 'alice',
      version: 7,
      items: [{ ...item, status }],
      total: 12_000,
      currency: 'KRW',
      purchasable: false,
    })[0];
  expect(of('archived')).toMatchObject({ available: 0, isArchived: true });
  expect(of('price_changed')).toMatchObject({ available: 5, isArchived: false });
});
