import { connect as connectSocket } from 'node:net';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Channel, OutgoingEvent, SendResult } from '../channel.ts';
import { untilAborted } from '../until-aborted.ts';
import { createMissingStream, createPublisher, type Publisher } from './jetstream.ts';

const TIMEOUT_MS = 10_000;
const DEFAULT_PORT = 4222;
const DETAIL_LENGTH_MAX = 200;

const TOO_LARGE: SendResult = { kind: 'refused', detail: 'too large for the server' };

interface Link {
  readonly connection: NatsConnection;
  readonly publisher: Publisher;
}

/**
 * Opens a channel to JetStream. Each event is published to the subject of its type, as a structured
 * CloudEvent (CloudEvents NATS binding 1.0, section 3.2), with its id as the message id, by which
 * the stream drops duplicates. Connects at the first `send`; a failed `send` closes the connection
 * and the next one reconnects. One `send` takes at most `timeoutMs`.
 *
 * Order: all events of a `send` are in flight at once, but each names the previous one, and the
 * stream stores it only directly after that one. After an event that is not stored, no later one is
 * stored. A caller that repeats a `send` until it is delivered gets every event stored once and in
 * order, if the attempts lie within the stream's duplicate window. If several streams share the
 * subjects, this holds in each stream.
 *
 * Creates the stream `MOA` if no stream has Moa's subjects; never changes an existing stream.
 */
export const openNats = (options: {
  readonly url: string;
  readonly token: string | null;
  readonly timeoutMs?: number;
}): Channel => {
  const { url, token, timeoutMs = TIMEOUT_MS } = options;
  const closing = new AbortController();
  let link: Promise<Link> | undefined;

  const open = async (end: AbortSignal): Promise<Link> => {
    end.throwIfAborted();
    await awaitGreeting(url, end);
    const connection = await connect({
      servers: url,
      name: 'moa',
      timeout: timeoutMs,
      reconnect: false,
      noAsyncTraces: true,
      ...(token === null ? {} : { token }),
      // Otherwise the server decides about TLS, and so could an attacker in between.
      ...(new URL(url).protocol === 'tls:' ? { tls: {} } : {}),
    });
    try {
      end.throwIfAborted();
      await createMissingStream(connection, timeoutMs);
      return { connection, publisher: createPublisher(connection) };
    } catch (error) {
      await connection.close();
      throw error;
    }
  };

  const getLink = (end: AbortSignal): Promise<Link> => {
    if (link !== undefined) return link;
    const opening = untilAborted(open(end), end);
    const clear = (): void => {
      if (link === opening) link = undefined;
    };
    link = opening;
    opening.then(({ connection }) => connection.closed()).then(clear, clear);
    return opening;
  };

  const disconnect = async (): Promise<void> => {
    const last = link;
    link = undefined;
    const opened = await last?.catch(() => undefined);
    await opened?.connection.close();
  };

  const deliver = async (
    events: readonly OutgoingEvent[],
    end: AbortSignal,
  ): Promise<SendResult> => {
    const { publisher } = await getLink(end);
    let rest = events;
    while (rest.length > 0) {
      end.throwIfAborted();
      const answers = await publisher.publish(rest);
      const failed = answers.find(({ kind }) => kind !== 'stored');
      if (failed?.kind === 'too large') return TOO_LARGE;
      if (failed?.kind === 'failed') throw new Error(failed.detail);
      // Out of order: another publisher's message came in between. The first event of the rest
      // names no previous one, so every round stores at least one event.
      rest = rest.filter((_event, index) => answers[index]?.kind !== 'stored');
    }
    return { kind: 'delivered' };
  };

  const describe = (error: unknown): string => {
    if (closing.signal.aborted) return 'closed';
    const cause = firstCause(error);
    if (cause.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
    const text = cause.message || cause.name;
    const safe = token === null || token === '' ? text : text.replaceAll(token, '***');
    return safe.slice(0, DETAIL_LENGTH_MAX);
  };

  return {
    send: async (events, signal) => {
      const end = AbortSignal.any([signal, closing.signal, AbortSignal.timeout(timeoutMs)]);
      try {
        return await untilAborted(deliver(events, end), end);
      } catch (error) {
        await disconnect();
        return { kind: 'failed', detail: signal.aborted ? 'aborted' : describe(error) };
      }
    },
    close: async () => {
      closing.abort();
      await disconnect();
    },
  };
};

/**
 * Waits for the greeting of the server on a separate connection, because the client library never
 * closes its socket to a server that accepts the connection and stays silent.
 */
const awaitGreeting = (url: string, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connectSocket({
      host: hostname.replaceAll(/[[\]]/g, ''),
      port: port === '' ? DEFAULT_PORT : Number(port),
      signal,
    });
    socket.once('data', () => {
      resolve();
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the server closed the connection')));
  });

const firstCause = (error: unknown): Error => {
  let cause = error instanceof Error ? error : new Error(String(error));
  while (cause.cause instanceof Error) cause = cause.cause;
  // A host name with several addresses, none of which answers.
  const [first] = cause instanceof AggregateError ? (cause.errors as unknown[]) : [];
  return first instanceof Error ? first : cause;
};
