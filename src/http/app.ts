import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import {
  CONNECTION_LIMITS,
  endConnections,
  limitConnections,
  type ConnectionLimits,
} from './connections.ts';
import {
  answerClientError,
  answerFault,
  answerNotFound,
  requireHost,
  requireUtf8Query,
} from './faults.ts';
import { createRequestIds } from './request-id.ts';

export interface AppOptions {
  readonly log: FastifyBaseLogger;
  /** Whether the address of a caller comes from `X-Forwarded-For`, set by a proxy of our own. */
  readonly trustProxy?: boolean;
  readonly connections?: Partial<ConnectionLimits>;
}

/** The longest product description in escaped JSON, with room to spare. */
const BODY_BYTES_MAX = 128 * 1024;
/** Beyond any id; such a path is refused by its schema, a longer one by the router. */
const PARAM_LENGTH_MAX = 500;
const HEADER_BYTES_MAX = 16 * 1024;

/** An HTTP server without routes: what it takes, and how it answers what it does not take. */
export const createApp = (options: AppOptions): FastifyInstance => {
  const connections = { ...CONNECTION_LIMITS, ...options.connections };
  const app: FastifyInstance = Fastify({
    loggerInstance: options.log,
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
    trustProxy: options.trustProxy === true ? (_address, hop) => hop === 0 : false,
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: answerFault,
  });
  app.setErrorHandler(answerFault);
  app.setNotFoundHandler(answerNotFound);
  app.addHook('onRequest', requireHost);
  app.addHook('onRequest', requireUtf8Query);
  // A server may ignore an `Expect` that it does not know (RFC 9110 §10.1.1); Node would answer 417.
  app.server.on('checkExpectation', (request, reply) => {
    app.server.emit('request', request, reply);
  });
  limitConnections(app.server, connections);
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
    endConnections(app.server);
    const timer = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS);
    app.server.once('close', () => clearInterval(timer));
    timer.unref();
    done();
  });
};
