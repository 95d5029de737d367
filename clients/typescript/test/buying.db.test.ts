import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { readText } from '../../../test/support/repository.ts';
import { temporaryDirectory, tokenFor } from '../../../test/support/service.ts';
import { startServiceHere } from '../../../test/support/service-here.ts';
import { createMoa, type Moa, type Result } from '../src/index.ts';

const SOURCE = new URL('../src/index.ts', import.meta.url).href;

const dataOf = <Data>(result: Result<Data, { code: string }>): Data => {
  if (!result.ok) throw new Error(`a problem: ${result.problem.code}`);
  return result.data;
};

/** A service with one product and a customer, and clients of the shop and of the customer. */
const startShop = async () => {
  const directory = await temporaryDirectory();
  const databaseUrl = await createTestDatabase();
  const { url } = await startServiceHere({
    DATABASE_URL: databaseUrl,
    MOA_DATA_DIR: directory,
    MOA_SELF_CHARGE: 'on',
  });
  const token = await tokenFor(directory, 'customer', 'alice');
  const shop = createMoa({ url, token: () => tokenFor(directory, 'service', 'shop') });
  const body = { name: 'Teapot', price: 1_000, stock: 100 };
  const { productId } = dataOf(await shop.calls.post('/v1/products', { body }));
  return { url, token, shop, customer: createMoa({ url, token }), productId };
};

const ordersOf = (moa: Moa): Promise<string[]> =>
  Array.fromAsync(moa.orders({ limit: 2 }), ({ orderId }) => orderId);

test('a customer registers, charges, fills a cart and buys it; a double click buys once', async () => {
  const { shop, customer, productId } = await startShop();
  const path = { userId: 'alice' };
  const named = await shop.calls.put('/v1/users/{userId}', { path, body: { name: 'Alice' } });
  expect(dataOf(named).name).toBe('Alice');
  expect(dataOf(await customer.wallet().charge(5_000)).balance).toBe(5_000);

  const found = dataOf(await customer.products({ query: 'teapot' }).page());
  expect(found.items.map((product) => product.productId)).toEqual([productId]);
  const cart = customer.cart();
  const { version } = dataOf(await cart.add(productId, 5));
  const stale = await cart.set(productId, 3, { version: version - 1 });
  expect(stale).toMatchObject({ ok: false, problem: { code: 'cart_changed' } });
  expect(dataOf(await cart.set(productId, 2, { version })).total).toBe(2_000);

  const intent = customer.intent('checkout');
  const click = () => customer.checkout({ cart: true, expectedTotal: 2_000 }, { key: intent });
  const clicks = await Promise.all([click(), click()]);
  const [first, second] = clicks.map(dataOf);
  expect(first).toMatchObject({ status: 'paid', total: 2_000, balance: 3_000 });
  expect(second).toEqual(first);
  expect(clicks.filter((result) => result.ok && result.replayed)).toHaveLength(1);
  await intent.done();
  expect(dataOf(await customer.wallet().get()).balance).toBe(3_000);
  expect(dataOf(await cart.get()).items).toEqual([]);
  expect(await ordersOf(customer)).toEqual([first?.orderId]);
  expect(dataOf(await customer.bestSellers()).items).toMatchObject([{ productId, unitsSold: 2 }]);
});

test('orders in two steps, their list over several pages, and problems with their members', async () => {
  const { shop, customer, productId } = await startShop();
  dataOf(await customer.wallet().charge(5_000));
  const placed: string[] = [];
  for (let count = 1; count <= 5; count += 1) {
    const order = { items: [{ productId, quantity: count }] };
    placed.unshift(dataOf(await customer.placeOrder(order)).orderId);
  }
  expect(await ordersOf(customer)).toEqual(placed);
  const [dear = '', , cheap = ''] = placed;
  expect(dataOf(await customer.payOrder(cheap)).balance).toBe(2_000);
  const refused = await customer.payOrder(dear);
  if (refused.ok || refused.problem.code !== 'insufficient_balance') throw new Error('not refused');
  expect(refused.problem.required - refused.problem.balance).toBe(3_000);
  expect(dataOf(await customer.cancelOrder(dear, { reason: 'too dear' })).status).toBe('cancelled');
  expect(dataOf(await customer.order(cheap)).status).toBe('paid');
  const kinds = await Array.fromAsync(customer.wallet().entries({ limit: 1 }), ({ kind }) => kind);
  expect(kinds).toEqual(['payment', 'charge']);
  const all = shop.list('/v1/orders', { query: { status: 'paid' } });
  expect(await Array.fromAsync(all, ({ orderId }) => orderId)).toEqual([cheap]);
  expect(await customer.order('none')).toMatchObject({ ok: false, problem: { status: 400 } });
});

test('the example of the README buys something', async () => {
  const { url, token, customer } = await startShop();
  dataOf(await customer.wallet().charge(5_000));
  const readme = await readText('clients/typescript/README.md');
  const [, example = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(example).toContain("from '@moa-commerce/client'");
  const program = join(await temporaryDirectory(), 'example.mjs');
  await writeFile(program, example.replace('@moa-commerce/client', SOURCE));
  const env = { ...process.env, MOA_URL: url, MOA_TOKEN: token };
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env });
  expect(stdout).toBe('paid 2000\n');
  expect(await ordersOf(customer)).toHaveLength(1);
});
