import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { closeAddresses, whenClosed } from './addresses.ts';

export interface ConnectionLimits {
  /** Open connections. Node accepts one more and closes it unread (`server.maxConnections`). */
  readonly max: number;
  /** The time for a request to arrive. */
  readonly requestMs: number;
  /** The time for a client to read what was written to it. */
  readonly answerMs: number;
  /** The time for the rest of a body to arrive after its request was answered. */
  readonly lingerMs: number;
  /** The interval of the checks. */
  readonly checkEveryMs: number;
}

/** How long an idle connection is kept open; answers promise it to clients (`Keep-Alive`). */
export const KEEP_ALIVE_MS = 72_000;

/** The time for a client to read an early answer. */
export const LINGER_MS = 1_000;

export const CONNECTION_LIMITS: ConnectionLimits = {
  max: 10_000,
  // A client that needs longer for 128 KiB, or for a page of a list, is gone or hostile.
  requestMs: 30_000,
  answerMs: 30_000,
  lingerMs: LINGER_MS,
  checkEveryMs: 1_000,
};

/**
 * Limits the number of connections, and how long a client can hold a connection and its answers.
 */
export const limitConnections = (server: Server, limits: ConnectionLimits): void => {
  server.maxConnections = limits.max;
  // A worker would hand a connection beyond the limit back, and again if all workers are full.
  Object.assign(server, { dropMaxConnection: true });
  closeUnread(server, limits);
  closeSlowReaders(server, limits);
};

/** The open connections of each server. */
const connections = new WeakMap<Server, Set<Socket>>();

const ending = new WeakSet<Server>();
const streams = new WeakSet<ServerResponse>();

/** Whether each answer is the last one of its connection. */
export const isEnding = (server: Server): boolean => ending.has(server);

/** Marks an answer that has no end of its own; `endConnections` ends it. */
export const markStream = (response: ServerResponse): void => void streams.add(response);

/** Whether an answer is marked as a stream. */
export const isStream = (response: ServerResponse): boolean => streams.has(response);

/** Ends a stream at once: a client that has not read everything would delay the end. */
export const endStream = (response: ServerResponse): void => {
  if (response.writableLength === 0) response.end();
  else response.destroy();
};

/**
 * Makes each answer from now on the last one of its connection (RFC 9112 §9.6), and ends streams.
 */
export const endConnections = (server: Server): void => {
  ending.add(server);
  const end = (response: ServerResponse | null | undefined): void => {
    if (response?.headersSent === false) response.setHeader('connection', 'close');
    else if (response?.headersSent === true && isStream(response)) endStream(response);
  };
  for (const socket of connections.get(server) ?? []) end(responseOn(socket));
  server.prependListener('request', (_request, response) => end(response));
};

/**
 * Stops accepting connections and makes the next answer of each open one its last. Resolves when
 * all are closed, or when every idle one could be closed without losing a request: after
 * `KEEP_ALIVE_MS`, or when `signal` aborts.
 */
export const retireConnections = async (server: Server, signal: AbortSignal): Promise<void> => {
  const closed = whenClosed(server);
  closeAddresses(server);
  endConnections(server);
  const late = delay(KEEP_ALIVE_MS, undefined, { signal }).catch(() => undefined);
  await Promise.race([closed, late]);
};

/** Closes connections on which nothing has arrived; browsers open some before they need them. */
export const closeUnused = (server: Server): void => {
  for (const socket of connections.get(server) ?? []) if (socket.bytesRead === 0) socket.destroy();
};

/** The response that a connection's request waits for. Node.js has it only in this field. */
export const responseOn = (
  socket: Socket & { _httpMessage?: ServerResponse | null },
): ServerResponse | null | undefined => socket._httpMessage;

const answeredEarly = new WeakSet<Socket>();

/** Whether a request on the connection was answered before its body was complete. */
export const isAnswered = (socket: Socket): boolean => answeredEarly.has(socket);

/**
 * Closes a connection whose request was answered before its body was complete, unless the rest
 * arrives within `lingerMs`: until then the connection cannot be reused, and Node would read a slow
 * body without end. Closing at once would reset the connection and could lose the answer.
 */
const closeUnread = (server: Server, { lingerMs }: ConnectionLimits): void => {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    response.on('finish', () => {
      if (request.complete) return;
      answeredEarly.add(request.socket);
      const closeIfIncomplete = () => {
        if (!request.complete) request.socket.destroy();
      };
      setTimeout(closeIfIncomplete, lingerMs).unref();
    });
  });
};

/** The byte that a client has to read up to, and the time when that was first seen. */
interface Unread {
  readonly end: number;
  readonly sinceMs: number;
}

/** Closes a connection whose client does not read written data in time. */
const closeSlowReaders = (server: Server, { answerMs, checkEveryMs }: ConnectionLimits): void => {
  const sockets = new Set<Socket>();
  connections.set(server, sockets);
  const unread = new WeakMap<Socket, Unread>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  const check = (socket: Socket, nowMs: number): void => {
    if (socket.writableLength === 0) {
      unread.delete(socket);
      return;
    }
    const read = socket.bytesWritten - socket.writableLength;
    const { end, sinceMs } = unread.get(socket) ?? { end: 0, sinceMs: nowMs };
    if (read >= end) unread.set(socket, { end: socket.bytesWritten, sinceMs: nowMs });
    else if (nowMs - sinceMs > answerMs) socket.destroy();
  };
  const timer = setInterval(() => {
    const nowMs = performance.now();
    for (const socket of sockets) check(socket, nowMs);
  }, checkEveryMs).unref();
  server.once('close', () => clearInterval(timer));
};
