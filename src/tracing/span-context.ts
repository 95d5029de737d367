import { ROOT_CONTEXT, trace, type Context, type Link, type Span } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';

/** The context below a request of another service, which a malformed `traceparent` does not name. */
export const contextBelow = (traceparent: string | undefined): Context => {
  const parent = traceparent === undefined ? null : parseTraceParent(traceparent);
  if (parent === null) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
};

/** A recorded span as W3C Trace Context (§3.2) names it. */
export const traceparentOf = (span: Span): string => {
  const { traceId, spanId } = span.spanContext();
  return `00-${traceId}-${spanId}-01`;
};

/** Links to the spans with these names. */
export const linksTo = (traceparents: Iterable<string>): Link[] => {
  const links: Link[] = [];
  for (const traceparent of traceparents) {
    const context = parseTraceParent(traceparent);
    if (context !== null) links.push({ context });
  }
  return links;
};
