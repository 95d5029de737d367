import { AsyncLocalStorage } from 'node:async_hooks';
import { BatchSpanProcessor, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace';
import { createLaneTracer } from './lane-spans.ts';
import { startRequestSpan } from './request-spans.ts';
import { createSampler } from './sampler.ts';
import { inTime, reportTrouble, resourceOf } from './sdk-start.ts';
import { startSendSpan } from './send-spans.ts';
import type { OnTrouble, TracingSettings } from './settings.ts';
import type { RequestSpan, Tracer } from './tracer.ts';

/** The commands of a full batch, whose span links to all of their requests. */
const LINKS_MAX = 512;

/** Loads only the exporter of the protocol, which reads its address and headers itself. */
const openExporter = async (protocol: TracingSettings['protocol']): Promise<SpanExporter> => {
  const { OTLPTraceExporter } = await (protocol === 'http/json'
    ? import('@opentelemetry/exporter-trace-otlp-http')
    : import('@opentelemetry/exporter-trace-otlp-proto'));
  return new OTLPTraceExporter();
};

/** Starts a tracer that exports in the background and drops what a slow collector leaves behind. */
export const createTracer = async (
  settings: TracingSettings,
  onTrouble: OnTrouble,
): Promise<Tracer> => {
  reportTrouble(onTrouble);
  const { exportEveryMs, queueMax } = settings;
  const provider = new TracerProvider({
    resource: resourceOf(settings),
    sampler: createSampler(settings),
    spanLimits: { linkCountLimit: LINKS_MAX },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: await openExporter(settings.protocol),
        scheduledDelayMillis: exportEveryMs,
        maxQueueSize: queueMax,
      }),
    ],
  });
  const tracer = provider.getTracer('moa');
  const requests = new AsyncLocalStorage<RequestSpan>();
  return {
    startRequest: (request) => startRequestSpan(tracer, request),
    within: (span, work) => requests.run(span, work),
    current: () => requests.getStore(),
    openLane: (name) => createLaneTracer(tracer, name),
    startSend: (send) => startSendSpan(tracer, send),
    stop: () => inTime(provider.shutdown()),
  };
};
