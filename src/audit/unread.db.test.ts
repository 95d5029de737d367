import { Client } from 'pg';
import { expect, test } from 'vitest';
import { assertInvariants, createTestDatabase } from '../../test/support/database.ts';
import {
  openDeliveryShop,
  untilAllRead,
  type DeliveryShop,
} from '../../test/support/delivery-shop.ts';
import { queryColumn } from '../../test/support/queries.ts';
import { startReceiver } from '../../test/support/receiver.ts';
import { migrate, readMigrations } from '../database/migrate.ts';
import { checkInvariants } from './audit.ts';
import { withSnapshot } from './snapshot.ts';

const findUnread = async (url: string): Promise<readonly string[]> => {
  const findings = await withSnapshot(url, (db) => checkInvariants(db));
  return findings.find(({ invariant }) => invariant === 'J2')!.violations;
};

/** Makes events of types that the destinations do not receive. */
const makeOthers = async (shop: DeliveryShop, count: number): Promise<void> => {
  for (let index = 0; index < count; index++) {
    await shop.ask('createProduct', { body: { name: `Cup ${index}`, price: 1, stock: 1 } });
  }
};

test('an event that a cursor and a destination have skipped is found', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  const destinationId = await shop.addWebhook(receiver.url, { types: ['moa.order.paid.v1'] });
  const [gap] = await queryColumn(shop.url, "select nextval('journal.events_position_seq')");
  await shop.buy(3);
  await makeOthers(shop, 2);
  await untilAllRead(shop);
  expect(await findUnread(shop.url)).toEqual([]);

  await queryColumn(
    shop.url,
    `insert into journal.events (position, event_id, type, subject, time, data)
      overriding system value
      values ($1, gen_random_uuid(), 'stock.adjusted.v1', gen_random_uuid(), now(), '{}')
      returning 1`,
    [gap],
  );
  const [last] = await queryColumn(shop.url, 'select max(position) from journal.events');
  const [all] = await queryColumn(shop.url, 'select count(*) from journal.events');
  expect((await findUnread(shop.url)).toSorted()).toEqual([
    `cursor best-sellers at position ${last}: read ${Number(all) - 1} events, there are ${all}`,
    `cursor sales-report at position ${last}: read ${Number(all) - 1} events, there are ${all}`,
    `cursor transparency-log at position ${last}: read ${Number(all) - 1} events, there are ${all}`,
    `destination ${destinationId} at position ${last}: read 5 events, there are 6`,
  ]);
});

test('a destination counts the events that it has read, in any slices and with refused events', async () => {
  const shop = await openDeliveryShop();
  const receiver = await startReceiver();
  const subscriptions = [
    null,
    ['moa.order.paid.v1'],
    ['moa.product.changed.v1'],
    ['moa.product.created.v1'],
  ];
  for (const types of subscriptions)
    await shop.addWebhook(receiver.url, { types, status: 'paused' });
  const orders: string[] = [];
  for (let round = 0; round < 10; round++) {
    orders.push(...(await shop.buy(3)));
    await makeOthers(shop, 3);
  }
  const refused = new Set([orders[0], orders[13], orders.at(-1)]);
  receiver.answerWith(({ events }) => ({
    status: events.some(({ subject }) => refused.has(subject)) ? 422 : 200,
  }));
  const { items } = await shop.ask('listDestinations');
  for (const { destinationId } of items as { destinationId: string }[]) {
    const params = { destinationId };
    await shop.ask('changeDestination', { params, body: { status: 'active' } });
  }
  await untilAllRead(shop);
  const [letters] = await queryColumn(shop.url, 'select count(*) from delivery.dead_letters');
  expect(letters).toBe('6');
  await assertInvariants(shop.url);
});

test('subscribers that exist before the migration get counts', async () => {
  const url = await createTestDatabase('empty');
  const migrations = await readMigrations();
  const before = migrations.findIndex(({ name: file }) => file.startsWith('000004'));
  await migrate(url, migrations.slice(0, before));
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`
      insert into journal.events (event_id, type, subject, time, data)
        select gen_random_uuid(), 'stock.adjusted.v1', gen_random_uuid(), now(), '{}' from generate_series(1, 9);
      delete from journal.events where position = 3;
      update journal.cursors set position = 5;
      insert into delivery.progress (destination_id, position, delivered)
        values (gen_random_uuid(), 7, 2)`);
  } finally {
    await client.end();
  }
  await migrate(url, migrations);
  const counts = await queryColumn(
    url,
    `select concat_ws(' ', name, position, events) from journal.cursors
      union all select concat_ws(' ', begin_position, position, seen) from delivery.progress`,
  );
  expect(counts.toSorted()).toEqual([
    '7 7 0',
    'best-sellers 5 4',
    'sales-report 0 0',
    'transparency-log 0 0',
  ]);
  expect(await findUnread(url)).toEqual([]);
});
