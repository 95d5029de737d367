import { Type } from 'typebox';
import {
  AMOUNT_MAX,
  PAGE_LIMIT_DEFAULT,
  PageQuery,
  Timestamp,
  USER_ID,
  Uuid,
  choice,
  decodeCursor,
  defineRoute,
  encodeCursor,
  invalidCursor,
  named,
  nullable,
  strictObject,
  type Route,
} from '../../contract/index.ts';
import type { Queryable } from '../../database/statement.ts';
import type { JournalReader } from '../../journal/index.ts';
import { toSequence, type ToCloudEvent } from '../events/cloud-event.ts';
import { Traceparent } from '../events/schemas.ts';
import { EVENT_TYPES, SEQUENCE, journalType, sentType } from '../events/types.ts';
import { readSent } from '../queries.gen.ts';
import { COMMON, POSITION } from './status.ts';

/** The position of an event as text. */
export const Sequence = Type.String({
  pattern: SEQUENCE,
  description: 'a position in the journal',
});

/** A CloudEvent as in a webhook. */
export const CloudEventView = named('CloudEvent', {
  specversion: Type.Literal('1.0'),
  id: Uuid,
  source: Type.String(),
  type: Type.String(),
  subject: Type.String(),
  time: Timestamp,
  sequence: Sequence,
  partitionkey: Type.String(),
  traceparent: Type.Optional(Traceparent),
  datacontenttype: Type.Literal('application/json'),
  dataschema: Type.String(),
  data: Type.Object({}, { description: 'as the schema at `dataschema` describes it' }),
});

const EventQuery = strictObject({
  ...PageQuery,
  after: Type.Optional(
    Type.String({
      pattern: '^0{0,3}[0-9]{1,16}$',
      description: 'a `sequence`; only later events are listed. `cursor` overrides it.',
    }),
  ),
  type: Type.Optional(choice(EVENT_TYPES.map(sentType))),
  subject: Type.Optional(Type.String({ pattern: USER_ID.source })),
});

const EventPage = named('CloudEventPage', {
  items: Type.Array(CloudEventView),
  nextCursor: nullable(Type.String()),
  lastSequence: Type.String({
    pattern: SEQUENCE,
    description:
      'the list is complete up to this sequence: use it as `after` when `nextCursor` is null',
  }),
});

/** Positions that one request searches for the few events that it may want. */
const SCAN_MAX = 50_000;

const LIST = 'listEvents';
const Place = Type.Tuple([POSITION]);

/** Where a list begins; undefined for a cursor of another list. */
const beginOf = (after: string, cursor: string | undefined): number | undefined =>
  cursor === undefined
    ? Math.min(Number(after), AMOUNT_MAX)
    : decodeCursor(LIST, Place, cursor)?.[0];

/**
 * The journal as CloudEvents, for those who poll. Reads up to the last decided position, so an
 * event that commits later never has a position before one that was listed.
 */
export const eventRoute = ({
  db,
  reader,
  cloudEvents,
}: {
  readonly db: Queryable;
  readonly reader: Pick<JournalReader, 'findDecided'>;
  /** Resolves to the form of this installation's events. */
  readonly cloudEvents: () => Promise<ToCloudEvent>;
}): Route =>
  defineRoute({
    ...COMMON,
    access: ['staff', 'service'],
    method: 'GET',
    path: '/v1/events',
    operation: 'listEvents',
    summary: 'Read the events after a sequence, in commit order; no event is ever skipped',
    query: EventQuery,
    answers: { 200: EventPage },
    problems: [],
    handle: async ({ query }) => {
      const {
        limit = PAGE_LIMIT_DEFAULT,
        cursor,
        after: given = '0',
        type,
        subject = null,
      } = query;
      const after = beginOf(given, cursor);
      if (after === undefined) return invalidCursor;
      // Beyond every position, so that the reader asks the database and does not use what it knows.
      const decided = await reader.findDecided(Number.MAX_SAFE_INTEGER);
      const upTo = Math.max(after, Math.min(decided, after + SCAN_MAX));
      const types = type === undefined ? EVENT_TYPES : [journalType(type)];
      const rows = await readSent(db, { after, upTo, types, subject, limit: limit + 1 });
      const shown = rows.slice(0, limit);
      const isFull = rows.length > limit;
      const last = isFull ? (shown.at(-1)?.position ?? after) : upTo;
      const items = shown.map(await cloudEvents()).map(({ json }) => json);
      const nextCursor = isFull || upTo < decided ? `"${encodeCursor(LIST, [last])}"` : 'null';
      const rest = `"nextCursor":${nextCursor},"lastSequence":"${toSequence(last)}"`;
      return { kind: 'answer', status: 200, body: `{"items":[${items.join(',')}],${rest}}` };
    },
  });
