import { expect, test } from 'vitest';
import type { OutgoingEvent } from '../channel.ts';
import { createToCloudEvent } from '../events/cloud-event.ts';
import { createBatches, type Batch, type Place } from './batches.ts';

const toOutgoing = createToCloudEvent({ source: '/moa', publicUrl: 'https://shop' });

/** An event whose id is its name and whose partition is the number in it. */
const event = (name: string): OutgoingEvent =>
  toOutgoing({
    position: 1,
    eventId: name,
    type: 'order.paid.v1',
    subject: name,
    time: new Date(0),
    data: '{}',
  });

const events = (...names: string[]): OutgoingEvent[] => names.map(event);
const place = ({ id }: OutgoingEvent): Place => ({ topic: 't', partition: Number(/\d/.exec(id)) });

/** A batch as text: its partition, its sequence number and its events. */
const show = (batches: readonly Batch[]): string[] =>
  batches.map(({ partition, sequence, events: own }) => {
    const ids = own.map(({ id }) => id).join();
    return `${partition} from ${sequence}: ${ids}`;
  });

test('each partition has a batch, and its sequence number counts the stored events', () => {
  const { next, store } = createBatches();
  const first = next(events('a0', 'a1', 'b0'), place);
  expect(show(first)).toEqual(['0 from 0: a0,b0', '1 from 0: a1']);
  for (const batch of first) store(batch);
  expect(show(next(events('c0', 'b1'), place))).toEqual(['0 from 2: c0', '1 from 1: b1']);
});

test('a batch in doubt comes again as it was, also when its partition would change', () => {
  const { next, store, unstored } = createBatches();
  const [one] = next(events('a0', 'a1'), place);
  store(one!);
  const rest = unstored(events('a0', 'a1'));
  expect(rest.map(({ id }) => id)).toEqual(['a1']);
  const moved = (): Place => ({ topic: 't', partition: 7 });
  expect(show(next(rest, moved))).toEqual(['1 from 0: a1']);
});

test('a batch in doubt goes before other events of its partition', () => {
  const { next, store, unstored } = createBatches();
  next(events('a0', 'b0'), place);
  const other = events('c0', 'c1');
  const [doubted, free] = next(other, place);
  expect(show([doubted!, free!])).toEqual(['0 from 0: a0,b0', '1 from 0: c1']);
  store(doubted!);
  store(free!);
  expect(show(next(unstored(other), place))).toEqual(['0 from 2: c0']);
  expect(unstored(events('a0', 'b0'))).toEqual([]);
});

test('a dropped batch leaves its sequence number to the next one', () => {
  const { next, drop } = createBatches();
  const [batch] = next(events('a0', 'b0'), place);
  drop(batch!);
  expect(show(next(events('a0'), place))).toEqual(['0 from 0: a0']);
});

test('an event that the caller was told about can be sent again', () => {
  const { next, store, release, unstored } = createBatches();
  const [batch] = next(events('a0'), place);
  store(batch!);
  release(events('a0'));
  expect(show(next(unstored(events('a0')), place))).toEqual(['0 from 1: a0']);
});

test('after a restart, batches in doubt are new batches, and what is stored is not sent again', () => {
  const { next, store, restart, unstored } = createBatches();
  const all = events('a0', 'b1');
  const [batch] = next(all, place);
  store(batch!);
  restart();
  expect(show(next(unstored(all), place))).toEqual(['1 from 0: b1']);
  expect(show(next(events('c0'), place))).toEqual(['0 from 0: c0']);
});
