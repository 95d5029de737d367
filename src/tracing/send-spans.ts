import { ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { linksTo } from './span-context.ts';
import type { TracedResult, TracedSend } from './tracer.ts';

/**
 * Starts the span of an attempt to send (OpenTelemetry semantic conventions, "Messaging"); returns
 * what ends it. An address may contain secrets, so the span has the destination's id.
 */
export const startSendSpan = (
  tracer: Tracer,
  { destinationId, kind, events, traceparents }: TracedSend,
): ((result: TracedResult) => void) => {
  const span = tracer.startSpan(
    `send ${kind}`,
    {
      kind: kind === 'webhook' ? SpanKind.CLIENT : SpanKind.PRODUCER,
      attributes: {
        'messaging.system': kind,
        'messaging.operation.name': 'send',
        'messaging.operation.type': 'send',
        'messaging.batch.message_count': events,
        'moa.destination.id': destinationId,
      },
      links: linksTo(new Set(traceparents)),
    },
    ROOT_CONTEXT,
  );
  return ({ kind: outcome, status }) => {
    span.setAttribute('moa.delivery.outcome', outcome);
    if (status !== undefined) span.setAttribute('http.response.status_code', status);
    if (outcome !== 'delivered') {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('error.type', outcome);
    }
    span.end();
  };
};
