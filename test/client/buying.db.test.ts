import createClient from 'openapi-fetch';
import { expect, test } from 'vitest';
import type { paths } from '../../clients/typescript/src/openapi.gen.ts';
import { startRealServer } from '../http/real-server.ts';

test('a client with generated types charges a wallet, fills a cart and buys it', async () => {
  const { url, bearer } = await startRealServer();
  const authorization = await bearer('service', 'shop');
  const client = createClient<paths>({ baseUrl: url, headers: { authorization } });
  const path = { userId: 'bob' };
  const keyed = (key: string) => ({ 'Idempotency-Key': key });

  await client.PUT('/v1/users/{userId}', { params: { path }, body: { name: 'Bob' } });
  const charge = await client.POST('/v1/users/{userId}/wallet/charges', {
    params: { path, header: keyed('charge') },
    body: { amount: 50_000 },
  });
  expect(charge.data?.balance).toBe(50_000);

  const made = { name: 'Teapot', price: 20_000, stock: 3 };
  const { data: product } = await client.POST('/v1/products', { body: made });
  const { data: listed } = await client.GET('/v1/products', {
    params: { query: { query: 'teapot' } },
  });
  expect(listed?.items).toEqual([product]);

  const { productId } = product!;
  const put = { params: { path }, body: { productId, quantity: 2 } };
  const { data: cart } = await client.POST('/v1/users/{userId}/cart/items', put);
  expect(cart?.total).toBe(40_000);

  const buy = (key: string) =>
    client.POST('/v1/checkout', {
      params: { header: keyed(key) },
      body: { userId: 'bob', cart: true, expectedTotal: 40_000 },
    });
  const bought = await buy('first');
  expect(bought.data).toMatchObject({ status: 'paid', total: 40_000, balance: 10_000 });
  const again = await buy('first');
  expect(again.data).toEqual(bought.data);
  expect(again.response.headers.get('idempotency-replayed')).toBe('true');

  const { error } = await client.POST('/v1/checkout', {
    params: { header: keyed('second') },
    body: { userId: 'bob', items: [{ productId, quantity: 1 }] },
  });
  if (error?.code !== 'insufficient_balance') throw new Error(`unexpected: ${error?.code}`);
  expect(error.required - error.balance).toBe(10_000);
});
