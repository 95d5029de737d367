import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleSeeded } from '../../test/support/seed.ts';
import { createWindow, type Sales } from './window.ts';

const sold = (productId: string, units: number, revenue: number, orders = 1): Sales => ({
  productId,
  units,
  revenue: BigInt(revenue),
  orders,
});

const idsOf = (sales: readonly Sales[]): string[] => sales.map(({ productId }) => productId);

test('the order is by units, then revenue, then id', () => {
  const window = createWindow();
  window.change([sold('d', 5, 10), sold('c', 5, 20), sold('b', 5, 20), sold('a', 1, 99)]);
  window.change([sold('e', 6, 1)]);
  expect(idsOf(window.top(10))).toEqual(['e', 'b', 'c', 'd', 'a']);
  expect(idsOf(window.top(3))).toEqual(['e', 'b', 'c']);
});

test('revenues beyond the safe integers are compared exactly', () => {
  const window = createWindow();
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  const rich = (productId: string, revenue: bigint): Sales => ({
    ...sold(productId, 1, 0),
    revenue,
  });
  window.change([rich('a', most * 2n), rich('b', most * 2n + 1n)]);
  expect(idsOf(window.top(2))).toEqual(['b', 'a']);
});

test('a product whose sales were all refunded is not listed and takes no memory', () => {
  const window = createWindow();
  window.change([sold('a', 3, 30), sold('b', 1, 10)]);
  window.change([sold('a', -1, -10, 0)]);
  expect(window.top(5)).toEqual([sold('a', 2, 20), sold('b', 1, 10)]);
  window.change([sold('a', -2, -20, -1)]);
  expect(idsOf(window.top(5))).toEqual(['b']);
  expect(window.size()).toBe(1);
});

const change = fc.record({
  productId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'),
  units: fc.integer({ min: -3, max: 4 }),
  revenue: fc.bigInt({ min: -2n, max: 3n }),
  orders: fc.integer({ min: -1, max: 1 }),
});

test('after any changes, the top equals a sort of all sums', () => {
  const limits = fc.integer({ min: 1, max: 12 });
  const histories = fc.tuple(fc.array(change, { maxLength: 60 }), limits);
  for (const [changes, limit] of sampleSeeded('window', histories, 500)) {
    const window = createWindow();
    window.change(changes);
    const sums = [...Map.groupBy(changes, ({ productId }) => productId)].map(([id, of]) => ({
      productId: id,
      units: of.reduce((sum, { units }) => sum + units, 0),
      revenue: of.reduce((sum, { revenue }) => sum + revenue, 0n),
      orders: of.reduce((sum, { orders }) => sum + orders, 0),
    }));
    const expected = sums
      .filter(({ units }) => units > 0)
      .sort(
        (a, b) =>
          b.units - a.units ||
          Number(b.revenue - a.revenue) ||
          (a.productId < b.productId ? -1 : 1),
      );
    expect(window.top(limit)).toEqual(expected.slice(0, limit));
  }
});
