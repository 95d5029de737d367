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
  type CommandOutcome,
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

  /** The requests with a key that are running, by the key. */
  const running = new Map<string, Promise<CommandOutcome>>();

  /** A request that arrives while one with its key runs has the outcome of that one. */
  const shareByKey = async (
    { id, fingerprint }: IdempotencyKey,
    run: () => Promise<CommandOutcome>,
  ): Promise<CommandOutcome> => {
    const request = `${id} ${fingerprint}`;
    const sharing = running.get(request);
    if (sharing !== undefined) {
      const shared = await sharing;
      return shared.kind === 'accepted' ? { ...shared, replayed: true } : shared;
    }
    const outcome = run().finally(() => running.delete(request));
    running.set(request, outcome);
    return outcome;
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
        const key = idempotencyKeyOf('testDestination', request);
        const test = async (eventId: string, signal: AbortSignal) => {
          const destination = await findDestination(db, { destinationId });
          if (destination === undefined) return refuse<Refusal>(NOT_FOUND);
          const sent = await sendTest(destination, eventId, signal);
          return { status: 200, body: JSON.stringify(sent) };
        };
        const endless = new AbortController().signal;
        if (key === undefined) {
          const signal = request.signal?.() ?? endless;
          return replyTo(await answerOnce<Refusal>(db, key, () => test(newId(), signal)));
        }
        // It continues without its client, because others may share it. Another process sends the
        // same event id.
        const outcome = await shareByKey(key, () =>
          answerOnce<Refusal>(db, key, (since) => test(idOfHash(key.id, since), endless)),
        );
        return replyTo(outcome);
      },
    }),
  ];
};
