import type { Tracer } from '../tracing/index.ts';
import type { Channel } from './channel.ts';
import type { Destination } from './destination.ts';

/** Makes a span of each `send` that links to what has caused its events; a no-op without a tracer. */
export const traceSends = (
  channel: Channel,
  { destinationId, kind }: Pick<Destination, 'destinationId' | 'kind'>,
  tracer: Pick<Tracer, 'startSend'> | undefined,
): Channel => {
  if (tracer === undefined) return channel;
  return {
    ...channel,
    send: async (events, signal) => {
      const traceparents = events.flatMap(({ traceparent }) => traceparent ?? []);
      const end = tracer.startSend({ destinationId, kind, events: events.length, traceparents });
      const result = await channel.send(events, signal);
      end({ kind: result.kind, status: result.answer?.status });
      return result;
    },
  };
};
