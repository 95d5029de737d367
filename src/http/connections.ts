import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** Open at once. Node accepts one beyond them and closes it unread (`server.maxConnections`). */
  readonly max: number;
  /** How long a request may take to arrive. */
  readonly requestMs: number;
  /** How long a client may take to read what was written to it. */
  readonly answerMs: number;
  /** How long a body may go on to arrive after its request was answered. */
  readonly lingerMs: number;
  /** How often the times are looked at. */
  readonly lookEveryMs: number;
}

/** How long a client that was refused may take to read why. */
export const LINGER_MS = 1_000;

export const CONNECTION_LIMITS: ConnectionLimits = {
  max: 10_000,
  // A client that needs longer for 128 KiB, or for a page of a list, is gone or hostile.
  requestMs: 30_000,
  answerMs: 30_000,
  lingerMs: LINGER_MS,
  lookEveryMs: 1_000,
};

/** Keeps clients from holding connections, and the answers in them, for as long as they like. */
export const limitConnections = (server: Server, limits: ConnectionLimits): void => {
  server.maxConnections = limits.max;
  trackResponses(server);
  closeUnread(server, limits);
  closeSlowReaders(server, limits);
};

const responses = new WeakMap<Server, Set<ServerResponse>>();

/** Makes each answer from now on the last on its connection, and says so (RFC 9112 §9.6). */
export const endConnections = (server: Server): void => {
  const end = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader('connection', 'close');
  };
  responses.get(server)?.forEach(end);
  server.prependListener('request', (_request, response) => end(response));
};

/** Knows the requests that wait for their answer. */
const trackResponses = (server: Server): void => {
  const waiting = new Set<ServerResponse>();
  responses.set(server, waiting);
  server.on('request', (_request, response) => {
    waiting.add(response);
    response.once('close', () => waiting.delete(response));
  });
};

const answeredEarly = new WeakSet<Socket>();

/** Whether a request on the connection was answered before its body was there. */
export const isAnswered = (socket: Socket): boolean => answeredEarly.has(socket);

/**
 * Closes a connection whose request was answered before its body was there, unless the rest of it
 * soon follows: until then it could not be used again, and Node would read on for as long as it
 * drips. Closing at once would reset the connection, and with it perhaps the answer.
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

/** What a client had to read at a look: up to which byte of its connection, and since when. */
interface Unread {
  readonly end: number;
  readonly sinceMs: number;
}

/** Closes a connection whose client has not read in time what had been written to it. */
const closeSlowReaders = (server: Server, { answerMs, lookEveryMs }: ConnectionLimits): void => {
  const sockets = new Set<Socket>();
  const unread = new WeakMap<Socket, Unread>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  const look = (socket: Socket, nowMs: number): void => {
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
    for (const socket of sockets) look(socket, nowMs);
  }, lookEveryMs).unref();
  server.once('close', () => clearInterval(timer));
};
