import { expect, test } from 'vitest';
import { createClient } from '../../test/support/client.ts';
import { openDeliveryShop } from '../../test/support/delivery-shop.ts';
import { openTransactionElsewhere } from '../../test/support/open-transaction.ts';
import { SECRET, startReceiver } from '../../test/support/receiver.ts';
import { startTestService, temporaryDirectory, tokenFor } from '../../test/support/service.ts';
import { waitUntil, withinTime } from '../../test/support/wait.ts';

const PATIENCE_MS = 300;
/** What a slow machine adds. */
const SLACK_MS = 3_000;

const WEBHOOK = { name: 'platform', kind: 'webhook', url: 'http://127.0.0.1:1', secret: SECRET };

test('a destination is not set up while a transaction is open on the server, and that is said soon', async () => {
  const shop = await openDeliveryShop(undefined, { patienceMs: PATIENCE_MS });
  const commit = await openTransactionElsewhere();
  await shop.buy(1);
  const began = performance.now();
  expect(await shop.call('createDestination', { body: WEBHOOK })).toMatchObject({
    kind: 'problem',
    code: 'unavailable',
    members: { detail: expect.stringContaining('transaction') },
  });
  expect(performance.now() - began).toBeLessThan(PATIENCE_MS + SLACK_MS);
  expect((await shop.ask('listDestinations'))['items']).toEqual([]);
  await commit();
  expect(await shop.call('createDestination', { body: WEBHOOK })).toMatchObject({ status: 201 });
});

test('a client that leaves ends the wait for it', async () => {
  const shop = await openDeliveryShop(undefined, { patienceMs: 600_000 });
  await openTransactionElsewhere();
  await shop.buy(1);
  const leaving = new AbortController();
  const create = shop.system.routes.find(({ operation }) => operation === 'createDestination')!;
  const caller = { role: 'staff', userId: 'staff' } as const;
  const input = { params: {}, query: {}, body: WEBHOOK, caller, idempotencyKey: undefined };
  const answer = create.handle({ ...input, signal: () => leaving.signal });
  leaving.abort();
  expect(await withinTime(answer, 'an answer')).toMatchObject({ code: 'unavailable' });
  expect((await shop.ask('listDestinations'))['items']).toEqual([]);
});

test('over HTTP it is 503, to be sent again', async () => {
  const shop = await openDeliveryShop();
  const directory = await temporaryDirectory();
  const service = await startTestService({
    DATABASE_URL: shop.url,
    MOA_DATA_DIR: directory,
    MOA_WEBHOOK_ALLOW_PRIVATE: 'on',
  });
  const staff = createClient(service.url, await tokenFor(directory, 'staff', 'staff'));
  const commit = await openTransactionElsewhere();
  await shop.buy(1);
  const answer = await staff.post('/v1/destinations', WEBHOOK);
  expect(answer.status).toBe(503);
  expect(answer.body).toMatchObject({ code: 'unavailable' });
  expect(answer.headers.get('retry-after')).not.toBeNull();
  await commit();
  expect((await staff.post('/v1/destinations', WEBHOOK)).status).toBe(201);
});

test('a service starts while a transaction is open, says so, and delivers once it has ended', async () => {
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
    'a line in the log that says why',
  );
  const orders = await shop.buy(2);
  expect(receiver.requests).toEqual([]);
  await commit();
  await waitUntil(() => receiver.taken.length >= 2, 'the orders at the receiver');
  expect(receiver.taken.map(({ subject }) => subject)).toEqual(orders);
});

test('a system that waits for the end of a transaction can be closed', async () => {
  const told: unknown[] = [];
  const shop = await openDeliveryShop(undefined, { patienceMs: PATIENCE_MS }, (error) =>
    told.push(error),
  );
  await openTransactionElsewhere();
  await shop.buy(1);
  await shop.system.delivery.setUp([{ kind: 'webhook', url: WEBHOOK.url, secret: SECRET }]);
  await waitUntil(() => told.length > 0, 'a fault that says why');
  await shop.system.delivery.stop();
  expect((await shop.ask('listDestinations'))['items']).toEqual([]);
  expect(told).toEqual([expect.objectContaining({ message: expect.stringContaining('open') })]);
});

test('a token is not sent to another server than it was given for', async () => {
  const shop = await openDeliveryShop();
  const nats = { name: 'x', kind: 'nats', url: 'nats://127.0.0.1:1', status: 'paused' };
  const made = { ...nats, secret: 'token' };
  const { destinationId } = await shop.ask('createDestination', { body: made });
  const change = (body: Record<string, unknown>) =>
    shop.call('changeDestination', { params: { destinationId }, body });
  expect(await change({ url: 'nats://127.0.0.2:1' })).toMatchObject({
    code: 'invalid_request',
    members: {
      errors: [{ pointer: '/secret', message: 'must be given again: the address changed' }],
    },
  });
  const params = { destinationId };
  expect((await shop.ask('getDestination', { params }))['url']).toBe(nats.url);
  expect(await change({ url: nats.url, name: 'y' })).toMatchObject({ status: 200 });
  expect(await change({ url: 'nats://127.0.0.2:1', secret: 'token' })).toMatchObject({
    status: 200,
  });

  // A server without a token, and a webhook, whose secret is never sent.
  const others = [
    { made: nats, url: 'nats://127.0.0.2:1' },
    { made: { ...WEBHOOK, status: 'paused' }, url: 'http://127.0.0.1:2' },
  ];
  for (const { made: body, url } of others) {
    const other = await shop.ask('createDestination', { body });
    expect(
      await shop.call('changeDestination', {
        params: { destinationId: other['destinationId'] },
        body: { url },
      }),
    ).toMatchObject({ status: 200 });
  }
});

test('a token that staff have set stays with the address of the environment, and no other', async () => {
  const shop = await openDeliveryShop();
  const setUp = (url: string) => shop.system.delivery.setUp([{ kind: 'nats', url, secret: null }]);
  await setUp('nats://127.0.0.1:1');
  const { items } = await shop.ask('listDestinations');
  const [{ destinationId }] = items as [{ destinationId: string }];
  const params = { destinationId };
  await shop.ask('changeDestination', { params, body: { secret: 'token', status: 'paused' } });
  const change = (url: string) => shop.call('changeDestination', { params, body: { url } });

  await setUp('nats://127.0.0.1:1');
  expect(await change('nats://127.0.0.2:1')).toMatchObject({ code: 'invalid_request' });
  await setUp('nats://127.0.0.2:1');
  expect(await change('nats://127.0.0.3:1')).toMatchObject({ status: 200 });
});
