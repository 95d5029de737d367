import { connect as connectSocket } from 'node:net';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Channel, OutgoingEvent, SendResult } from './channel.ts';
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
 * Opens the way to JetStream: each event goes to the subject that is its type, as a structured
 * CloudEvent (CloudEvents NATS binding 1.0, section 3.2), with its id as the message id, by which
 * the stream drops what it has already. Connects at the first `send`; a failed `send` ends the
 * connection and the next one makes a new one. One `send` takes `timeoutMs` at most.
 *
 * Order: all events of a `send` are under way at once, but each names the one before it, and the
 * stream takes it only right after that one. So when one is not stored none after it is, and a
 * caller that sends the same again until it is delivered gets every event stored once and in order,
 * as long as the attempts lie within the stream's duplicate window. Several streams may share the
 * subjects; then this holds in each of them.
 *
 * Makes the stream `MOA` when no stream takes any of our subjects; changes none that exists.
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
      // Otherwise the server says whether there is TLS, and so may anybody in between.
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
      // Otherwise somebody else's message came in between. The first of the rest names none before
      // it, so every round stores at least one.
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
 * Waits for the first words of the server, on a connection of its own. The client library leaves
 * its socket open for ever when a server takes the connection and then says nothing.
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
    socket.once('close', () => reject(new Error('the server hung up')));
  });

/** The same promise, but it rejects as soon as the signal aborts. */
const untilAborted = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });

const firstCause = (error: unknown): Error => {
  let cause = error instanceof Error ? error : new Error(String(error));
  while (cause.cause instanceof Error) cause = cause.cause;
  // A host name with several addresses, none of which answers.
  const [first] = cause instanceof AggregateError ? (cause.errors as unknown[]) : [];
  return first instanceof Error ? first : cause;
};
