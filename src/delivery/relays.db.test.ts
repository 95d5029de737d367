import { expect, onTestFinished, test } from 'vitest';
import { openDeliveryShop } from '../../test/support/delivery-shop.ts';
import { startPostgresProxy } from '../../test/support/postgres-proxy.ts';
import { queryColumn, runSql } from '../../test/support/queries.ts';
import { startReceiver } from '../../test/support/receiver.ts';
import { TEST_ORIGIN } from '../../test/support/settings.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { startRelays } from './relays.ts';

/**
 * Relays whose leases are behind a proxy. Reads are not: after a failover they may have found the
 * new server earlier.
 */
const start = async () => {
  const shop = await openDeliveryShop();
  await shop.system.delivery.stop();
  const proxy = await startPostgresProxy(shop.url);
  const receiver = await startReceiver();
  const destinationId = await shop.addWebhook(receiver.url);
  const faults: unknown[] = [];
  const relays = startRelays(proxy.url, shop.system.reads, {
    publicUrl: TEST_ORIGIN.publicUrl,
    allowPrivate: true,
    answerMs: 2_000,
    onFault: (error) => faults.push(error),
  });
  onTestFinished(relays.stop);
  const untilRecorded = () =>
    waitUntil(async () => {
      relays.wake();
      return (await shop.status(destinationId))['pending'] === 0;
    }, 'recorded deliveries');
  const arrivals = (subject: string): number =>
    receiver.taken.filter((event) => event.subject === subject).length;
  return { shop, proxy, faults, untilRecorded, arrivals };
};

test('after the database has vanished without a word, events arrive, at most twice', async () => {
  const { shop, proxy, untilRecorded, arrivals } = await start();
  const orders = await shop.buy(1);
  await untilRecorded();
  proxy.vanish();
  orders.push(...(await shop.buy(3)));
  await untilRecorded();
  const times = orders.map(arrivals);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...times)).toBeLessThanOrEqual(2);
});

test('after a failover to an earlier state, new events at the same positions arrive', async () => {
  const { shop, proxy, faults, untilRecorded, arrivals } = await start();
  await shop.buy(1);
  await untilRecorded();
  const [position] = await queryColumn(shop.url, 'select position from delivery.progress');
  await shop.buy(3);
  await untilRecorded();

  proxy.sever();
  await waitUntil(() => faults.length > 0, 'the loss of the leases');
  await runSql(
    shop.url,
    `delete from journal.events where position > ${position};
    select setval('journal.events_position_seq', ${position});
    update delivery.progress set position = ${position}`,
  );
  let polls = 0;
  proxy.cutAt(({ type, body }) => {
    if (type === 'B' && body.includes('delivery.ListActive')) polls++;
    return false;
  });
  proxy.restore();
  // The first of these polls starts the relay, which then looks for events.
  await waitUntil(() => polls > 2, 'polls with new leases');
  await runSql(
    shop.url,
    `insert into journal.events (event_id, type, subject, time, data)
    select gen_random_uuid(), type, 'new', now(), data from journal.events
    where type = 'order.paid.v1' limit 1`,
  );
  await waitUntil(() => arrivals('new') > 0, 'the new event');
  await untilRecorded();
  expect(arrivals('new')).toBe(1);
});

test('a destination that does not open holds no lease and delays no other', async () => {
  const faults: unknown[] = [];
  const shop = await openDeliveryShop(undefined, {}, (error) => faults.push(error));
  const receiver = await startReceiver();
  const kafka = { name: 'broken', kind: 'kafka', url: 'kafka://127.0.0.1:1', status: 'paused' };
  const { destinationId } = await shop.ask('createDestination', { body: kafka });
  await runSql(shop.url, `update delivery.destinations set url = 'kafka://', status = 'active'`);
  // Destinations are opened in the order of their ids, which is that of their creation.
  expect(String(destinationId) < (await shop.addWebhook(receiver.url))).toBe(true);
  const orders = await shop.buy(2);
  await waitUntil(() => receiver.taken.length === 2, 'two orders');
  expect(receiver.taken.map(({ subject }) => subject)).toEqual(orders);
  expect(faults[0]).toMatchObject({ message: expect.stringContaining(String(destinationId)) });
  const tryLock = `select pg_try_advisory_lock(hashtextextended('delivery ' || $1::text, 0))`;
  const isFree = async () => (await queryColumn(shop.url, tryLock, [destinationId]))[0] === 'true';
  await waitUntil(isFree, 'the lease');
});
