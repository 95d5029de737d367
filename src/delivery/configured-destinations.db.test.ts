import { expect, test } from 'vitest';
import { openDeliveryShop } from '../../test/support/delivery-shop.ts';
import { openTransactionElsewhere } from '../../test/support/open-transaction.ts';
import { SECRET, startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { temporaryDirectory } from '../../test/support/service.ts';
import { startServiceHere } from '../../test/support/service-here.ts';
import { waitUntil } from '../../test/support/wait.ts';

const PATIENCE_MS = 300;

test('a configured destination is created once and follows the environment', async () => {
  const shop = await openDeliveryShop();
  const receivers = [await startReceiver(), await startReceiver()] as const;
  const webhook = (to: Receiver) =>
    [{ kind: 'webhook', url: to.url, secret: SECRET, ca: null }] as const;
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
  const service = await startServiceHere({
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
    { kind: 'webhook', url: 'http://127.0.0.1:1', secret: SECRET, ca: null },
  ]);
  await waitUntil(() => told.length > 0, 'a fault with the reason');
  await shop.system.delivery.stop();
  expect((await shop.ask('listDestinations'))['items']).toEqual([]);
  expect(told).toEqual([expect.objectContaining({ message: expect.stringContaining('open') })]);
});

test('a token set by staff is dropped when the environment changes the address', async () => {
  const shop = await openDeliveryShop();
  const configure = (url: string) =>
    shop.system.delivery.ensureDestinations([{ kind: 'nats', url, secret: null, ca: null }]);
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

/** A shop whose environment configures a webhook or nothing. */
const openConfigured = async () => {
  const notices: string[] = [];
  const onNotice = (message: string) => notices.push(message);
  const shop = await openDeliveryShop(undefined, { onNotice });
  const receiver = await startReceiver();
  const webhook = { kind: 'webhook', url: receiver.url, secret: SECRET, ca: null } as const;
  const start = (isSet: boolean) => shop.system.delivery.ensureDestinations(isSet ? [webhook] : []);
  await start(true);
  const { items } = await shop.ask('listDestinations');
  const [{ destinationId }] = items as [{ destinationId: string }];
  const params = { destinationId };
  const status = async () => (await shop.ask('getDestination', { params }))['status'];
  const set = (to: string) => shop.ask('changeDestination', { params, body: { status: to } });
  return { shop, receiver, notices, start, status, set };
};

test('a destination is paused while its variable is absent, and resumed with it', async () => {
  const { shop, receiver, notices, start, status } = await openConfigured();
  await start(false);
  expect(await status()).toBe('paused');
  const orders = await shop.buy(3);
  await start(false);
  expect(notices).toEqual(['MOA_WEBHOOK_URL is not set any more: its destination is paused']);
  expect(receiver.requests).toEqual([]);
  await start(true);
  expect(await status()).toBe('active');
  expect(notices.slice(1)).toEqual(['MOA_WEBHOOK_URL is set again: its destination is resumed']);
  await waitUntil(() => receiver.taken.length === 3, 'the orders of the time between');
  expect(receiver.taken.map(({ subject }) => subject)).toEqual(orders);
});

test('a destination that staff have paused is not resumed by the variable', async () => {
  const { notices, start, status, set } = await openConfigured();
  await set('paused');
  await start(false);
  await start(true);
  expect(await status()).toBe('paused');
  await set('active');
  await start(false);
  await set('paused');
  await start(true);
  expect(await status()).toBe('paused');
  expect(notices).toHaveLength(1);
});

test('a destination that staff have resumed without the variable stays active', async () => {
  const { start, status, set } = await openConfigured();
  await start(false);
  await set('active');
  await start(false);
  expect(await status()).toBe('active');
});

test('a start without variables leaves the destinations of staff as they are', async () => {
  const shop = await openDeliveryShop();
  const destinationId = await shop.addWebhook('http://127.0.0.1:1');
  await shop.system.delivery.ensureDestinations([]);
  const found = await shop.ask('getDestination', { params: { destinationId } });
  expect(found['status']).toBe('active');
});
