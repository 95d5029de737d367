import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer as SdkTracer,
} from '@opentelemetry/api';
import type { QueryConfig } from 'pg';
import { linksTo, traceparentOf } from './span-context.ts';
import type { LaneTracer } from './tracer.ts';

/** Ends a span as failed; the message of an error may contain values, its SQLSTATE does not. */
const fail = (span: Span, error: unknown): void => {
  const { code, name = 'error' } = error as { code?: string; name?: string };
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', code ?? name);
};

/** The name of a statement, or the names of those that it combines. */
const nameOf = (statement: QueryConfig & { readonly summary?: string }): string =>
  statement.summary ?? statement.name ?? statement.text;

/** Makes the spans of a lane: a batch, and its statements below it. */
export const createLaneTracer = (tracer: SdkTracer, lane: string): LaneTracer => {
  /** Of the batch that runs; undefined when it is not recorded. */
  let batch: Context | undefined;

  return {
    watch: (connection) => ({
      ...connection,
      query: (statement) => {
        const answered = connection.query(statement);
        if (batch === undefined) return answered;
        const summary = nameOf(statement);
        const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': summary };
        const span = tracer.startSpan(summary, { kind: SpanKind.CLIENT, attributes }, batch);
        answered.then(
          ({ rowCount }) => {
            if (rowCount !== null) span.setAttribute('db.response.returned_rows', rowCount);
            span.end();
          },
          (error: unknown) => {
            fail(span, error);
            span.end();
          },
        );
        return answered;
      },
    }),

    run: async (commands, work) => {
      const requests = commands.flatMap(({ span }) => span ?? []);
      const operations = [...new Set(commands.map(({ operation }) => operation))];
      const span = tracer.startSpan(
        'group commit',
        {
          attributes: {
            'moa.lane': lane,
            'moa.batch.commands': commands.length,
            'moa.batch.operations': operations,
          },
          links: linksTo(requests.map(({ traceparent }) => traceparent)),
        },
        ROOT_CONTEXT,
      );
      if (!span.isRecording()) return work();
      const traceparent = traceparentOf(span);
      for (const { link } of requests) link(traceparent);
      batch = trace.setSpan(ROOT_CONTEXT, span);
      try {
        return await work();
      } catch (error) {
        fail(span, error);
        throw error;
      } finally {
        batch = undefined;
        span.end();
      }
    },
  };
};
