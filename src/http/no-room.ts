import type { IncomingMessage, ServerResponse } from 'node:http';
import { PROBLEMS, type Route } from '../contract/index.ts';
import type { Tracer } from '../tracing/index.ts';
import type { RecordAnswer } from './metrics.ts';
import { instanceOf, problemBody, problemHeaders } from './problem.ts';
import { createRequestIds } from './request-id.ts';

/** Answers a request and returns true, or leaves it to the routes. */
export type Refuse = (request: IncomingMessage, response: ServerResponse) => boolean;

interface RefusalOptions {
  readonly routes: readonly Route[];
  readonly record: RecordAnswer;
  /** Whether the scheme comes from `X-Forwarded-Proto`, set by the shop's own proxy. */
  readonly trustProxy?: boolean;
  readonly corsHeaders: (origin: string | undefined) => Record<string, string>;
  readonly tracer?: Pick<Tracer, 'startRequest'> | undefined;
}

type Limited = Route & Required<Pick<Route, 'isFull'>>;

const code = 'overloaded';
const { status } = PROBLEMS[code];
const HEADERS = problemHeaders(code);

/**
 * Refuses the commands for which there is no room, before Fastify and before anything of their
 * request is read or checked: under overload, the refusals must leave the time to the others. The
 * answer is that of `sendProblem`.
 */
export const createRefusal = (options: RefusalOptions): Refuse => {
  const { record, corsHeaders, tracer, trustProxy = false } = options;
  const limited = options.routes.filter((route): route is Limited => route.isFull !== undefined);
  const limits = [...new Set(limited.map(({ isFull }) => isFull))];
  const find = createFinder(limited);
  const newId = createRequestIds();

  return (request, response) => {
    if (!limits.some((isFull) => isFull())) return false;
    const { method = '', url = '', headers, httpVersion } = request;
    const [path = ''] = url.split('?', 1);
    const route = find(method, path);
    if (route === undefined || !route.isFull()) return false;
    const since = performance.now();
    const reqId = newId(request);
    const body = problemBody({ code }, { instance: instanceOf(url), traceId: reqId });
    response.writeHead(status, {
      'x-request-id': reqId,
      ...HEADERS,
      ...corsHeaders(headers.origin),
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
    const { operation } = route;
    record({ operation, status, reqId, seconds: (performance.now() - since) / 1_000 });
    if (tracer !== undefined) {
      const traceparent = headers['traceparent'] as string | undefined;
      const scheme = (trustProxy && forwardedScheme(request)) || 'http';
      const traced = { method, route: route.path, scheme, httpVersion, traceparent };
      tracer.startRequest(traced)?.end(status);
    }
    return true;
  };
};

/** The scheme that the last proxy saw; earlier ones may be forged by the client. */
const forwardedScheme = ({ headers }: IncomingMessage): string | undefined =>
  [headers['x-forwarded-proto'] ?? ''].flat().join().split(',').at(-1)?.trim();

/** Finds the route of a method and a path. What it does not find, the router may. */
const createFinder = (routes: readonly Limited[]) => {
  const exact = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));
  const patterns = routes
    .filter(({ path }) => path.includes(':'))
    .map((route) => ({ route, pattern: patternOf(route) }));
  return (method: string, path: string): Limited | undefined => {
    const wanted = `${method} ${path}`;
    return exact.get(wanted) ?? patterns.find(({ pattern }) => pattern.test(wanted))?.route;
  };
};

const patternOf = ({ method, path }: Limited): RegExp =>
  new RegExp(`^${method} ${path.replaceAll(/:[^/]+/g, '[^/]+')}$`);
