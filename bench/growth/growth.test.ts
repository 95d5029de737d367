import { expect, test } from 'vitest';
import { readOptions } from './options.ts';
import { renderStorage } from './page.ts';
import { storagePerOrder } from './storage.ts';

test('each number of orders is measured with each number of products', () => {
  expect(readOptions(['--orders', '10,20', '--products', '1,2'])?.sizes).toEqual([
    { orders: 10, products: 1 },
    { orders: 10, products: 2 },
    { orders: 20, products: 1 },
    { orders: 20, products: 2 },
  ]);
});

test('only a run without options replaces the kept results', () => {
  expect(readOptions([])?.results).toMatch(/bench\/results$/);
  expect(readOptions(['--seconds', '1'])?.results).toBeUndefined();
});

test.each([
  [['--orders', '10,'], '--orders takes whole numbers from 1'],
  [['--products', '0'], '--products takes whole numbers from 1'],
  [['--rounds', 'two'], '--rounds takes whole numbers from 1'],
  [['no-such-scenario'], 'there is no scenario no-such-scenario'],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

test('the storage of an order is what two shops differ by, without tables that do not grow', () => {
  const storage = storagePerOrder(
    {
      size: { orders: 100, products: 5 },
      tables: [
        { name: 'orders.orders', table: 10_000, indexes: 1_000 },
        { name: 'catalog.products', table: 8_192, indexes: 8_192 },
      ],
    },
    {
      size: { orders: 1_100, products: 5 },
      tables: [
        { name: 'catalog.products', table: 8_192, indexes: 8_192 },
        { name: 'report.sales', table: 50_000, indexes: 0 },
        { name: 'orders.orders', table: 510_000, indexes: 101_000 },
      ],
    },
  );
  expect(storage).toEqual([
    { name: 'orders.orders', table: 500, indexes: 100 },
    { name: 'report.sales', table: 50, indexes: 0 },
  ]);
  expect(renderStorage(storage)).toContain('| **all** | 550 | 100 | 650 |');
});
