import { authorizationOf, baseOf, fetchOf, type CallOptions, type Connection } from './call.ts';
import type { LiveData } from './contract.ts';
import type { Message } from './event-parser.ts';
import { followStream } from './live-stream.ts';
import { MoaFault } from './result.ts';
import { DEFAULTS } from './retry.ts';

/** An event of a stream; `event` tells which data it has. */
export type LiveEvent = {
  [Name in keyof LiveData]: {
    readonly event: Name;
    readonly data: LiveData[Name];
    /** Where a later stream continues, as its `lastEventId`. */
    readonly lastEventId: string;
  };
}[keyof LiveData];

/** What a stream sends, and how it is followed. */
export interface LiveOptions extends CallOptions {
  /** The ids of products whose stock, price and status are sent. */
  readonly products?: readonly string[] | undefined;
  readonly bestSellers?: boolean | undefined;
  /** The orders of the calling customer. */
  readonly orders?: boolean | undefined;
  /** The balance of the calling customer. */
  readonly wallet?: boolean | undefined;
  /** Figures of the running service, for staff. */
  readonly operations?: boolean | undefined;
  /** Continues an earlier stream. */
  readonly lastEventId?: string | undefined;
  /** Called when a connection is open, the first one and each later one. */
  readonly onOpen?: (() => void) | undefined;
  /** A connection without a byte for this time is lost; Moa sends one every 15 seconds. */
  readonly silenceMs?: number | undefined;
}

/** Functions that are called with the data of an event. */
export type LiveListeners = {
  readonly [Name in keyof LiveData]?: (data: LiveData[Name]) => void;
} & {
  /** Called if the stream would not open again, for example without a valid token. */
  readonly failed: (fault: MoaFault) => void;
};

/**
 * Events as they happen: iterate over them, or listen. Both end when the signal aborts, and each
 * opens a connection of its own. A problem ends an iteration with a `MoaFault` that has it.
 */
export interface Live extends AsyncIterable<LiveEvent> {
  /** Calls the listeners; returns what ends this, as the cleanup of an effect in React. */
  readonly listen: (listeners: LiveListeners) => () => void;
}

/** Two and a half of the comments that Moa sends every 15 seconds. */
const SILENCE_MS = 40_000;

const queryOf = (options: LiveOptions): string => {
  const { products = [], bestSellers, orders, wallet, operations } = options;
  const topics = [
    ...(bestSellers === true ? ['best-sellers'] : []),
    ...(orders === true ? ['orders'] : []),
    ...(wallet === true ? ['wallet'] : []),
    ...(operations === true ? ['operations'] : []),
  ];
  return new URLSearchParams({
    ...(products.length === 0 ? {} : { products: products.join(',') }),
    ...(topics.length === 0 ? {} : { topics: topics.join(',') }),
  }).toString();
};

const readEvent = ({ event, data, lastEventId }: Message): LiveEvent => {
  try {
    return { event, data: JSON.parse(data) as unknown, lastEventId } as LiveEvent;
  } catch (cause) {
    const message = `the data of an event ${event} is not JSON`;
    throw new MoaFault(message, { reason: 'unexpected_answer', cause });
  }
};

async function* eventsOf(
  connection: Connection,
  options: LiveOptions,
  signal: AbortSignal,
): AsyncGenerator<LiveEvent, void> {
  const { lastEventId, silenceMs = SILENCE_MS, onOpen, onWait } = options;
  const { attemptMs, firstWaitMs } = { ...DEFAULTS, ...connection.retry };
  const messages = followStream(fetchOf(connection), {
    // An address that is none throws here; a request without an answer would be sent for ever.
    url: new URL(`${baseOf(connection)}/v1/stream?${queryOf(options)}`).href,
    headers: () => authorizationOf(connection),
    lastEventId,
    signal,
    openMs: attemptMs,
    silenceMs,
    firstWaitMs,
    onOpen,
    onWait,
  });
  for await (const message of messages) yield readEvent(message);
}

/** Streams of events; nothing is opened before it is iterated over or listened to. */
export const createLive =
  (connection: Connection) =>
  (options: LiveOptions): Live => {
    const { signal = new AbortController().signal } = options;
    const follow = async (
      { failed, ...listeners }: LiveListeners,
      until: AbortSignal,
    ): Promise<void> => {
      try {
        for await (const { event, data } of eventsOf(connection, options, until)) {
          // The event has the data of its listener; a newer service may send other events.
          const listener = listeners[event] as ((data: unknown) => void) | undefined;
          listener?.(data);
        }
      } catch (error) {
        if (!(error instanceof MoaFault)) throw error;
        if (!until.aborted) failed(error);
      }
    };
    return {
      [Symbol.asyncIterator]: () => eventsOf(connection, options, signal),
      listen: (listeners) => {
        const leaving = new AbortController();
        void follow(listeners, AbortSignal.any([signal, leaving.signal]));
        return () => leaving.abort();
      },
    };
  };
