import { expect, test } from 'vitest';
import { createToCloudEvent } from '../events/cloud-event.ts';
import { toKafkaMessage } from './message.ts';

const ROW = {
  position: 1,
  eventId: '0190a000-0000-7000-8000-000000000001',
  type: 'order.paid.v1',
  subject: '0190a000-0000-7000-8000-000000000002',
  time: new Date(0),
  data: '{}',
};
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('the event of a traced request names the request, any other one names none', () => {
  const toCloudEvent = createToCloudEvent({ source: '/moa', publicUrl: 'https://shop' });
  const messageOf = (traceparent?: string | null) => {
    const event = toCloudEvent(traceparent === undefined ? ROW : { ...ROW, traceparent });
    const headers = Object.fromEntries(
      [...toKafkaMessage(event).headers].map(([name, value]) => [String(name), String(value)]),
    );
    return [headers['ce_traceparent'], (JSON.parse(event.json) as typeof event).traceparent];
  };
  expect(messageOf(TRACEPARENT)).toEqual([TRACEPARENT, TRACEPARENT]);
  expect(messageOf(null)).toEqual([undefined, undefined]);
  expect(messageOf()).toEqual([undefined, undefined]);
});
