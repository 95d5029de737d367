import { expect, test } from 'vitest';
import { createProduct, expectStatus } from '../../test/support/api-calls.ts';
import { createClient } from '../../test/support/client.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { openStream } from '../../test/support/event-stream.ts';
import { startTestService, temporaryDirectory, tokenFor } from '../../test/support/service.ts';
import { waitUntil } from '../../test/support/wait.ts';

test('a client moves to another process when its own one stops at once', async () => {
  const directory = await temporaryDirectory();
  const environment = { DATABASE_URL: await createTestDatabase(), MOA_DATA_DIR: directory };
  const staying = await startTestService(environment);
  const leaving = await startTestService(environment);
  const shop = createClient(staying.url, await tokenFor(directory, 'service', 'shop'));
  const productId = await createProduct(shop, { price: 100, stock: 10 });
  const adjust = async (delta: number) =>
    expectStatus(
      201,
      await shop.post(`/v1/products/${productId}/stock-adjustments`, { delta, reason: 'found' }),
    );

  const stream = await openStream(leaving.url, `?products=${productId}`);
  await stream.until('stock', ({ stock }) => stock === 10);
  await adjust(1);
  await stream.until('stock', ({ stock }) => stock === 11);
  const before = performance.now();
  expect(await leaving.end('SIGTERM')).toBe(0);
  expect(performance.now() - before).toBeLessThan(5_000);
  await waitUntil(stream.isEnded, 'the end of the stream');
  await adjust(1);

  const headers = { 'last-event-id': String(stream.lastId()) };
  const resumed = await openStream(staying.url, `?products=${productId}`, headers);
  expect((await resumed.until('stock')).data).toMatchObject({ stock: 12 });
});
