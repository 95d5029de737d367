import { Type } from 'typebox';
import {
  PAGE_LIMIT_DEFAULT,
  PageQuery,
  Timestamp,
  Uuid,
  decodeCursor,
  defineRoute,
  invalidCursor,
  named,
  ok,
  page,
  pageOf,
  problem,
  strictObject,
  type Reply,
  type Route,
} from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import { Answer } from './attempt-routes.ts';
import type { ToCloudEvent } from './cloud-event.ts';
import { CloudEventView } from './event-routes.ts';
import {
  deleteDeadLetter,
  findDestination,
  pageDeadLetters,
  retryDeadLetter,
  type PageDeadLettersRow,
} from './queries.gen.ts';
import { BY_ID, COMMON, POSITION, destinationNotFound } from './status-routes.ts';

const BY_EVENT = strictObject({ destinationId: Uuid, eventId: Uuid });

const DeadLetterView = named('DeadLetter', {
  event: CloudEventView,
  attempts: Type.Integer({ minimum: 1, description: 'refusals of the event alone' }),
  lastAttempt: named('LastRefusal', { at: Timestamp, ...Answer }),
  createdAt: Timestamp,
  isDue: Type.Boolean({ description: 'whether the event is sent again as soon as possible' }),
});

const Place = Type.Tuple([POSITION]);

const viewWith = (toCloudEvent: ToCloudEvent) => (row: PageDeadLettersRow) => ({
  event: JSON.parse(toCloudEvent(row).json) as object,
  attempts: row.attempts,
  lastAttempt: { at: row.attemptedAt, detail: row.detail, status: row.status, body: row.body },
  createdAt: row.createdAt,
  isDue: row.isDue,
});

interface DeadLetterRouteOptions {
  readonly db: Queryable;
  /** Resolves to the form of this installation's events. */
  readonly cloudEvents: () => Promise<ToCloudEvent>;
  /** Called after a dead letter was changed. */
  readonly onChange: () => void;
}

/** Lists the dead letters of a destination, sends one again and deletes one. */
export const deadLetterRoutes = (options: DeadLetterRouteOptions): Route[] => {
  const { db, cloudEvents, onChange } = options;

  const missing = async (destinationId: string): Promise<Reply> => {
    const destination = await findDestination(db, { destinationId });
    if (destination === undefined) return destinationNotFound;
    return problem({ code: 'dead_letter_not_found' });
  };

  return [
    defineRoute({
      ...COMMON,
      method: 'GET',
      path: '/v1/destinations/:destinationId/dead-letters',
      operation: 'listDeadLetters',
      summary: 'List the events that a destination has refused, newest first, with its last answer',
      params: BY_ID,
      query: strictObject(PageQuery),
      answers: { 200: page(DeadLetterView) },
      problems: ['destination_not_found'],
      handle: async ({ params: { destinationId }, query }) => {
        const { limit = PAGE_LIMIT_DEFAULT, cursor } = query;
        const place = cursor === undefined ? [null] : decodeCursor(Place, cursor);
        if (place === undefined) return invalidCursor;
        const found = await findDestination(db, { destinationId });
        if (found === undefined) return destinationNotFound;
        const [before = null] = place;
        const rows = await pageDeadLetters(db, { destinationId, before, limit: limit + 1 });
        const view = viewWith(await cloudEvents());
        return ok(pageOf(rows, limit, view, ({ position }) => [position]));
      },
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
      handle: async ({ params: { destinationId, eventId } }) => {
        const changed = await retryDeadLetter(db, { destinationId, eventId });
        if (changed === 0) return missing(destinationId);
        onChange();
        return { kind: 'answer', status: 202, body: { eventId, isDue: true } };
      },
    }),

    defineRoute({
      ...COMMON,
      method: 'DELETE',
      path: '/v1/destinations/:destinationId/dead-letters/:eventId',
      operation: 'deleteDeadLetter',
      summary: 'Delete one dead letter, which the destination then never receives',
      params: BY_EVENT,
      answers: { 204: Type.Null() },
      problems: ['destination_not_found', 'dead_letter_not_found'],
      handle: async ({ params: { destinationId, eventId } }) => {
        const deleted = await deleteDeadLetter(db, { destinationId, eventId });
        if (deleted === 0) return missing(destinationId);
        onChange();
        return { kind: 'answer', status: 204, body: '' };
      },
    }),
  ];
};
