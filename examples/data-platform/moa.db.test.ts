import { beforeEach, expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { startServices } from '../../test/support/services.ts';
import { createProduct, expectStatus, registerUsers } from '../../test/support/api-calls.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { needsDuckdb, startPlatform } from '../test-process.ts';
import { newSecret } from '../test-sender.ts';
import type { Report } from './report.ts';

beforeEach(needsDuckdb);

test('the report has the payments and refunds of Moa', async () => {
  const secret = newSecret();
  const platform = await startPlatform({ MOA_WEBHOOK_SECRET: secret });
  const [client] = await startServices(await createTestDatabase(), 1, {
    MOA_WEBHOOK_URL: `${platform.url}/events`,
    MOA_WEBHOOK_SECRET: secret,
    MOA_WEBHOOK_ALLOW_PRIVATE: 'on',
  });

  const [userId] = await registerUsers(client, 1, 10_000);
  const productId = await createProduct(client, { price: 100, stock: 50 });
  const items = [{ productId, quantity: 3 }];
  const orders = await Promise.all(
    Array.from({ length: 10 }, () => client.post('/v1/checkout', { userId, items })),
  );
  const orderId = String(expectStatus(201, orders[0]!).body['orderId']);
  const part = { items: [{ productId, quantity: 1 }] };
  expectStatus(201, await client.post(`/v1/orders/${orderId}/refunds`, part));

  const read = async () => (await (await fetch(`${platform.url}/report`)).json()) as Report;
  await waitUntil(async () => (await read()).totals.refunds === 1, 'the refund');
  const { totals, products, currency } = await read();
  // A charge, a product, ten orders and a refund.
  expect(totals).toEqual({ events: 13, orders: 10, refunds: 1, revenue: 2_900 });
  expect(products).toEqual([{ productId, name: 'Mug', units: 29, revenue: 2_900 }]);
  expect(currency).toBe('KRW');
});
