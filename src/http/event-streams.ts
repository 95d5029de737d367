import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { normalizeIP } from '@fastify/rate-limit';
import { Gauge, type Registry } from '@prometheus-io/client';
import type { EventSink } from '../contract/index.ts';
import type { Callers } from './caller.ts';
import { endStream, isEnding, markStream } from './connections.ts';
import type { Measure } from './metrics.ts';
import { sendProblem } from './problem.ts';
import { sendRateLimited } from './rate-limit.ts';

interface StreamOptions {
  readonly callers: Callers;
  readonly streamsMax: number;
  /** Whether one caller may have only a few streams. */
  readonly rateLimit?: boolean;
  readonly metrics: Registry;
  /** Measures a request whose stream begins. */
  readonly measure: Measure;
}

/** Answers a request with a stream; `open` returns what is called once when the stream has ended. */
export type SendStream = (
  request: FastifyRequest,
  reply: FastifyReply,
  open: (sink: EventSink) => () => void,
) => FastifyReply;

/** Proxies close a connection without data, many after 60 seconds and some after 30. */
const HEARTBEAT_MS = 15_000;
/**
 * How often tokens and sessions are verified again; a revoked API key is found within another
 * second.
 */
const VERIFY_EVERY_MS = 1_000;
/**
 * Unread bytes after which the next event ends a stream: a few hundred events, or one snapshot. A
 * client that was cut off gets the current state when it connects again.
 */
const UNREAD_BYTES_MAX = 64 * 1024;
/** Streams of one customer, or of one address without a token: the windows of an office. */
const PER_CALLER = { name: 'streams', max: 100 };
/** Clients that lose a process connect again over these milliseconds, not all at once. */
const RETRY_MS = { least: 1_000, most: 5_000 };

const HEARTBEAT = Buffer.from(':\n\n');

interface Stream {
  readonly request: FastifyRequest;
  readonly response: ServerResponse;
}

/**
 * Server-sent events (HTML Standard, "Server-sent events"): limits the number of streams, sends
 * heartbeats, ends the stream of a slow client and, within two seconds, of a token or a session
 * that has expired or was revoked. `endConnections` ends all streams.
 */
export const createEventStreams = (app: FastifyInstance, options: StreamOptions): SendStream => {
  const { callers, streamsMax, rateLimit = false, metrics, measure } = options;
  const streams = new Set<Stream>();
  const counts = new Map<string, number>();
  const count = (owner: string, change: 1 | -1): void => {
    const left = (counts.get(owner) ?? 0) + change;
    if (left === 0) counts.delete(owner);
    else counts.set(owner, left);
  };
  measureStreams(metrics, streams, streamsMax);
  const timers = [
    setInterval(() => {
      // An ended stream is still here until its last bytes are sent.
      for (const { response } of streams) if (!response.writableEnded) response.write(HEARTBEAT);
    }, HEARTBEAT_MS),
    setInterval(() => void endUnverified(streams, callers), VERIFY_EVERY_MS),
  ];
  for (const timer of timers) timer.unref();
  app.server.once('close', () => {
    for (const timer of timers) clearInterval(timer);
  });

  return (request, reply, open) => {
    const owner = ownerOf(request);
    if (streams.size >= streamsMax) return sendProblem(request, reply, { code: 'overloaded' });
    if (rateLimit && owner !== undefined && (counts.get(owner) ?? 0) >= PER_CALLER.max) {
      return sendRateLimited(request, reply, PER_CALLER, RETRY_MS.most / 1_000);
    }
    const response = beginStream(reply);
    // A browser gives up after any other answer; so a client of a stopping process is told to
    // connect again, and then reaches another process.
    const isOver = request.method === 'HEAD' || isEnding(app.server);
    if (isOver) response.end();
    // The client may have left while the handler ran.
    if (isOver || response.destroyed) return reply;
    markStream(response);
    measure(request, reply);
    const stream = { request, response };
    streams.add(stream);
    if (owner !== undefined) count(owner, 1);
    const close = open(sinkOf(response));
    response.once('close', () => {
      streams.delete(stream);
      if (owner !== undefined) count(owner, -1);
      close();
    });
    return reply;
  };
};

const measureStreams = (
  registry: Registry,
  streams: ReadonlySet<Stream>,
  streamsMax: number,
): readonly Gauge[] => [
  new Gauge({
    name: 'moa_http_streams',
    help: 'Open streams of server-sent events',
    registers: [registry],
    collect() {
      this.set(streams.size);
    },
  }),
  new Gauge({
    name: 'moa_http_streams_max',
    help: 'The most open streams of server-sent events',
    registers: [registry],
    collect() {
      this.set(streamsMax);
    },
  }),
];

/** Whose streams are counted; staff and services have no limit of their own. */
const ownerOf = ({ caller, ip }: FastifyRequest): string | undefined => {
  if (caller === undefined) return `address ${normalizeIP(ip)}`;
  return caller.role === 'customer' ? `user ${caller.userId}` : undefined;
};

/** Sends the headers that hooks have set, as those of CORS, and those of a stream. */
const beginStream = (reply: FastifyReply): ServerResponse => {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...(reply.getHeaders() as OutgoingHttpHeaders),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // A proxy (nginx) must not buffer.
    'x-accel-buffering': 'no',
    connection: 'close',
  });
  const { least, most } = RETRY_MS;
  raw.write(`retry: ${Math.round(least + Math.random() * (most - least))}\n\n`);
  return raw;
};

/** Writes parts as one chunk, without a copy: streams share large parts. */
const writeAtOnce = (response: ServerResponse, parts: readonly Buffer[]): void => {
  const { socket } = response;
  // A response releases its socket before it writes what it held back.
  socket?.cork();
  response.cork();
  for (const part of parts) response.write(part);
  response.uncork();
  socket?.uncork();
};

const sinkOf = (response: ServerResponse): EventSink => ({
  send: (parts) => {
    if (response.destroyed || response.writableEnded) return;
    if (response.writableLength > UNREAD_BYTES_MAX) response.destroy();
    else writeAtOnce(response, parts);
  },
  end: () => endStream(response),
});

/** Ends the streams whose token or session is no longer valid, or cannot be verified. */
const endUnverified = async (
  streams: ReadonlySet<Stream>,
  { known, verify }: Callers,
): Promise<void> => {
  const verifyOne = async ({ request, response }: Stream): Promise<void> => {
    const caller = await verify(request).catch(() => undefined);
    if (caller === undefined) endStream(response);
  };
  const unknown = [...streams].filter(
    ({ request }) => request.caller !== undefined && known(request) === undefined,
  );
  await Promise.all(unknown.map(verifyOne));
};
