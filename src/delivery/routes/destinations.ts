import type { Pool } from 'pg';
import { Type, type Static } from 'typebox';
import { findOutcome, transactOnce, type IdempotencyKey } from '../../commit/index.ts';
import {
  PAGE_LIMIT_DEFAULT,
  PageQuery,
  Timestamp,
  Uuid,
  changeOf,
  choice,
  decodeCursor,
  defineRoute,
  idempotencyKeyOf,
  invalidCursor,
  named,
  nullable,
  ok,
  page,
  pageOf,
  problem,
  replyTo,
  strictObject,
  visibleText,
  type Reply,
  type Route,
} from '../../contract/index.ts';
import { newId } from '../../database/ids.ts';
import type { JournalReader } from '../../journal/index.ts';
import { errorsIn, errorsInChange, nextTry, type Destination } from '../destination.ts';
import { EVENT_TYPES, journalType, sentType } from '../events/types.ts';
import {
  changeDestination,
  deleteDestination,
  findDestination,
  insertDestination,
  pageDestinations,
} from '../queries.gen.ts';
import { BY_ID, COMMON, destinationNotFound } from './status.ts';

const Kind = choice(['webhook', 'nats', 'kafka']);
const Status = choice(['active', 'paused']);
const Name = visibleText(200);
const Url = Type.String({
  maxLength: 2_000,
  pattern: '^(https?|nats|tls|kafkas?)://[\\x21-\\x7e]+$',
  description:
    'http or https for a webhook, nats or tls for NATS; Kafka: ' +
    '`kafka://host:9092,host:9092/topic?mechanism=scram-sha-512&compression=zstd`, kafkas for TLS, ' +
    '`{type}` in the topic for one topic per type; without user and password',
});
const Types = Type.Array(choice(EVENT_TYPES.map(sentType)), {
  minItems: 1,
  maxItems: EVENT_TYPES.length,
  uniqueItems: true,
  description: 'the types of events that are sent; all by default or for null',
});
const Secret = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^[\\x21-\\x7e]+$',
  description:
    'webhook: `whsec_` and 24 to 64 bytes in base64, which signs; NATS: the token; Kafka: ' +
    '`user:password`. Never shown.',
});
/** Some authorities with their intermediates; a certificate has about 2 KiB. */
const CA_MAX = 32_768;
const Ca = Type.String({
  maxLength: CA_MAX,
  pattern: '^[\\x20-\\x7e\\r\\n]+$',
  description:
    'Kafka with TLS: the certificates of the authorities that the brokers have their certificates ' +
    'from, in PEM; null for the public ones',
});

