import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Caller, CommandOutcome, Route } from '../contract/index.ts';
import type { Tokens } from '../identity/index.ts';
import { CONNECTION_LIMITS, limitConnections, type ConnectionLimits } from './connections.ts';
import {
  answerClientError,
  answerFault,
  answerNotFound,
  refuseUnknown,
  requireHost,
} from './faults.ts';
import { acceptJsonOnly } from './json.ts';
import { measureRequests } from './metrics.ts';
import { describeApi } from './openapi.ts';
import { servePages } from './pages.ts';
import { limitRates } from './rate-limit.ts';
import { createRequestIds } from './request-id.ts';
import { serveRoutes } from './routes.ts';
import { serveService, type Readiness } from './service.ts';
import { createValidatorCompiler } from './validation.ts';

export interface ServerOptions {
  readonly routes: readonly Route[];
  readonly tokens: Tokens;
  /** Makes a customer known at its first call; undefined when there is nothing to wait for. */
  readonly admit: (caller: Caller) => Promise<CommandOutcome> | undefined;
  readonly ready: () => Promise<Readiness>;
  /** How long a caller waits for an answer, whatever the database does. */
  readonly answerMs: number;
  readonly rateLimit: boolean;
  /** Whether the address of a caller comes from `X-Forwarded-For`, set by a proxy of our own. */
  readonly trustProxy: boolean;
  readonly log: FastifyBaseLogger;
  readonly metrics: Registry;
  readonly version: string;
  readonly connections?: Partial<ConnectionLimits>;
}

/** The longest product description in escaped JSON, with room to spare. */
const BODY_BYTES_MAX = 128 * 1024;
/** Beyond any id; such a path is refused by its schema, a longer one by the router. */
const PARAM_LENGTH_MAX = 500;
const HEADER_BYTES_MAX = 16 * 1024;

/** The HTTP server of the whole API; `listen` starts it, `close` lets running requests finish. */
export const createServer = async (options: ServerOptions): Promise<FastifyInstance> => {
  const { routes, tokens, log, metrics } = options;
  const connections = { ...CONNECTION_LIMITS, ...options.connections };
  const app: FastifyInstance = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request would cost more than the few lines that name it themselves.
    childLoggerFactory: (logger) => logger,
    genReqId: createRequestIds(),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: connections.requestMs,
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      // Node would refuse a request without `Host` itself, in words of its own.
      requireHostHeader: false,
      // Where the headers may take longer than the request, Node swaps the two: it must know both.
      requestTimeout: connections.requestMs,
      connectionsCheckingInterval: connections.lookEveryMs,
    },
    // One proxy: the address that it saw is the last one; those before it are anybody's claim.
    trustProxy: options.trustProxy ? (_address, hop) => hop === 0 : false,
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: answerFault,
  });
  app.setValidatorCompiler(createValidatorCompiler() as never);
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(answerFault);
  app.setNotFoundHandler(answerNotFound);
  app.decorateRequest('caller', undefined);
  acceptJsonOnly(app);

  limitConnections(app.server, connections);
  measureRequests(app, metrics);
  app.addHook('onRequest', requireHost);
  // A server may ignore an `Expect` that it does not know (RFC 9110 §10.1.1); Node would answer 417.
  app.server.on('checkExpectation', (request, reply) => {
    app.server.emit('request', request, reply);
  });
  if (options.rateLimit) await limitRates(app, tokens);
  app.addHook('onRequest', refuseUnknown);
  await describeApi(app, options.version);
  serveRoutes(app, routes, options);
  await app.register(servePages);
  serveService(app, { metrics, ready: options.ready });
  closeWhatIdles(app);
  return app;
};

/** How soon a connection that has its last answer is closed. */
const IDLE_CHECK_MS = 50;

/**
 * Node closes the connections that are idle when the server closes, but not those that become idle
 * after their last answer: each would hold up the shutdown until its keep-alive time is over.
 */
const closeWhatIdles = (app: FastifyInstance): void => {
  app.addHook('preClose', (done) => {
    const timer = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS);
    app.server.once('close', () => clearInterval(timer));
    timer.unref();
    done();
  });
};
