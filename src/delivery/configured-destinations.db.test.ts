import { expect, test } from 'vitest';
import { openDeliveryShop } from '../../test/support/delivery-shop.ts';
import { openTransactionElsewhere } from '../../test/support/open-transaction.ts';
import { SECRET, startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { startTestService, temporaryDirectory } from '../../test/support/service.ts';
import { waitUntil } from '../../test/support/wait.ts';

const PATIENCE_MS = 300;

test('a configured destination is created once and follows the environment', async () => {
  const shop = await openDeliveryShop();
  const receivers = [await startReceiver(), await startReceiver()] as const;
  const webhook = (to: Receiver) => [{ kind: 'webhook', url: to.url, secret: SECRET }] as const;
  const { ensureDestinations } = shop.system.delivery;
  await ensureDestinations(webhook(receivers[0]));
  await ensureDestinations(webhook(receivers[0]));
  await shop.buy(2);
  await waitUntil(() => receivers[0].taken.length === 2, 'two orders at the first address');
  await ensureDestinations(webhook(receivers[1]));
  await waitUntil(async () => {
    await shop.buy(1);
    return receivers[1].taken.length > 0;
  }, 'an event at the new address');
  const { items } = await shop.ask('listDestinations');
  expect(items).toEqual([expect.objectContaining({ url: receivers[1].url, status: 'active' })]);
});

test('a service starts during an open transaction and delivers after its end', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  await shop.buy(1);
  const commit = await openTransactionElsewhere();
  const service = await startTestService({
    DATABASE_URL: shop.url,
    MOA_DATA_DIR: await temporaryDirectory(),
    MOA_WEBHOOK_ALLOW_PRIVATE: 'on',
    MOA_WEBHOOK_URL: receiver.url,
    MOA_WEBHOOK_SECRET: SECRET,
  });
  await waitUntil(
    () => service.output().includes('a transaction on the database server is open'),
    'a log line with the reason',
  );
  const orders = await shop.buy(2);
  expect(receiver.requests).toEqual([]);
  await commit();
  await waitUntil(() => receiver.taken.length >= 2, 'the orders at the receiver');
  expect(receiver.taken.map(({ subject }) => subject)).toEqual(orders);
});

test('a system can be closed while it waits for the end of a transaction', async () => {
  const told: unknown[] = [];
  const shop = await openDeliveryShop(undefined, { patienceMs: PATIENCE_MS }, (error) =>
    told.push(error),
  );
  await openTransactionElsewhere();
  await shop.buy(1);
  await shop.system.delivery.ensureDestinations([
    { kind: 'webhook', url: 'http://127.0.0.1:1', secret: SECRET },
  ]);
  await waitUntil(() => told.length > 0, 'a fault with the reason');
  await shop.system.delivery.stop();
  expect((await shop.ask('listDestinations'))['items']).toEqual([]);
  expect(told).toEqual([expect.objectContaining({ message: expect.stringContaining('open') })]);
});

test('a token set by staff is dropped when the environment changes the address', async () => {
  const shop = await openDeliveryShop();
  const configure = (url: string) =>
    shop.system.delivery.ensureDestinations([{ kind: 'nats', url, secret: null }]);
  await configure('nats://127.0.0.1:1');
  const { items } = await shop.ask('listDestinations');
  const [{ destinationId }] = items as [{ destinationId: string }];
  const params = { destinationId };
  await shop.ask('changeDestination', { params, body: { secret: 'token', status: 'paused' } });
  const change = (url: string) => shop.call('changeDestination', { params, body: { url } });

  await configure('nats://127.0.0.1:1');
  expect(await change('nats://127.0.0.2:1')).toMatchObject({ code: 'invalid_request' });
  await configure('nats://127.0.0.2:1');
  expect(await change('nats://127.0.0.3:1')).toMatchObject({ status: 200 });
});
