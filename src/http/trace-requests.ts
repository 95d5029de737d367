import type { FastifyInstance } from 'fastify';
import type { RequestSpan, Tracer } from '../tracing/index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined unless the request is traced. */
    span: RequestSpan | undefined;
  }
}

/** What machines ask every few seconds; its spans would hide the others. */
const PROBES = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * Makes a span of each request, from its arrival to the end of its answer, except of probes. The
 * handler runs within the span, and with it everything that the handler submits.
 */
export const traceRequests = (
  app: FastifyInstance,
  tracer: Pick<Tracer, 'startRequest' | 'within'>,
): void => {
  app.decorateRequest('span', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    const { method, headers, protocol, raw, routeOptions } = request;
    const { url: route } = routeOptions;
    if (route !== undefined && PROBES.has(route)) {
      done();
      return;
    }
    const span = tracer.startRequest({
      method,
      route,
      scheme: protocol,
      httpVersion: raw.httpVersion,
      traceparent: headers['traceparent'] as string | undefined,
    });
    request.span = span;
    const { raw: response } = reply;
    if (span !== undefined) {
      response.once('close', () => {
        span.end(response.writableFinished ? response.statusCode : undefined);
      });
    }
    done();
  });
  // After the body was read: its events come from the connection, whose context is another one.
  app.addHook('preHandler', ({ span }, _reply, done) => {
    if (span === undefined) done();
    else tracer.within(span, done);
  });
};
