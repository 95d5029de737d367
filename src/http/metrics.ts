import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Histogram, collectDefaultMetrics, type Registry } from '@prometheus-io/client';
import { shareRunning } from '../database/loader.ts';
import { isStream } from './connections.ts';
import { schemaOfPage } from './openapi.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operation id of the route in the OpenAPI document. */
    operation?: string;
  }
}

/** One answer: its operation, status and request id, and the time from the request to its end. */
interface Answered {
  readonly operation: string;
  readonly status: number;
  readonly reqId: string;
  readonly seconds: number;
}

/** Counts, times and logs one answer. */
export type RecordAnswer = (answered: Answered) => void;

/** Makes the metrics of answers; each answer is recorded once. */
export const createRecord = (registry: Registry, log: FastifyBaseLogger): RecordAnswer => {
  const requests = new Counter({
    name: 'moa_http_requests_total',
    help: 'Answers by operation and status',
    labelNames: ['operation', 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'moa_http_request_seconds',
    help: 'Time from the arrival of a request to the end of its answer, or to the start of a stream',
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  return ({ operation, status, reqId, seconds: took }) => {
    requests.inc({ operation, status });
    seconds.observe({ operation }, took);
    log.debug({ reqId, operation, status }, 'answered');
  };
};

/** Records one answer of a route. */
export type Measure = (request: FastifyRequest, reply: FastifyReply) => void;

/**
 * Records every answer of a route at its end, and adds the request id to the answer. Returns what
 * records a stream when it begins: how long it stays open says nothing about the service.
 */
export const measureRequests = (
  app: FastifyInstance,
  registry: Registry,
  record: RecordAnswer,
): Measure => {
  collectDefaultMetrics({ register: registry });
  const refused = new Counter({
    name: 'moa_http_connections_refused_total',
    help: 'Connections beyond the limit, closed unread',
    registers: [registry],
  });
  app.server.on('drop', () => refused.inc());
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  const measure: Measure = (request, reply) =>
    record({
      operation: operationOf(request),
      status: reply.statusCode,
      reqId: request.id,
      seconds: reply.elapsedTime / 1_000,
    });
  app.addHook('onResponse', (request, reply, done) => {
    if (!isStream(reply.raw)) measure(request, reply);
    done();
  });
  return measure;
};

/**
 * The operation of the OpenAPI document. Other requests have one label for each kind, so that no
 * client can create a series.
 */
const operationOf = ({ is404, method, routeOptions }: FastifyRequest): string => {
  if (is404) return 'unmatched';
  const { operation } = routeOptions.config;
  return operation ?? (method === 'OPTIONS' ? 'preflight' : 'pages');
};

/**
 * Serves the metrics in the text format of Prometheus; `read` replaces those of the registry, for
 * example by the sums of several processes. Anybody may ask at any rate, and a collection uses
 * connections to the database, so the requests that come while one runs share it.
 */
export const serveMetrics = (
  app: FastifyInstance,
  registry: Registry,
  read: () => Promise<string> = () => registry.metrics(),
): void => {
  const readShared = shareRunning(read);
  const schema = schemaOfPage({
    operationId: 'getMetrics',
    summary: 'Prometheus metrics',
    answers: { 200: { [registry.contentType]: { schema: { type: 'string' } } } },
  });
  app.get(
    '/metrics',
    { config: { operation: 'getMetrics', rateLimit: false }, schema },
    async (_request, reply) => reply.type(registry.contentType).send(await readShared()),
  );
};
