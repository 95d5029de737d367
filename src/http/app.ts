import { createServer } from 'node:http';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { closeFurther, whenClosed } from './addresses.ts';
import {
  CONNECTION_LIMITS,
  KEEP_ALIVE_MS,
  LINGER_MS,
  closeUnused,
  endConnections,
  limitConnections,
  type ConnectionLimits,
} from './connections.ts';
import { ignoreTypeOfNothing } from './empty-body.ts';
import {
  answerClientError,
  answerFault,
  answerNotFound,
  requireHost,
  requireUtf8Query,
} from './faults.ts';
import type { Refuse } from './no-room.ts';
import { createRequestIds } from './request-id.ts';

export interface AppOptions {
  readonly log: FastifyBaseLogger;
  /** Whether the caller's address comes from `X-Forwarded-For`, set by the shop's own proxy. */
  readonly trustProxy?: boolean;
  readonly connections?: Partial<ConnectionLimits>;
  /** What may refuse a request before Fastify sees it; nothing by default. */
  readonly refuse?: Refuse | undefined;
}

/** The longest product description in escaped JSON, with reserve. */
const BODY_BYTES_MAX = 128 * 1024;
/** Longer than any id; the schema rejects such a path, the router a longer one. */
const PARAM_LENGTH_MAX = 500;
const HEADER_BYTES_MAX = 16 * 1024;

/** An HTTP server without routes: its limits and its answers to invalid requests. */
export const createApp = (options: AppOptions): FastifyInstance => {
  const connections = { ...CONNECTION_LIMITS, ...options.connections };
  const { refuse = () => false } = options;
  const app: FastifyInstance = Fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger per request would cost more than adding the id to the few lines that need it.
    childLoggerFactory: (logger) => logger,
    genReqId: createRequestIds(),
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    serverFactory: (handle) =>
      createServer(
        {
          maxHeaderSize: HEADER_BYTES_MAX,
          // Node would reject a request without `Host` itself, in another format.
          requireHostHeader: false,
          requestTimeout: connections.requestMs,
          connectionsCheckingInterval: connections.checkEveryMs,
          keepAliveTimeout: KEEP_ALIVE_MS,
        },
        (request, response) => {
          if (!refuse(request, response)) handle(request, response);
        },
      ),
    // One proxy: the last address is the one that it saw; earlier ones may be forged by the client.
    trustProxy: options.trustProxy === true ? (_address, hop) => hop === 0 : false,
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: answerFault,
  });
  app.setErrorHandler(answerFault);
  app.setNotFoundHandler(answerNotFound);
  app.addHook('onRequest', requireHost);
  app.addHook('onRequest', requireUtf8Query);
  app.addHook('onRequest', ignoreTypeOfNothing);
  // A server may ignore an unknown `Expect` (RFC 9110 §10.1.1); Node would answer 417.
  app.server.on('checkExpectation', (request, reply) => {
    app.server.emit('request', request, reply);
  });
  limitConnections(app.server, connections);
  closeWhatIdles(app);
  return app;
};

/** How soon a connection is closed after its last answer. */
const IDLE_CHECK_MS = 50;

/**
 * When the server closes, Node closes idle connections, but neither those that become idle after
 * their last answer nor those without a request: each would delay the shutdown by a minute.
 */
const closeWhatIdles = (app: FastifyInstance): void => {
  let closed: Promise<void> | undefined;
  app.addHook('preClose', (done) => {
    closed = whenClosed(app.server);
    closeFurther(app.server);
    endConnections(app.server);
    const timer = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS);
    // A request may be on its way.
    setTimeout(() => closeUnused(app.server), LINGER_MS).unref();
    void closed.then(() => clearInterval(timer));
    timer.unref();
    done();
  });
  app.addHook('onClose', () => closed);
};
