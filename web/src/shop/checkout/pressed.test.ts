import type { Order } from '@moa-commerce/client';
import { describe, expect, test } from 'vitest';
import {
  createPresses,
  orderOfPress,
  pressedIn,
  PRESSED_MS,
  resumeOf,
  withPressed,
  type Pressed,
} from './pressed.ts';

const NOW = Date.parse('2026-01-05T09:30:00.000Z');

const line = {
  productId: 'tea',
  name: 'Tea',
  imageUrl: null,
  quantity: 2,
  price: 6_000,
  lineTotal: 12_000,
  available: 5,
  isArchived: false,
};

const press = (changes: Partial<Pressed> = {}): Pressed => ({
  slot: 'cart:alice',
  name: 'checkout:cart:alice:7',
  order: { cart: true, expectedTotal: 12_000 },
  lines: [line],
  at: NOW,
  ...changes,
});

const order = (changes: Partial<Order> = {}): Order => ({
  orderId: 'order',
  userId: 'alice',
  status: 'paid',
  items: [
    {
      productId: 'tea',
      name: 'Tea',
      quantity: 2,
      unitPrice: 6_000,
      lineTotal: 12_000,
      refundedQuantity: 0,
    },
  ],
  total: 12_000,
  refundedTotal: 0,
  currency: 'KRW',
  createdAt: '2026-01-05T09:30:01.000Z',
  expiresAt: null,
  paidAt: '2026-01-05T09:30:01.000Z',
  metadata: {},
  ...changes,
});

describe('a press after a reload', () => {
  test('is sent again while the cart is the one that was pressed', () => {
    expect(resumeOf(press(), { name: 'checkout:cart:alice:7', lines: 1 })).toBe('send');
  });

  test('is sent again when the cart is empty, because the press may have paid it', () => {
    expect(resumeOf(press(), { name: 'checkout:cart:alice:8', lines: 0 })).toBe('send');
  });

  test('is looked for, not sent, when the cart holds something else', () => {
    expect(resumeOf(press(), { name: 'checkout:cart:alice:9', lines: 1 })).toBe('look');
  });

  test('says that it is paid when it became an order', () => {
    const paid = press({ orderId: 'order' });
    expect(resumeOf(paid, { name: 'checkout:cart:alice:7', lines: 1 })).toBe('paid');
  });

  test('is nothing where nothing was pressed', () => {
    expect(resumeOf(undefined, { name: 'checkout:cart:alice:7', lines: 1 })).toBe('nothing');
  });
});

describe('presses that are kept', () => {
  test('end after five minutes, unless they became an order', () => {
    const kept = [press(), press({ slot: 'product:alice:1', orderId: 'order' })];
    expect(pressedIn(kept, 'cart:alice', NOW + PRESSED_MS - 1)).toBe(kept[0]);
    expect(pressedIn(kept, 'cart:alice', NOW + PRESSED_MS)).toBeUndefined();
    expect(pressedIn(kept, 'product:alice:1', NOW + PRESSED_MS)).toBe(kept[1]);
  });

  test('of the future end at once: the clock was set back', () => {
    expect(pressedIn([press({ at: NOW + 1 })], 'cart:alice', NOW)).toBeUndefined();
  });

  test('have one place for each cart', () => {
    const later = press({ name: 'checkout:cart:alice:8' });
    expect(withPressed([press()], later, NOW)).toStrictEqual([later]);
  });

  test('are at most 20 paid ones and those that are open', () => {
    let kept: readonly Pressed[] = [press()];
    for (let index = 0; index < 30; index += 1)
      kept = withPressed(kept, press({ slot: `product:alice:${index}`, orderId: 'o' }), NOW);
    expect(kept.filter(({ orderId }) => orderId !== undefined)).toHaveLength(20);
    expect(kept.at(-1)?.slot).toBe('product:alice:29');
    expect(pressedIn(kept, 'cart:alice', NOW)).toBeDefined();
  });

  test('survive in the storage and are none when it holds something else', () => {
    const values = new Map<string, string>();
    const presses = createPresses({
      getItem: (name) => values.get(name) ?? null,
      setItem: (name, value) => void values.set(name, value),
    });
    presses.keep(press(), NOW);
    expect(presses.find('cart:alice', NOW)).toStrictEqual(press());
    presses.forget('cart:alice');
    expect(presses.find('cart:alice', NOW)).toBeUndefined();
    values.set('moa:pressed', 'nonsense');
    expect(presses.find('cart:alice', NOW)).toBeUndefined();
    values.set('moa:pressed', '{"slot":"cart:alice"}');
    expect(presses.find('cart:alice', NOW)).toBeUndefined();
  });
});

describe('the order of a press', () => {
  test('has its lines, was paid after it and cost no more', () => {
    expect(orderOfPress(press(), [order()])?.orderId).toBe('order');
    expect(orderOfPress(press(), [order({ total: 11_000 })])?.orderId).toBe('order');
  });

  test('is none of another amount, time, status or content', () => {
    const [item] = order().items;
    const others = [
      order({ total: 12_001 }),
      order({ paidAt: '2026-01-05T09:00:00.000Z' }),
      order({ status: 'pending', paidAt: null }),
      order({ items: [] }),
      order({ items: [{ ...item!, quantity: 1 }] }),
      order({ items: [{ ...item!, productId: 'mug' }] }),
    ];
    expect(orderOfPress(press(), others)).toBeUndefined();
  });
});
