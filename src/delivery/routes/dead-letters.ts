import type { Pool } from 'pg';
import { Type } from 'typebox';
import { refuse, transactOnce } from '../../commit/index.ts';
import {
  Timestamp,
  Uuid,
  defineRoute,
  idempotencyKeyOf,
  named,
  page,
  problem,
  replyTo,
  strictObject,
  type Refusal,
  type Route,
} from '../../contract/index.ts';
import type { ToCloudEvent } from '../events/cloud-event.ts';
import {
  deleteDeadLetter,
  findDestination,
  pageDeadLetters,
  retryDeadLetter,
  type PageDeadLettersRow,
} from '../queries.gen.ts';
import { Answer } from './attempts.ts';
import { Paging, answerPage } from './destination-page.ts';
import { CloudEventView } from './events.ts';
import { BY_ID, COMMON, NOT_FOUND } from './status.ts';

const BY_EVENT = strictObject({ destinationId: Uuid, eventId: Uuid });

const DeadLetterView = named('DeadLetter', {
  event: CloudEventView,
  attempts: Type.Integer({ minimum: 1, description: 'refusals of the event alone' }),
  lastAttempt: named('LastRefusal', { at: Timestamp, ...Answer }),
  createdAt: Timestamp,
  isDue: Type.Boolean({ description: 'whether the event is sent again as soon as possible' }),
});

const viewWith = (toCloudEvent: ToCloudEvent) => (row: PageDeadLettersRow) => ({
  event: JSON.parse(toCloudEvent(row).json) as object,
  attempts: row.attempts,
  lastAttempt: { at: row.attemptedAt, detail: row.detail, status: row.status, body: row.body },
  createdAt: row.createdAt,
  isDue: row.isDue,
});

interface DeadLetterRouteOptions {
  readonly db: Pool;
  /** Resolves to the form of this installation's events. */
  readonly cloudEvents: () => Promise<ToCloudEvent>;
  /** Called after a dead letter was changed. */
  readonly onChange: () => void;
}

/** Lists the dead letters of a destination, sends one again and deletes one. */
export const deadLetterRoutes = (options: DeadLetterRouteOptions): Route[] => {
  const { db, cloudEvents, onChange } = options;

  const missing = async (destinationId: string): Promise<Refusal> => {
    const destination = await findDestination(db, { destinationId });
    return destination === undefined ? NOT_FOUND : { code: 'dead_letter_not_found' };
  };

  return [
    defineRoute({
      ...COMMON,
      method: 'GET',
      path: '/v1/destinations/:destinationId/dead-letters',
      operation: 'listDeadLetters',
      summary: 'List the events that a destination has refused, newest first, with its last answer',
      params: BY_ID,
      query: Paging,
      answers: { 200: page(DeadLetterView) },
      problems: ['destination_not_found'],
      handle: async ({ params, query }) =>
        answerPage(db, params.destinationId, query, {
          operation: 'listDeadLetters',
          read: (range) => pageDeadLetters(db, range),
          positionOf: ({ position }) => position,
          view: viewWith(await cloudEvents()),
        }),
    }),

    defineRoute({
      ...COMMON,
      method: 'POST',
      path: '/v1/destinations/:destinationId/dead-letters/:eventId/resend',
      operation: 'resendDeadLetter',
      summary: 'Send one dead letter again, as soon as the destination is active',
      params: BY_EVENT,
      answers: { 202: named('DeadLetterResend', { eventId: Uuid, isDue: Type.Boolean() }) },
      problems: ['destination_not_found', 'dead_letter_not_found'],
      handle: async (request) => {
        const { destinationId, eventId } = request.params;
        const key = idempotencyKeyOf('resendDeadLetter', request);
        const outcome = await transactOnce<Refusal>(db, key, async (transaction) => {
          const changed = await retryDeadLetter(transaction, { destinationId, eventId });
          return changed === 0
            ? refuse(await missing(destinationId))
            : { status: 202, body: { eventId, isDue: true } };
        });
        onChange();
        return replyTo(outcome);
      },
    }),

    defineRoute({
      ...COMMON,
      method: 'DELETE',
      path: '/v1/destinations/:destinationId/dead-letters/:eventId',
      operation: 'deleteDeadLetter',
      summary: 'Delete one dead letter; no later request sends the event',
      params: BY_EVENT,
      answers: { 204: Type.Null() },
      problems: ['destination_not_found', 'dead_letter_not_found'],
      handle: async ({ params: { destinationId, eventId } }) => {
        const deleted = await deleteDeadLetter(db, { destinationId, eventId });
        if (deleted === 0) return problem(await missing(destinationId));
        onChange();
        return { kind: 'answer', status: 204, body: '' };
      },
    }),
  ];
};
