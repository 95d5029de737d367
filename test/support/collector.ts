import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

type Attributes = Readonly<Record<string, unknown>>;

interface SpanName {
  readonly traceId: string;
  readonly spanId: string;
}

/** A span as OTLP sends it, with its attributes by name. */
export interface CollectedSpan extends SpanName {
  readonly name: string;
  readonly parentSpanId: string | undefined;
  readonly links: readonly SpanName[];
  readonly attributes: Attributes;
  /** 2 is an error. */
  readonly status: number;
}

interface DataPoint {
  readonly attributes: Attributes;
  readonly value: number;
  readonly bucketCounts: readonly number[];
  readonly explicitBounds: readonly number[];
}

/** A metric as OTLP sends it. */
interface CollectedMetric {
  readonly name: string;
  readonly kind: 'sum' | 'gauge' | 'histogram';
  readonly isMonotonic: boolean;
  readonly points: readonly DataPoint[];
}

export interface Collector {
  readonly url: string;
  /** Everything that was sent: paths, headers and bodies. */
  readonly received: () => string;
  readonly spans: readonly CollectedSpan[];
  /** The metrics of the last export. */
  readonly metrics: () => readonly CollectedMetric[];
  /** The attributes of the last resource. */
  readonly resource: () => Attributes;
  readonly answerWith: (status: number) => void;
}

const valueOf = (value: KeyValue['value']): unknown => {
  const [kind, found] = Object.entries(value)[0] ?? [];
  if (kind === 'arrayValue') return (found as { values: KeyValue['value'][] }).values.map(valueOf);
  return kind === 'intValue' || kind === 'doubleValue' ? Number(found) : found;
};

const attributesOf = (list: readonly KeyValue[] = []): Attributes =>
  Object.fromEntries(list.map(({ key, value }) => [key, valueOf(value)]));

interface SentSpan extends Omit<CollectedSpan, 'attributes' | 'status' | 'links'> {
  readonly attributes: readonly KeyValue[];
  readonly links?: readonly SpanName[];
  readonly status: { readonly code?: number };
}

interface SentPoint {
  readonly attributes: readonly KeyValue[];
  readonly asDouble?: number;
  readonly asInt?: number | string;
  readonly count?: number;
  readonly bucketCounts?: readonly (number | string)[];
  readonly explicitBounds?: readonly number[];
}

interface SentMetric {
  readonly name: string;
  readonly sum?: { readonly isMonotonic: boolean; readonly dataPoints: readonly SentPoint[] };
  readonly gauge?: { readonly dataPoints: readonly SentPoint[] };
  readonly histogram?: { readonly dataPoints: readonly SentPoint[] };
}

interface Export {
  readonly resource: { readonly attributes: readonly KeyValue[] };
  readonly scopeSpans?: readonly { readonly spans: readonly SentSpan[] }[];
  readonly scopeMetrics?: readonly { readonly metrics: readonly SentMetric[] }[];
}

const pointOf = (point: SentPoint): DataPoint => ({
  attributes: attributesOf(point.attributes),
  value: Number(point.asDouble ?? point.asInt ?? point.count),
  bucketCounts: (point.bucketCounts ?? []).map(Number),
  explicitBounds: point.explicitBounds ?? [],
});

const metricOf = ({ name, sum, gauge, histogram }: SentMetric): CollectedMetric => ({
  name,
  kind: sum !== undefined ? 'sum' : gauge !== undefined ? 'gauge' : 'histogram',
  isMonotonic: sum?.isMonotonic === true,
  points: ((sum ?? gauge ?? histogram)?.dataPoints ?? []).map(pointOf),
});

const spanOf = ({ attributes, links = [], status, ...span }: SentSpan): CollectedSpan => ({
  ...span,
  links,
  attributes: attributesOf(attributes),
  status: status.code ?? 0,
});

/** A collector of OTLP as JSON, over HTTP; other encodings are only kept as text. */
export const startCollector = async (): Promise<Collector> => {
  const spans: CollectedSpan[] = [];
  let received = '';
  let metrics: readonly CollectedMetric[] = [];
  let resource: Attributes = {};
  let status = 200;

  const take = (exported: Export): void => {
    resource = attributesOf(exported.resource.attributes);
    for (const scope of exported.scopeSpans ?? []) spans.push(...scope.spans.map(spanOf));
    for (const scope of exported.scopeMetrics ?? []) metrics = scope.metrics.map(metricOf);
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received += `${request.url} ${JSON.stringify(request.headers)} ${body}\n`;
      if (status === 200 && request.headers['content-type'] === 'application/json') {
        const { resourceSpans = [], resourceMetrics = [] } = JSON.parse(body) as {
          readonly resourceSpans?: readonly Export[];
          readonly resourceMetrics?: readonly Export[];
        };
        for (const each of [...resourceSpans, ...resourceMetrics]) take(each);
      }
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => received,
    spans,
    metrics: () => metrics,
    resource: () => resource,
    answerWith: (next) => (status = next),
  };
};