const DestinationView = named('Destination', {
  destinationId: Uuid,
  name: Name,
  kind: Kind,
  url: Type.String(),
  types: nullable(Type.Array(Type.String())),
  ca: nullable(Type.String()),
  status: Status,
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
const Creation = named('NewDestination', {
  name: Name,
  kind: Kind,
  url: Url,
  types: Type.Optional(nullable(Types)),
  secret: Type.Optional(Secret),
  ca: Type.Optional(nullable(Ca)),
  status: Type.Optional(Status),
});
const Change = changeOf('DestinationChange', {
  name: Type.Optional(Name),
  url: Type.Optional(Url),
  types: Type.Optional(nullable(Types)),
  secret: Type.Optional(Secret),
  ca: Type.Optional(nullable(Ca)),
  status: Type.Optional(Status),
});
const LIST = 'listDestinations';
const Place = Type.Tuple([Uuid]);

const view = ({ destinationId, name, kind, url, types, ca, status, ...times }: Destination) => ({
  destinationId,
  name,
  kind,
  url,
  types: types?.map(sentType) ?? null,
  ca,
  status,
  createdAt: times.createdAt,
  updatedAt: times.updatedAt,
});

const journalTypes = (types: readonly string[] | null | undefined): string[] | null =>
  types?.map(journalType) ?? null;

const NOT_DECIDED = problem({
  code: 'unavailable',
  detail:
    'Nothing was created: the end of the journal is undecided while a transaction on ' +
    'the database server is open. Retry later.',
});

const invalid = (errors: ReturnType<typeof errorsIn>): Reply =>
  problem({ code: 'invalid_request', members: { errors } });

interface DestinationRouteOptions {
  readonly db: Pool;
  readonly reader: JournalReader;
  readonly allowPrivate: boolean;
  /** The wait for the journal's end. */
  readonly patienceMs: number;
  /** Called after a destination was changed. */
  readonly onChange: () => void;
}

/** Creates, changes and deletes destinations. */
export const destinationRoutes = (options: DestinationRouteOptions): Route[] => {
  const { db, reader, allowPrivate, patienceMs, onChange } = options;

  const show = async (destinationId: string): Promise<Reply> => {
    const destination = await findDestination(db, { destinationId });
    return destination === undefined ? destinationNotFound : ok(view(destination));
  };

  const create = async (
    body: Static<typeof Creation>,
    key: IdempotencyKey | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Reply> => {
    const known = key && (await findOutcome(db, key));
    if (known !== undefined) return replyTo(known);
    const { name, kind, url, types, secret = null, ca = null, status = 'active' } = body;
    const errors = errorsIn({ kind, url, secret, ca }, allowPrivate);
    if (errors.length > 0) return invalid(errors);
    const position = await reader.findEnd({ patienceMs, signal });
    if (position === undefined) return NOT_DECIDED;
    const destinationId = newId();
    const fields = { name, kind, url, types: journalTypes(types), secret, ca, status };
    const outcome = await transactOnce(db, key, async (transaction) => {
      await insertDestination(transaction, { destinationId, ...fields, position });
      const created = await findDestination(transaction, { destinationId });
      if (created === undefined) throw new Error('the created destination is missing');
      return { status: 201, body: view(created) };
    });
    onChange();
    return replyTo(outcome);
  };

  const change = async (
    destinationId: string,
    body: Static<typeof Change>,
    tries = 1,
  ): Promise<Reply> => {
    const found = await findDestination(db, { destinationId });
    if (found === undefined) return destinationNotFound;
    const errors = errorsInChange(found, body, allowPrivate);
    if (errors.length > 0) return invalid(errors);
    const types = body.types === undefined ? found.types : journalTypes(body.types);
    const { unconfigured: before } = found;
    const unconfigured = before !== null && body.status !== undefined ? 'changed' : before;
    const changed = await changeDestination(db, { ...found, ...body, types, unconfigured });
    // Another request has changed the destination: read the destination again.
    if (changed === 0) return change(destinationId, body, nextTry(tries));
    onChange();
    return show(destinationId);
  };

  return [
    defineRoute({
      ...COMMON,
      method: 'GET',
      path: '/v1/destinations',
      operation: 'listDestinations',
      summary: 'List destinations',
      query: strictObject(PageQuery),
      answers: { 200: page(DestinationView) },
      problems: [],
      handle: async ({ query: { limit = PAGE_LIMIT_DEFAULT, cursor } }) => {
        const place = cursor === undefined ? [null] : decodeCursor(LIST, Place, cursor);
        if (place === undefined) return invalidCursor;
        const rows = await pageDestinations(db, { after: place[0] ?? null, limit: limit + 1 });
        return ok(pageOf(LIST, rows, limit, view, ({ destinationId }) => [destinationId]));
      },
    }),

    defineRoute({
      ...COMMON,
      method: 'POST',
      path: '/v1/destinations',
      operation: 'createDestination',
      summary: 'Create a destination, which receives every event from now on',
      body: Creation,
      answers: { 201: DestinationView },
      problems: [],
      handle: (request) =>
        create(request.body, idempotencyKeyOf('createDestination', request), request.signal?.()),
    }),

    defineRoute({
      ...COMMON,
      method: 'GET',
      path: '/v1/destinations/:destinationId',
      operation: 'getDestination',
      summary: 'Read a destination',
      params: BY_ID,
      answers: { 200: DestinationView },
      problems: ['destination_not_found'],
      handle: ({ params: { destinationId } }) => show(destinationId),
    }),

    defineRoute({
      ...COMMON,
      method: 'PATCH',
      path: '/v1/destinations/:destinationId',
      operation: 'changeDestination',
      summary:
        'Change, pause or resume a destination; for a day a new secret signs together with the ' +
        'old, and a new address of NATS or Kafka requires its secret',
      params: BY_ID,
      body: Change,
      answers: { 200: DestinationView },
      problems: ['destination_not_found'],
      handle: ({ params: { destinationId }, body }) => change(destinationId, body),
    }),

    defineRoute({
      ...COMMON,
      method: 'DELETE',
      path: '/v1/destinations/:destinationId',
      operation: 'deleteDestination',
      summary: 'Delete a destination and its dead letters',
      params: BY_ID,
      answers: { 204: Type.Null() },
      problems: ['destination_not_found'],
      handle: async ({ params: { destinationId } }) => {
        const deleted = await deleteDestination(db, { destinationId });
        if (deleted === 0) return destinationNotFound;
        onChange();
        return { kind: 'answer', status: 204, body: '' };
      },
    }),
  ];
};
