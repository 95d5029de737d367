import type { Pool } from 'pg';
import { Type, type Static } from 'typebox';
import { refuse, transactOnce } from '../../commit/index.ts';
import {
  AMOUNT_MAX,
  Moment,
  Timestamp,
  Uuid,
  choice,
  defineRoute,
  idempotencyKeyOf,
  invalid,
  named,
  nullable,
  ok,
  problem,
  replyTo,
  strictObject,
  type Refusal,
  type Reply,
  type Route,
} from '../../contract/index.ts';
import { newId } from '../../database/ids.ts';
import type { Queryable } from '../../database/statement.ts';
import { EVENT_TYPES } from '../events/types.ts';
import { findRange, findStatus, insertReplay, retryDeadLetters } from '../queries.gen.ts';

export const BY_ID = strictObject({ destinationId: Uuid });
export const COMMON = { tag: 'Data platform', access: ['staff'] } as const;
export const NOT_FOUND = { code: 'destination_not_found' } as const satisfies Refusal;
export const destinationNotFound: Reply = problem(NOT_FOUND);

/** Limits the time of a count: beyond this number staff only need to know that there are more. */
const PENDING_MAX = 100_000;

export const Count = Type.Integer({ minimum: 0, maximum: AMOUNT_MAX });
export const Outcome = choice(['delivered', 'failed', 'refused', 'gone']);
/** A position in a cursor. */
export const POSITION = Type.Integer({ minimum: 0, maximum: AMOUNT_MAX });
const StatusView = named('DestinationStatus', {
  delivered: Count,
  pending: Type.Integer({
    minimum: 0,
    description: `unsent events; each kind is counted up to ${PENDING_MAX}`,
  }),
  lagSeconds: Type.Number({ minimum: 0, description: 'the age of the oldest unsent event' }),
  lastAttempt: nullable(
    named('LastAttempt', {
      at: Timestamp,
      outcome: Outcome,
      detail: Type.String(),
    }),
  ),
  nextAttemptAt: {
    ...nullable(Timestamp),
    description: 'when the events of `lastAttempt` are sent again, if it failed or was refused',
  },
  deadLetters: Count,
});
const Replay = Type.Union(
  [
    named('TimeRange', { from: Moment, to: Type.Optional(Moment) }),
    named('DeadLetters', { deadLetters: Type.Literal(true) }),
  ],
  { title: 'ReplayRequest' },
);

const readStatus = async (db: Queryable, destinationId: string): Promise<object | undefined> => {
  const status = await findStatus(db, {
    destinationId,
    allTypes: EVENT_TYPES,
    limit: PENDING_MAX,
  });
  if (status === undefined) return undefined;
  const { delivered, pending, lagMs, attemptedAt: at, outcome, detail, deadLetters } = status;
  return {
    delivered,
    pending,
    lagSeconds: (lagMs ?? 0) / 1_000,
    lastAttempt: at === null ? null : { at, outcome, detail },
    nextAttemptAt: status.nextAttemptAt,
    deadLetters,
  };
};

const requestReplay = async (
  db: Queryable,
  destinationId: string,
  replay: Static<typeof Replay>,
): Promise<void> => {
  if ('deadLetters' in replay) {
    await retryDeadLetters(db, { destinationId });
    return;
  }
  const fromTime = new Date(replay.from);
  const toTime = replay.to === undefined ? new Date() : new Date(replay.to);
  const { after, upTo } = (await findRange(db, { fromTime, toTime })) ?? {};
  if (typeof after !== 'number' || typeof upTo !== 'number') return;
  await insertReplay(db, { destinationId, replayId: newId(), after, upTo, fromTime, toTime });
};

/** Reading the status of a destination and replaying events. */
export const statusRoutes = ({
  db,
  onChange,
}: {
  readonly db: Pool;
  readonly onChange: () => void;
}): Route[] => {
  return [
    defineRoute({
      ...COMMON,
      method: 'GET',
      path: '/v1/destinations/:destinationId/status',
      operation: 'getDestinationStatus',
      summary: 'Read the progress of a destination and the result of its last attempt',
      params: BY_ID,
      answers: { 200: StatusView },
      problems: ['destination_not_found'],
      handle: async ({ params: { destinationId } }) => {
        const status = await readStatus(db, destinationId);
        return status === undefined ? destinationNotFound : ok(status);
      },
    }),

    defineRoute({
      ...COMMON,
      method: 'POST',
      path: '/v1/destinations/:destinationId/replay',
      operation: 'replayEvents',
      summary: 'Send the events of a time range or all dead letters again, besides new events',
      params: BY_ID,
      body: Replay,
      answers: { 202: StatusView },
      problems: ['destination_not_found'],
      handle: async (request) => {
        const { destinationId } = request.params;
        const { body } = request;
        if ('from' in body && body.to !== undefined && new Date(body.to) < new Date(body.from)) {
          return invalid('/from', 'must not be after `to`');
        }
        const key = idempotencyKeyOf('replayEvents', request);
        const outcome = await transactOnce<Refusal>(db, key, async (transaction) => {
          await requestReplay(transaction, destinationId, body);
          const status = await readStatus(transaction, destinationId);
          return status === undefined ? refuse(NOT_FOUND) : { status: 202, body: status };
        });
        onChange();
        return replyTo(outcome);
      },
    }),
  ];
};
