import { SpanKind, SpanStatusCode, type Tracer as SdkTracer } from '@opentelemetry/api';
import { contextBelow, linksTo, traceparentOf } from './span-context.ts';
import type { RequestSpan, TracedRequest } from './tracer.ts';

/** The methods that a span may name; a client could send any other one. */
const METHODS = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
]);

const FAULT_MIN = 500;

/**
 * Starts the server span of a request (OpenTelemetry semantic conventions, "HTTP server"), without
 * the attributes that contain what the client has sent: path, query, address and user agent.
 * Undefined when the request is not sampled.
 */
export const startRequestSpan = (
  tracer: SdkTracer,
  { method, route, scheme, httpVersion, traceparent }: TracedRequest,
): RequestSpan | undefined => {
  const isKnown = METHODS.has(method);
  const verb = isKnown ? method : 'HTTP';
  const span = tracer.startSpan(
    route === undefined ? verb : `${verb} ${route}`,
    {
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': isKnown ? method : '_OTHER',
        'url.scheme': scheme,
        'network.protocol.version': httpVersion,
        ...(route === undefined ? {} : { 'http.route': route }),
      },
    },
    contextBelow(traceparent),
  );
  if (!span.isRecording()) return undefined;
  return {
    traceparent: traceparentOf(span),
    link: (to) => {
      // An overdue request is answered before its batch ends.
      if (span.isRecording()) span.addLinks(linksTo([to]));
    },
    end: (status) => {
      if (status !== undefined) span.setAttribute('http.response.status_code', status);
      if (status === undefined || status >= FAULT_MIN) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute('error.type', status === undefined ? 'aborted' : String(status));
      }
      span.end();
    },
  };
};
