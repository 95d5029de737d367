import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../test/support/service.ts';
import { runSql } from '../database.ts';
import { ask } from '../sql.ts';
import { measureGrowth } from './growth.ts';
import { openKeptServer } from './kept-server.ts';
import { readOptions } from './options.ts';
import { renderStorage } from './page.ts';
import { storagePerOrder } from './storage.ts';

const ROOT = new URL('../../', import.meta.url);
const own = () => inject('databases')[Number(process.env['VITEST_POOL_ID']) - 1]!.superuserUrl;
const noLog = (): void => undefined;

const dropAtEnd = (name: string): void =>
  onTestFinished(() => runSql(own(), `drop database if exists ${name} with (force)`));

test('a shop is filled, measured, and kept for the next run', async () => {
  const folder = await temporaryDirectory(onTestFinished);
  const name = 'moa_growth_30_5';
  dropAtEnd(name);
  const printed: string[] = [];
  const options = {
    scenarios: ['checkout-spread', 'product-read'],
    sizes: [{ orders: 30, products: 5 }],
    pace: { seconds: 0.1, rounds: 2, warmUpSeconds: 0.1, connections: [4] },
    results: folder,
    cache: folder,
  };
  await measureGrowth(options, {
    root: ROOT,
    databaseUrl: own(),
    print: (text) => printed.push(text),
    log: noLog,
    signal: new AbortController().signal,
  });
  expect(printed.join('\n')).toMatch(/\| 30 orders, 5 products \| [\d,]+ \| .* \| 1\.00 × \|/);
  const page = await readFile(join(folder, 'GROWTH.md'), 'utf8');
  expect(page).toMatch(/## checkout-spread: .*## product-read: /s);
  expect(page).not.toMatch(/\d\d\d: \d+ \|/);
  const picture = await readFile(join(folder, 'growth.svg'), 'utf8');
  expect(picture).toMatch(/^<svg .*>30 orders, 5 products<.*<\/svg>\n$/s);
  const [kept] = await ask<{ orders: number }>(
    own().replace(/[^/]*$/, name),
    'select count(*)::int as orders from orders.orders',
  );
  expect(kept?.orders).toBeGreaterThan(30);
});

test('a database is filled once, and anew when its filling failed', async () => {
  const directory = await temporaryDirectory(onTestFinished);
  const name = `kept_${randomUUID().replaceAll('-', '')}`;
  dropAtEnd(name);
  const server = await openKeptServer(directory, noLog, own());
  onTestFinished(server.stop);
  const fill = (value: number) => (url: string) =>
    runSql(url, `create table filled as select ${value} as value`);
  const failed = server.open(name, async (url) => {
    await fill(1)(url);
    throw new Error('no room');
  });
  await expect(failed).rejects.toThrow('no room');
  const url = await server.open(name, fill(2));
  await expect(server.open(name, fill(3))).resolves.toBe(url);
  expect(await ask(url, 'select value from filled')).toEqual([{ value: 2 }]);
});

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
