import type { QueryConfig, QueryResult } from 'pg';

/** What a server span says about a request: nothing that the client has chosen but its trace. */
export interface TracedRequest {
  readonly method: string;
  /** The path of the route, with the names of its parameters; undefined without a route. */
  readonly route: string | undefined;
  readonly scheme: string;
  readonly httpVersion: string;
  /** The header `traceparent`, unchecked. */
  readonly traceparent: string | undefined;
}

/** The server span of a request that is recorded. */
export interface RequestSpan {
  /** The span as W3C Trace Context names it, for what the request causes. */
  readonly traceparent: string;
  /** Links the request to a batch that serves it. */
  readonly link: (traceparent: string) => void;
  /** Ends the span with the status of the answer; undefined when there was none. */
  readonly end: (status: number | undefined) => void;
}

/** A connection that a lane sends statements on. */
interface Connection {
  query(config: QueryConfig): Promise<QueryResult>;
}

/** The spans of one lane, which runs one batch at a time. */
export interface LaneTracer {
  /** The same connection; each statement within a recorded batch has a span. */
  readonly watch: <C extends Connection>(connection: C) => C;
  /** Runs a batch in a span that links to the spans of its requests, and they to it. */
  readonly run: <Result>(
    commands: readonly { readonly operation: string; readonly span?: RequestSpan | undefined }[],
    batch: () => Promise<Result>,
  ) => Promise<Result>;
}

/** One attempt to send events to a destination. */
export interface TracedSend {
  readonly destinationId: string;
  /** `webhook`, `nats` or `kafka`. */
  readonly kind: string;
  /** The number of events. */
  readonly events: number;
  /** The requests that have caused the events, as far as they are traced. */
  readonly traceparents: readonly string[];
}

/** How an attempt to send ended. */
export interface TracedResult {
  readonly kind: string;
  /** The status of an answer over HTTP. */
  readonly status?: number | undefined;
}

/** Records spans and exports them in the background; nothing that it does fails or waits. */
export interface Tracer {
  /** Starts the span of a request; undefined when the request is not sampled. */
  readonly startRequest: (request: TracedRequest) => RequestSpan | undefined;
  /** Calls `work`; the span is the current one for everything that it starts. */
  readonly within: (span: RequestSpan, work: () => void) => void;
  /** The span of the request that has started what runs now. */
  readonly current: () => RequestSpan | undefined;
  readonly openLane: (name: string) => LaneTracer;
  /** Starts the span of an attempt to send, which links to its events; returns what ends it. */
  readonly startSend: (send: TracedSend) => (result: TracedResult) => void;
  /** Exports what is recorded, for a bounded time, and records no more. */
  readonly stop: () => Promise<void>;
}
