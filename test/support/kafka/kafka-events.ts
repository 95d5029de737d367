import { v7 } from 'uuid';
import { onTestFinished } from 'vitest';
import type { Channel, OutgoingEvent, SendResult } from '../../../src/delivery/channel.ts';
import { createToCloudEvent } from '../../../src/delivery/events/cloud-event.ts';
import { openKafka } from '../../../src/delivery/kafka/kafka.ts';
import { waitUntil } from '../wait.ts';
import { readTopic } from './kafka-reader.ts';

const toOutgoing = createToCloudEvent({ source: '/moa', publicUrl: 'https://shop.example' });

/** Events of some subjects in turn, of two types. */
export const createEvents = (count: number, subjects = 7): OutgoingEvent[] => {
  const ids = Array.from({ length: subjects }, () => v7());
  return Array.from({ length: count }, (_, position) =>
    toOutgoing({
      position,
      eventId: v7(),
      type: position % 3 === 0 ? 'wallet.charged.v1' : 'order.paid.v1',
      subject: ids[position % subjects] ?? '',
      time: new Date(),
      data: `{"amount":${position}}`,
    }),
  );
};

export interface ChannelFields {
  readonly secret?: string;
  readonly ca?: string;
  readonly timeoutMs?: number;
}

/** Opens a channel that the end of the test closes. */
export const openChannel = (url: string, fields: ChannelFields = {}): Channel => {
  const { secret = null, ca = null, ...limits } = fields;
  const channel = openKafka({ url, secret, ca, ...limits });
  onTestFinished(channel.close);
  return channel;
};

export const send = (channel: Channel, events: readonly OutgoingEvent[]): Promise<SendResult> =>
  channel.send(events, new AbortController().signal);

/** Repeats a failed `send` until it is delivered, as a relay does; returns the number of attempts. */
export const deliver = async (
  channel: Channel,
  events: readonly OutgoingEvent[],
): Promise<number> => {
  let attempts = 0;
  const isDelivered = async (): Promise<boolean> => {
    attempts++;
    const result = await send(channel, events);
    if (result.kind === 'refused') throw new Error(`the broker refused events: ${result.detail}`);
    return result.kind === 'delivered';
  };
  await waitUntil(isDelivered, 'a delivery');
  return attempts;
};

/** Waits until a broker gives out the ids of producers, some seconds after its start. */
export const untilReady = async (server: string, topic: string): Promise<void> => {
  const channel = openKafka({ url: `kafka://${server}/${topic}`, secret: null, ca: null });
  await deliver(channel, createEvents(1));
  await channel.close();
};

/** Ids of events by subject, in order. */
type Ids = Map<string, string[]>;

/** The ids of a topic's events. */
export const readIds = async (server: string, topic: string): Promise<Ids> => {
  const ids: Ids = new Map();
  for (const { key, headers } of await readTopic(server, topic)) {
    ids.set(key, [...(ids.get(key) ?? []), headers['ce_id'] ?? '']);
  }
  return ids;
};

/** The ids of sent events. */
export const idsOf = (events: readonly OutgoingEvent[]): Ids => {
  const ids: Ids = new Map();
  for (const { subject, id } of events) ids.set(subject, [...(ids.get(subject) ?? []), id]);
  return ids;
};

/** Small enough for one partition to take them all: the brokers of tests accept 64 KiB. */
const LOAD_BATCH = 100;
const LOAD_BEFORE = 1_000;

/**
 * Sends events as fast as it can, before and while something disturbs the brokers. Returns the
 * events, all delivered, and how many times a `send` had to be repeated.
 */
export const sendDuring = async (
  channel: Channel,
  disturb: () => Promise<void>,
): Promise<{ sent: OutgoingEvent[]; repeats: number }> => {
  const sent: OutgoingEvent[] = [];
  const over = new AbortController();
  let repeats = 0;
  const sending = (async () => {
    while (!over.signal.aborted) {
      const events = createEvents(LOAD_BATCH);
      sent.push(...events);
      repeats += (await deliver(channel, events)) - 1;
    }
  })();
  await waitUntil(() => sent.length > LOAD_BEFORE, 'some load');
  await disturb();
  over.abort();
  await sending;
  return { sent, repeats };
};
