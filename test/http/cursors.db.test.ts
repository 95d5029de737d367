import { expect, test } from 'vitest';
import { expectStatus } from '../support/api-calls.ts';
import { createClient } from '../support/client.ts';
import { startRealServer } from './real-server.ts';

test('a list rejects the cursors of other lists, of another order and of another owner', async () => {
  const { url, bearer, known } = await startRealServer();
  const shop = createClient(url, (await bearer('service', 'shop')).slice('Bearer '.length));
  const productId = String(known['productId']);
  await shop.post('/v1/products', { name: 'Cup', price: 1, stock: 1 });
  for (const userId of ['alice', 'bob']) {
    await shop.put(`/v1/users/${userId}`, {});
    for (const amount of [1_000, 2_000]) {
      await shop.post(`/v1/users/${userId}/wallet/charges`, { amount });
      const items = [{ productId, quantity: 1 }];
      expectStatus(201, await shop.post('/v1/checkout', { userId, items }));
    }
  }
  const lists = [
    ...['name', 'price', '-price', 'newest'].map((sort) => `/v1/products?limit=1&sort=${sort}`),
    '/v1/users?limit=1',
    '/v1/orders?limit=1',
    '/v1/users/alice/orders?limit=1',
    '/v1/users/bob/orders?limit=1',
    '/v1/users/alice/wallet/entries?limit=1',
    '/v1/users/bob/wallet/entries?limit=1',
    '/v1/events?limit=1',
    `/v1/products/${productId}/movements?limit=1`,
  ];
  const cursors = new Map<string, string>();
  for (const list of lists) {
    const { body } = expectStatus(200, await shop.get(list));
    expect([list, body['nextCursor']]).toEqual([list, expect.any(String)]);
    cursors.set(list, String(body['nextCursor']));
  }
  for (const [from, cursor] of cursors) {
    for (const list of lists) {
      const { status } = await shop.get(`${list}&cursor=${cursor}`);
      expect([from, list, status]).toEqual([from, list, from === list ? 200 : 400]);
    }
  }
});
