import { expect, test } from 'vitest';
import { openDeliveryShop } from '../../test/support/delivery-shop.ts';
import { queryColumn } from '../../test/support/queries.ts';
import { TEST_ORIGIN } from '../../test/support/settings.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { createJournalReader } from '../journal/index.ts';
import { createToCloudEvent } from './events/cloud-event.ts';
import { EVENT_TYPES } from './events/types.ts';
import { createDeadLetterSource, createLiveSource, createReplaySource } from './sources.ts';

/** A destination without a relay, and counts of its events: new, replayed and dead letters. */
const start = async () => {
  const shop = await openDeliveryShop();
  await shop.system.delivery.stop();
  const destinationId = await shop.addWebhook('http://127.0.0.1:1');
  await shop.buy(3);
  const body = { from: '2000-01-01T00:00:00Z' };
  await shop.ask('replayEvents', { params: { destinationId }, body });
  await queryColumn(
    shop.url,
    `insert into delivery.dead_letters
      select $1, position, '', now(), true from journal.events where type = 'order.paid.v1'`,
    [destinationId],
  );
  const { reads } = shop.system;
  const sent = { types: EVENT_TYPES, toCloudEvent: createToCloudEvent(TEST_ORIGIN) };
  const known = { destinationId, version: 1, ...sent, reads, writes: reads };
  const begin = { position: 0, seen: 0 };
  const sources = [
    createLiveSource(known, createJournalReader(reads), begin),
    createReplaySource(known),
    createDeadLetterSource(known),
  ];
  const count = async (): Promise<number[]> => {
    const slices = await Promise.all(sources.map((source) => source.next(100)));
    return slices.map((slice) => slice?.events.length ?? 0);
  };
  return { shop, destinationId, count };
};

const CHANGES = [
  { how: 'has another name', operation: 'changeDestination', body: { name: 'another' } },
  { how: 'is paused', operation: 'changeDestination', body: { status: 'paused' } },
  { how: 'is deleted', operation: 'deleteDestination', body: {} },
] as const;

test.for(CHANGES)(
  'no source has events for a destination that $how',
  async ({ operation, body }) => {
    const { shop, destinationId, count } = await start();
    // The start created a product and a charge besides the orders; wait until all are decided.
    await waitUntil(async () => (await count()).join() === '5,5,3', 'events in every source');
    await shop.call(operation, { params: { destinationId }, body });
    expect(await count()).toEqual([0, 0, 0]);
  },
);
