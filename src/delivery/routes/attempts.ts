import { Type } from 'typebox';
import { answerOnce, refuse, type IdempotencyKey } from '../../commit/index.ts';
import {
  Timestamp,
  Uuid,
  defineRoute,
  idempotencyKeyOf,
  named,
  nullable,
  page,
  replyTo,
  type Refusal,
  type Route,
} from '../../contract/index.ts';
import { idOfHash, newId } from '../../database/ids.ts';
import type { Queryable } from '../../database/statement.ts';
import { openChannel, type Destination } from '../destination.ts';
import type { ToCloudEvent } from '../events/cloud-event.ts';
import { TEST_TYPE } from '../events/types.ts';
import { findDestination, pageAttempts, type PageAttemptsRow } from '../queries.gen.ts';
import { Paging, answerPage } from './destination-page.ts';
import { BY_ID, COMMON, Count, NOT_FOUND, Outcome } from './status.ts';

/** The part of an answer that is shown, in the forms of a list and of a test. */
export const Answer = {
  detail: Type.String({ description: 'the reason in words; empty when delivered' }),
  status: nullable(Type.Integer({ description: 'the HTTP status; null without an HTTP answer' })),
  body: nullable(Type.String({ description: 'the first KiB of the body' })),
};

const AttemptView = named('Attempt', {
  at: Timestamp,
  lastAt: Timestamp,
  outcome: Outcome,
  ...Answer,
  eventId: nullable(Uuid),
  events: Count,
  requests: Type.Integer({
    minimum: 1,
    description: 'a series of deliveries without a failure is one attempt with many requests',
  }),
});

const TestView = named('TestResult', {
  eventId: Uuid,
  outcome: Outcome,
  ...Answer,
  tookMs: Type.Integer({ minimum: 0 }),
});

const view = (row: PageAttemptsRow) => ({
  at: row.beganAt,
  lastAt: row.endedAt,
  outcome: row.outcome,
  detail: row.detail,
  status: row.status,
  body: row.body,
  eventId: row.eventId,
  events: row.events,
  requests: row.requests,
});

interface AttemptRouteOptions {
  readonly db: Queryable;
  readonly allowPrivate: boolean;
  /** The wait for the answer to a test. */
  readonly patienceMs: number;
  /** Resolves to the form of this installation's events. */
  readonly cloudEvents: () => Promise<ToCloudEvent>;
}

/** What was tried at a destination and answered, and a test of a destination. */
export const attemptRoutes = (options: AttemptRouteOptions): Route[] => {
  const { db, allowPrivate, patienceMs, cloudEvents } = options;

  /** Sends one event over a channel of its own; the progress and the attempts stay as they are. */
  const sendTest = async (
    destination: Destination,
    eventId: string,
    signal: AbortSignal,
  ): Promise<object> => {
    const { destinationId: subject } = destination;
    const data = JSON.stringify({ destinationId: subject });
    const row = { position: 0, eventId, type: TEST_TYPE, subject, time: new Date(), data };
    const event = (await cloudEvents())(row);
    const { channel } = await openChannel(destination, allowPrivate, patienceMs);
    const since = performance.now();
    try {
      const { kind: outcome, answer, ...rest } = await channel.send([event], signal);
      const { status = null, body = null } = answer ?? {};
      const detail = 'detail' in rest ? rest.detail : '';
      const tookMs = Math.round(performance.now() - since);
      return { eventId, outcome, detail, status, body, tookMs };
    } finally {
      await channel.close();
    }
  };

  /** The tests under a key that are running, by the key. */
  const running = new Map<string, Promise<object>>();

  /**
   * Sends the test of a key. A request with the key that arrives meanwhile shares the test, which
   * therefore continues without its client. Another process sends the same event id.
   */
  const sendOnce = (destination: Destination, { id }: IdempotencyKey): Promise<object> => {
    const signal = new AbortController().signal;
    const test =
      running.get(id) ??
      sendTest(destination, idOfHash(id), signal).finally(() => running.delete(id));
    running.set(id, test);
    return test;
  };

  return [
    defineRoute({
      ...COMMON,
      method: 'GET',
      path: '/v1/destinations/:destinationId/attempts',
      operation: 'listAttempts',
      summary:
        'List the last 1000 attempts to send to a destination and their answers, newest first',
      params: BY_ID,
      query: Paging,
      answers: { 200: page(AttemptView) },
      problems: ['destination_not_found'],
      handle: ({ params, query }) =>
        answerPage(db, params.destinationId, query, {
          operation: 'listAttempts',
          read: (range) => pageAttempts(db, range),
          positionOf: ({ number }) => number,
          view,
        }),
    }),

    defineRoute({
      ...COMMON,
      method: 'POST',
      path: '/v1/destinations/:destinationId/test',
      operation: 'testDestination',
      summary: 'Send one event of type `moa.test.v1` now, also to a paused destination',
      params: BY_ID,
      answers: { 200: TestView },
      problems: ['destination_not_found'],
      handle: async (request) => {
        const { destinationId } = request.params;
        const signal = request.signal?.() ?? new AbortController().signal;
        const key = idempotencyKeyOf('testDestination', request);
        const test = (destination: Destination): Promise<object> =>
          key === undefined ? sendTest(destination, newId(), signal) : sendOnce(destination, key);
        const outcome = await answerOnce<Refusal>(db, key, async () => {
          const destination = await findDestination(db, { destinationId });
          if (destination === undefined) return refuse(NOT_FOUND);
          return { status: 200, body: JSON.stringify(await test(destination)) };
        });
        return replyTo(outcome);
      },
    }),
  ];
};
