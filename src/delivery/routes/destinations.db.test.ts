import { rootCertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { createClient } from '../../../test/support/client.ts';
import { openDeliveryShop } from '../../../test/support/delivery-shop.ts';
import { openTransactionElsewhere } from '../../../test/support/open-transaction.ts';
import { createOperations } from '../../../test/support/operations.ts';
import { queryColumn } from '../../../test/support/queries.ts';
import { SECRET } from '../../../test/support/receiver.ts';
import { startServiceHere } from '../../../test/support/service-here.ts';
import { temporaryDirectory, tokenFor } from '../../../test/support/service.ts';
import { waitUntil, withinTime } from '../../../test/support/wait.ts';
import { errorsIn } from '../destination.ts';

const PATIENCE_MS = 300;
/** Extra time for a slow machine. */
const SLACK_MS = 3_000;

const WEBHOOK = { name: 'platform', kind: 'webhook', url: 'http://127.0.0.1:1', secret: SECRET };

test('a creation during an open transaction is answered in time and has no effect', async () => {
  const shop = await openDeliveryShop(undefined, { patienceMs: PATIENCE_MS });
  const commit = await openTransactionElsewhere();
  await shop.buy(1);
  const began = performance.now();
  expect(await shop.call('createDestination', { body: WEBHOOK })).toMatchObject({
    kind: 'problem',
    code: 'unavailable',
    detail: expect.stringContaining('transaction'),
  });
  expect(performance.now() - began).toBeLessThan(PATIENCE_MS + SLACK_MS);
  expect((await shop.ask('listDestinations'))['items']).toEqual([]);
  await commit();
  const create = async () => (await shop.call('createDestination', { body: WEBHOOK })).kind;
  await waitUntil(async () => (await create()) === 'answer', 'a creation');
});

test('the wait ends when the client disconnects', async () => {
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

test('a repeated creation is answered during an open transaction', async () => {
  const shop = await openDeliveryShop(undefined, { patienceMs: PATIENCE_MS });
  const call = createOperations(shop.system.routes);
  const create = (name: string) =>
    call('createDestination', { body: { ...WEBHOOK, name }, key: 'once' });
  const { body } = (await create('platform')) as { body: unknown };
  await openTransactionElsewhere();
  await shop.buy(1);
  expect(await create('platform')).toMatchObject({ status: 201, body, replayed: true });
  expect(await create('other')).toMatchObject({ code: 'idempotency_key_reused' });
  expect(await shop.call('createDestination', { body: WEBHOOK })).toMatchObject({
    code: 'unavailable',
  });
});

test('over HTTP the answer is 503 with Retry-After', async () => {
  const shop = await openDeliveryShop();
  const directory = await temporaryDirectory();
  const service = await startServiceHere({
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

test('a token is only sent to the server that it was set for', async () => {
  const shop = await openDeliveryShop();
  const nats = { name: 'x', kind: 'nats', url: 'nats://127.0.0.1:1', status: 'paused' };
  const made = { ...nats, secret: 'token' };
  const { destinationId } = await shop.ask('createDestination', { body: made });
  const change = (body: Record<string, unknown>) =>
    shop.call('changeDestination', { params: { destinationId }, body });
  expect(await change({ url: 'nats://127.0.0.2:1' })).toMatchObject({
    code: 'invalid_request',
    members: {
      errors: [{ pointer: '/secret', message: 'is required again for a new address' }],
    },
  });
  const params = { destinationId };
  expect((await shop.ask('getDestination', { params }))['url']).toBe(nats.url);
  expect(await change({ url: nats.url, name: 'y' })).toMatchObject({ status: 200 });
  expect(await change({ url: 'nats://127.0.0.2:1', secret: 'token' })).toMatchObject({
    status: 200,
  });

  // A NATS server without a token, and a webhook, whose secret is never sent.
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

test('a change keeps the fields that it does not name', async () => {
  const shop = await openDeliveryShop();
  const types = ['moa.order.paid.v1'];
  const body = { ...WEBHOOK, types, status: 'paused' };
  const { destinationId } = await shop.ask('createDestination', { body });
  const params = { destinationId };
  const before = await shop.ask('getDestination', { params });
  const renamed = await shop.ask('changeDestination', { params, body: { name: 'archive' } });
  expect(renamed).toEqual({ ...before, name: 'archive', updatedAt: expect.anything() });
  const all = { types: null, status: 'active' };
  const resumed = await shop.ask('changeDestination', { params, body: all });
  expect(resumed).toEqual({ ...renamed, ...all, updatedAt: expect.anything() });
  const secrets = await queryColumn(
    shop.url,
    `select concat_ws(' ', secret, previous_secret) from delivery.destinations`,
  );
  expect(secrets).toEqual([SECRET]);
});

describe('a Kafka destination', () => {
  const KAFKA = {
    name: 'bus',
    kind: 'kafka',
    url: 'kafkas://127.0.0.1:1/events',
    status: 'paused',
  };
  const CA = rootCertificates[0] ?? '';

  test('keeps its certificates and shows no secret', async () => {
    const shop = await openDeliveryShop();
    const body = { ...KAFKA, secret: 'user:password', ca: CA };
    const { destinationId, ...made } = await shop.ask('createDestination', { body });
    expect(made).toMatchObject({ ...KAFKA, ca: CA });
    const params = { destinationId };
    const found = await shop.ask('getDestination', { params });
    const renamed = await shop.ask('changeDestination', { params, body: { name: 'log' } });
    expect(renamed['ca']).toBe(CA);
    expect(JSON.stringify([made, found, renamed])).not.toContain('password');
  });

  test('requires its secret again for a new address or other certificates', async () => {
    const shop = await openDeliveryShop();
    const body = { ...KAFKA, secret: 'user:password', ca: CA };
    const { destinationId } = await shop.ask('createDestination', { body });
    const params = { destinationId };
    const url = 'kafkas://127.0.0.1:2/events';
    for (const change of [{ url }, { ca: null }, { ca: rootCertificates[1] }]) {
      const errors = [{ pointer: '/secret', message: 'is required again for a new address' }];
      expect(await shop.call('changeDestination', { params, body: change })).toMatchObject({
        code: 'invalid_request',
        members: { errors },
      });
      const known = { ...change, secret: 'user:password' };
      expect(await shop.call('changeDestination', { params, body: known })).toMatchObject({
        status: 200,
      });
      await shop.ask('changeDestination', { params, body: { ...body, kind: undefined } });
    }
  });

  test.for([
    [{ url: 'kafka://a?mechanism=gssapi' }, '/url', /^must have a `mechanism` of plain/],
    [{ url: 'kafka://user:password@a' }, '/url', /user or password/],
    [{ url: 'nats://a' }, '/url', /^must begin with kafka/],
    [{ url: 'kafka://a?mechanism=plain', secret: 'u:p' }, '/url', /^must begin with kafkas/],
    [{ url: 'kafka://a?mechanism=plain' }, '/secret', /^must be `user:password`$/],
    [{ secret: 'no-colon' }, '/secret', /^must be `user:password`$/],
    [{ secret: ':password' }, '/secret', /^must be `user:password`$/],
    [{ secret: 'user:' }, '/secret', /^must be `user:password`$/],
    [{ ca: 'no certificate' }, '/ca', /^must be certificates in PEM$/],
    [{ ca: `${CA}\nand a text` }, '/ca', /^must be certificates in PEM$/],
    [{ ca: CA.replace('MII', 'AAA') }, '/ca', /^must be certificates in PEM$/],
    [{ ca: CA, url: 'kafka://a' }, '/ca', /^is only for an address with kafkas/],
    [{ ca: CA, kind: 'nats', url: 'nats://a' }, '/ca', /^is only for the kind kafka$/],
  ] as const)('is refused with %j', ([fields, pointer, message]) => {
    const body = { ...KAFKA, secret: null, ca: null, ...fields } as const;
    const errors = errorsIn({ ...body, kind: body.kind }, true);
    expect(errors).toContainEqual({ pointer, message: expect.stringMatching(message) });
  });
});
