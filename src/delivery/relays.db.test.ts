import { expect, onTestFinished, test } from 'vitest';
import { openDeliveryShop } from '../../test/support/delivery-shop.ts';
import { startPostgresProxy } from '../../test/support/postgres-proxy.ts';
import { startReceiver } from '../../test/support/receiver.ts';
import { TEST_ORIGIN } from '../../test/support/settings.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { startRelays } from './relays.ts';

test('after the database has vanished without a word, events arrive, at most twice', async () => {
  const shop = await openDeliveryShop();
  await shop.system.delivery.stop();
  const proxy = await startPostgresProxy(shop.url);
  const receiver = await startReceiver();
  const destinationId = await shop.addWebhook(receiver.url);
  // As after a failover, reads have found the new server while the leases are at the old one.
  const relays = startRelays(proxy.url, shop.system.reads, {
    publicUrl: TEST_ORIGIN.publicUrl,
    allowPrivate: true,
    answerMs: 500,
    onFault: () => undefined,
  });
  onTestFinished(relays.stop);
  const untilRecorded = () =>
    waitUntil(async () => {
      relays.wake();
      return (await shop.status(destinationId))['pending'] === 0;
    }, 'recorded deliveries');
  const orders = await shop.buy(1);
  await untilRecorded();

  proxy.vanish();
  orders.push(...(await shop.buy(3)));
  await untilRecorded();
  const arrivals = Map.groupBy(receiver.taken, ({ subject }) => subject);
  const paid = orders.map((order) => arrivals.get(order)?.length ?? 0);
  expect(Math.min(...paid)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...paid)).toBeLessThanOrEqual(2);
});
