import type { TSchema, Static } from 'typebox';
import type { ProblemCode } from './problems.ts';
import type { Refusal } from './refusal.ts';
import { strictObject } from './schemas.ts';

/** The role and the user of a verified token. `userId` is the token's subject. */
export interface Caller {
  readonly role: Role;
  readonly userId: string;
  /** What a caller who signed in is called; a user who is registered then gets the name. */
  readonly name?: string;
}

/** Whether what belongs to this user looks missing to the caller: customers see only their own. */
export const isHidden = (caller: Caller | undefined, userId: string): boolean =>
  caller?.role === 'customer' && caller.userId !== userId;

export const ROLES = ['customer', 'staff', 'service'] as const;

export type Role = (typeof ROLES)[number];

/** An invalid place in an input. */
export interface InputError {
  /** A JSON pointer (RFC 6901) into the body, or `/query/…`, `/path/…`, `/headers/…`. */
  readonly pointer: string;
  readonly message: string;
}

/** A handler's input: validated, with `me` replaced by the caller. */
export interface RouteRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Absent only on public routes. */
  readonly caller: Caller | undefined;
  /** The client's `Idempotency-Key`: always present if the route is `keyed`, optional on a POST. */
  readonly idempotencyKey: string | undefined;
  /**
   * The errors of one of the body's `items`, by JSON pointers into the item; present exactly on routes
   * with `item`.
   */
  readonly errorsOf?: ((item: unknown) => readonly InputError[]) | undefined;
  /** The header `If-Match`: the version that the caller wants to change (RFC 9110 §13.1.1). */
  readonly ifMatch?: string | undefined;
  /** The bytes of the body; present exactly on routes with `fileTypes`. */
  readonly file?: Buffer | undefined;
  /** The header `Last-Event-ID` of a route that streams. */
  readonly lastEventId?: string | undefined;
  /** The type of `mediaTypes`, or JSON, that the client prefers (RFC 9110 §12.5.1). */
  readonly mediaType?: string | undefined;
  /** Returns a signal that aborts when the client disconnects; few handlers need the signal. */
  readonly signal?: (() => AbortSignal) | undefined;
}

/** The open answer of a route that streams. */
export interface EventSink {
  /** Sends bytes, which streams may share, in one write; ends the stream of a slow client. */
  readonly send: (parts: readonly Buffer[]) => void;
  readonly end: () => void;
}

/** A handler's answer. A fault is an exception and becomes a 500. */
export type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** A string is sent byte for byte, as is a file, which never changes at its address. */
      readonly body: object | string | Buffer;
      /** The type of a body that is not JSON: `answerType` or one of `mediaTypes` of the route. */
      readonly mediaType?: string;
      readonly replayed?: boolean;
      /** The version of the answer (RFC 9110 §8.8.3). */
      readonly etag?: string;
      /**
       * Continues the body as a stream of server-sent events; returns what is called once when the
       * stream has ended.
       */
      readonly stream?: (sink: EventSink) => () => void;
    }
  | ({ readonly kind: 'problem' } & Refusal);

/** The parts of a request that can name the owner. */
export type OwnerPlace = 'params' | 'body';

type NamesUser<Part extends TSchema> = 'userId' extends keyof Static<Part> ? true : false;

/** A route says where it names a user; it names one in one place at most. */
export type Owned<Params extends TSchema, Body extends TSchema> = {
  'true false': { readonly owner: 'params' };
  'false true': { readonly owner: 'body' };
  'false false': { readonly owner?: never };
  'true true': never;
}[`${NamesUser<Params>} ${NamesUser<Body>}`];

/**
 * One HTTP operation as data: the source of the server, the OpenAPI document, the access rules and
 * the tests.
 */
export interface Route<
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Body extends TSchema = TSchema,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Fastify path, for example `/v1/users/:userId/wallet`. */
  readonly path: string;
  /** OpenAPI operation id, for example `chargeWallet`. */
  readonly operation: string;
  readonly summary: string;
  /** What a client must know beyond the schemas. */
  readonly description?: string;
  readonly tag: string;
  /** `public`, or the roles that may call. */
  readonly access: 'public' | readonly Role[];
  /**
   * Whether a public route verifies a token that is sent and then knows its caller; the handler
   * refuses callers.
   */
  readonly identifies?: boolean;
  /** A query parameter that fewer callers may send than may call the route. */
  readonly restricted?: { readonly query: string; readonly access: readonly Role[] };
  /**
   * The part of the request whose `userId` is the owner; `me` stands for the caller. A customer may
   * name only itself; another user is 404 `user_not_found`.
   */
  readonly owner?: OwnerPlace;
  /** Whether an `Idempotency-Key` is required; every other POST honours a key that is sent. */
  readonly keyed?: boolean;
  /** Whether there is no room for another command of the route; it is answered `overloaded` then. */
  readonly isFull?: () => boolean;
  /** Whether `If-Match` is honoured and an `ETag` is answered. */
  readonly versioned?: boolean;
  /** The types of the answer that a client can request instead of JSON. */
  readonly mediaTypes?: readonly string[];
  /** The types of a body that is a file; such a route has no `body`. */
  readonly fileTypes?: readonly string[];
  /** The type of an answer that is a file instead of JSON. */
  readonly answerType?: string;
  /** Whether the handler replies with a stream of server-sent events instead of JSON. */
  readonly streams?: boolean;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /**
   * The schema of each of the body's `items` when the handler checks and answers each of them on its
   * own.
   */
  readonly item?: TSchema;
  /** The largest body of this route in bytes, if it is not the server's. */
  readonly bodyBytes?: number;
  readonly answers: Readonly<Record<number, TSchema>>;
  /** The problems of this operation; the problems of every operation are implied. */
  readonly problems: readonly ProblemCode[];
  readonly handle: (
    request: RouteRequest<Static<Params>, Static<Query>, Static<Body>>,
  ) => Promise<Reply>;
}

const NO_FIELDS = strictObject({});

/**
 * Types a route's handler by its schemas, and returns the route without the schemas' types. A POST
 * without a `body` or a file accepts an object without fields, or no body. Only
 * `createCommandRoutes` makes keyed routes: a handler could leave the key unused.
 */
export const defineRoute = <Params extends TSchema, Query extends TSchema, Body extends TSchema>(
  route: Route<Params, Query, Body> & Owned<Params, Body> & { readonly keyed?: never },
): Route => {
  const described: Route = route;
  const { method, body, fileTypes, handle } = described;
  if (method !== 'POST' || body !== undefined || fileTypes !== undefined) return described;
  // For its key, too, a request with `{}` is the same as one without a body.
  const handleEmpty: Route['handle'] = (request) => handle({ ...request, body: undefined });
  return { ...described, body: NO_FIELDS, handle: handleEmpty };
};
