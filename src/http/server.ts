import compress from '@fastify/compress';
import type { FastifyInstance } from 'fastify';
import type { Registry } from '@prometheus-io/client';
import type { Caller, CommandOutcome, Route } from '../contract/index.ts';
import type { Tokens } from '../identity/index.ts';
import type { SignIn } from '../sign-in/index.ts';
import type { Tracer } from '../tracing/index.ts';
import { createApp, type AppOptions } from './app.ts';
import { createCallers, identifyCallers } from './caller.ts';
import { allowOrigins, createCorsHeaders } from './cors.ts';
import { refuseUnknown } from './faults.ts';
import { acceptFilesOnly } from './files.ts';
import { acceptJsonOnly } from './json.ts';
import { createRecord, measureRequests, serveMetrics } from './metrics.ts';
import { createRefusal } from './no-room.ts';
import { createEventStreams } from './event-streams.ts';
import { describeApi } from './openapi.ts';
import { servePages } from './pages.ts';
import { limitRates } from './rate-limit.ts';
import { serveRoutes } from './routes.ts';
import { serveSignIn } from './sign-in.ts';
import { serveHealth, type Readiness } from './health.ts';
import { traceRequests } from './trace-requests.ts';
import { readWebPage, serveWebPage } from './web-pages.ts';
import { createValidatorCompiler } from './validation.ts';

export interface ServerOptions extends AppOptions {
  readonly routes: readonly Route[];
  readonly tokens: Tokens;
  /** Undefined when users sign in elsewhere. */
  readonly signIn?: SignIn | undefined;
  /** Registers a customer at the first call; undefined when no wait is necessary. */
  readonly ensureRegistered: (caller: Caller) => Promise<CommandOutcome> | undefined;
  readonly ready: () => Promise<Readiness>;
  /** The maximum time of a caller's wait, whatever the database does. */
  readonly answerMs: number;
  readonly rateLimit: boolean;
  /** The maximum number of open streams; 2,000 by default. */
  readonly streamsMax?: number;
  /** The origins whose pages may call the API; none by default. */
  readonly corsOrigins?: readonly string[];
  readonly metrics: Registry;
  /** The text of the metrics, if not that of `metrics` alone. */
  readonly readMetrics?: (() => Promise<string>) | undefined;
  /** Without it, no request is traced. */
  readonly tracer?: Tracer | undefined;
  /** False when a separate port serves the metrics. */
  readonly showMetrics?: boolean;
  readonly version: string;
  /** The folder of the built storefront and console; without it, only the API is served. */
  readonly webFolder?: string;
}

const NOT_BUILT = 'The pages are not built, so only the API is served: `npm run build` builds them';

const STREAMS_MAX = 2_000;

/** The HTTP server of the API; `listen` starts it, `close` waits for running requests. */
export const createServer = async (options: ServerOptions): Promise<FastifyInstance> => {
  const { routes, tokens, signIn, metrics } = options;
  const callers = createCallers(tokens, signIn);
  const served = { ...options, callers, publicUrl: signIn?.publicUrl ?? '' };
  const { corsOrigins = [], tracer } = options;
  const record = createRecord(metrics, options.log);
  const corsHeaders = createCorsHeaders(corsOrigins);
  const refuse = createRefusal({ ...options, record, corsHeaders });
  const app = createApp({ ...options, refuse });
  app.setValidatorCompiler(createValidatorCompiler() as never);
  app.setSerializerCompiler(() => JSON.stringify);
  acceptJsonOnly(app);

  if (tracer !== undefined) traceRequests(app, tracer);
  const measure = measureRequests(app, metrics, record);
  if (corsOrigins.length > 0) await allowOrigins(app, corsOrigins);
  identifyCallers(app, callers);
  if (options.rateLimit) await limitRates(app);
  const { webFolder } = options;
  const page = webFolder === undefined ? undefined : await readWebPage(webFolder);
  if (webFolder !== undefined && page === undefined) app.log.warn(NOT_BUILT);
  app.addHook('onRequest', refuseUnknown(page));
  await describeApi(app, options.version);
  await app.register(async (api) => {
    // Only on request of a route: a hook for each answer would slow orders down.
    await api.register(compress, { global: false, globalDecompression: false });
    const sendStream = createEventStreams(api, {
      streamsMax: STREAMS_MAX,
      ...served,
      measure,
    });
    serveRoutes(
      api,
      routes.filter(({ fileTypes }) => fileTypes === undefined),
      served,
      sendStream,
    );
    for (const route of routes) {
      const { fileTypes } = route;
      if (fileTypes === undefined) continue;
      // In a scope of its own: every other route accepts only JSON.
      await api.register((scope, _options, done) => {
        acceptFilesOnly(scope, fileTypes);
        serveRoutes(scope, [route], served, sendStream);
        done();
      });
    }
  });
  serveSignIn(app, signIn);
  await app.register(servePages);
  if (page !== undefined) await serveWebPage(app, page);
  serveHealth(app, options.ready);
  if (options.showMetrics !== false) serveMetrics(app, metrics, options.readMetrics);
  return app;
};

/** The HTTP server of the metrics, for a port that only operators can reach. */
export const createMetricsServer = (
  options: Pick<ServerOptions, 'log' | 'metrics' | 'readMetrics'>,
): FastifyInstance => {
  const app = createApp(options);
  app.addHook('onRequest', refuseUnknown());
  serveMetrics(app, options.metrics, options.readMetrics);
  return app;
};
