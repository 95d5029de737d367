import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { openDeliveryShop } from '../../../test/support/delivery-shop.ts';
import { waitUntil } from '../../../test/support/wait.ts';
import { startAuditorThread } from './auditor-thread.ts';
import { checkSnapshot } from './step.ts';
import { createTouched } from './touched.ts';

test('an audit without memory left is a fault, and the process goes on', async () => {
  const shop = await openDeliveryShop();
  const faults: unknown[] = [];
  const auditor = startAuditorThread(shop.url, {
    everyMs: 1_000,
    scrubMs: 1_000,
    // The modules alone need more.
    memoryMaxMb: 8,
    onRound: () => undefined,
    onFault: (error) => faults.push(error),
  });
  onTestFinished(auditor.stop);
  await waitUntil(() => faults.length > 0, 'the fault');
  expect(String(faults[0])).toMatch(/memory/i);
  await auditor.stop();
  expect(await shop.buy(1)).toHaveLength(1);
});

test('a step has fewer events when they are large', async () => {
  const shop = await openDeliveryShop();
  const metadata = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`name ${index}`, '상'.repeat(500)]),
  );
  for (let count = 0; count < 6; count++) {
    await shop.ask('createProduct', { body: { name: 'Mug', price: 1, stock: 1, metadata } });
  }
  const client = new Client({ connectionString: shop.url, options: '-c timezone=UTC' });
  await client.connect();
  onTestFinished(() => client.end());
  const check = (limit: number) => checkSnapshot(client, createTouched(), undefined, limit);
  const all = await check(100);
  expect(all).toMatchObject({ isComplete: true });
  // Each of the last six has 30 KB; ten may have 80 KB.
  const some = await check(10);
  expect(some.isComplete).toBe(false);
  expect(all.positions.slice(0, some.positions.length)).toEqual(some.positions);
  expect(all.positions.length - some.positions.length).toBe(3);
});
