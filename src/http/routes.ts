import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import {
  problem,
  replyTo,
  type Caller,
  type CommandOutcome,
  type Reply,
  type Route,
} from '../contract/index.ts';
import { VALIDATE, addVary, hasBody } from './caching.ts';
import type { Callers } from './caller.ts';
import { checkKey, createAccess, isRestricted, resolveOwner } from './access.ts';
import { fillEmptyBody } from './empty-body.ts';
import { fileIn, requireFile, sendFile } from './files.ts';
import { schemaOf } from './openapi.ts';
import type { SendStream } from './event-streams.ts';
import { sendProblem } from './problem.ts';
import { createErrorFinder } from './validation.ts';

interface RouteOptions {
  readonly callers: Callers;
  /** Where browsers reach Moa; a session may ask for effects only from there. */
  readonly publicUrl: string;
  readonly ensureRegistered: (caller: Caller) => Promise<CommandOutcome> | undefined;
  /** The maximum time of a caller's wait, whatever the database does. */
  readonly answerMs: number;
}

/** The inner timeouts have a more specific answer and must come first. */
const SLACK_MS = 200;

/** Serves routes in this order: access, key, input, ownership, handler, answer. */
export const serveRoutes = (
  app: FastifyInstance,
  routes: readonly Route[],
  options: RouteOptions,
  sendStream: SendStream,
): void => {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      schema: schemaOf(route),
      config: {
        operation: route.operation,
        ...(route.fileTypes === undefined ? {} : { fileTypes: route.fileTypes }),
      },
      ...(isPublicRead(route) ? {} : { compress: false }),
      onRequest: createAccess(options.callers, route, options.publicUrl),
      ...(route.bodyBytes === undefined ? {} : { bodyLimit: route.bodyBytes }),
      preParsing: route.method === 'POST' ? checkKey(route.keyed === true) : [],
      preValidation: bodyHookOf(route),
      handler: createHandler(route, options, sendStream),
    });
  }
};

const bodyHookOf = ({ body, fileTypes }: Route) => {
  if (fileTypes !== undefined) return requireFile;
  return body === undefined ? [] : fillEmptyBody(body);
};

const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

/** Shorter bodies fit into one packet as they are. */
const COMPRESSED_LENGTH_MIN = 1_400;

/**
 * Whether anybody may read the answer. Others are neither kept by caches nor compressed: the length
 * of a compressed answer can reveal a secret beside text that an attacker chose (BREACH).
 */
const isPublicRead = ({ access, identifies, method }: Route): boolean =>
  access === 'public' && identifies !== true && method === 'GET';

const createHandler = (
  route: Route,
  { ensureRegistered, answerMs }: RouteOptions,
  sendStream: SendStream,
) => {
  const sendBody = isPublicRead(route) ? sendPublic : sendPrivate;
  const errorsOf = route.item && createErrorFinder(route.item);
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<Reply> => {
    if (!resolveOwner(route, request)) return problem({ code: 'user_not_found' });
    const { params, query, body, caller, headers } = request;
    const registration = caller === undefined ? undefined : ensureRegistered(caller);
    const registered = registration === undefined ? undefined : await registration;
    if (registered !== undefined && registered.kind !== 'accepted') return replyTo(registered);
    const key = route.method === 'POST' ? headers['idempotency-key'] : undefined;
    const ifMatch = headers['if-match'];
    const lastEventId = headers['last-event-id'] as string | undefined;
    const signal = () => signalOf(reply);
    const idempotencyKey = key as string | undefined;
    const mediaType = preferredType(route, request);
    if (mediaType !== undefined) addVary(reply, 'accept');
    return route.handle({
      params,
      query,
      body,
      caller,
      file: fileIn(request),
      idempotencyKey,
      ifMatch,
      lastEventId,
      mediaType,
      signal,
      errorsOf,
    });
  };
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const found = await inTime(answer(request, reply), answerMs + SLACK_MS);
    const stream = found.kind === 'answer' ? found.stream : undefined;
    if (stream !== undefined) return sendStream(request, reply, stream);
    return send(request, reply, found, isRestricted(route, request) ? sendPrivate : sendBody);
  };
};

const JSON_TYPE = 'application/json';
const BYTES_TYPE = 'application/octet-stream';

/**
 * The type that the client prefers, or JSON if it accepts none; undefined for a route that answers
 * only JSON.
 */
const preferredType = ({ mediaTypes }: Route, { headers }: FastifyRequest): string | undefined =>
  mediaTypes && (new Negotiator({ headers }).mediaType([JSON_TYPE, ...mediaTypes]) ?? JSON_TYPE);

/** The same answer, or `unavailable` after `ms`, when the effect is unknown. */
const inTime = (answer: Promise<Reply>, ms: number): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(problem({ code: 'unavailable' })), ms);
    const settle =
      <Value>(end: (value: Value) => void) =>
      (value: Value): void => {
        clearTimeout(timer);
        end(value);
      };
    answer.then(settle(resolve), settle(reject));
  });

/**
 * Aborts when the client disconnects or has received its answer. Fastify's own signal is
 * unsuitable: it aborts when the body was read, because Node.js then closes the request.
 */
const signalOf = (reply: FastifyReply): AbortSignal => {
  const leaving = new AbortController();
  reply.raw.once('close', () => leaving.abort());
  return leaving.signal;
};

type SendBody = (request: FastifyRequest, reply: FastifyReply, body: string) => FastifyReply;

const send = (
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Reply,
  sendBody: SendBody,
): FastifyReply => {
  if (answer.kind === 'problem') return sendProblem(request, reply, answer);
  if (answer.replayed === true) reply.header('idempotency-replayed', 'true');
  if (answer.etag !== undefined) reply.header('etag', answer.etag);
  if (answer.status === NO_CONTENT) return reply.status(NO_CONTENT).send();
  if (answer.body instanceof Buffer) {
    reply.status(answer.status).type(answer.mediaType ?? BYTES_TYPE);
    return sendFile(request, reply, answer.body);
  }
  const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  reply
    .status(answer.status)
    .type(`${answer.mediaType ?? JSON_TYPE}; charset=utf-8`)
    .header('x-content-type-options', 'nosniff');
  return sendBody(request, reply, body);
};

const sendPrivate: SendBody = (_request, reply, body) =>
  reply.header('cache-control', 'no-store').send(body);

const sendPublic: SendBody = (request, reply, body) => {
  reply.header('cache-control', VALIDATE);
  const isLarge = body.length >= COMPRESSED_LENGTH_MIN;
  // Of a 304 too (RFC 9110 §15.4.5).
  if (isLarge) addVary(reply, 'accept-encoding');
  if (hasBody(request, reply, body)) return reply.status(NOT_MODIFIED).send();
  if (!isLarge) return reply.send(body);
  reply.compress(body);
  return reply;
};
