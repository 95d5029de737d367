import type { FastifyRequest, onRequestHookHandler, preParsingHookHandler } from 'fastify';
import type { Caller, OwnerPlace, Route } from '../contract/index.ts';
import type { Callers } from './caller.ts';
import { sendInvalid, sendProblem } from './problem.ts';
import { mayBeForged } from './same-origin.ts';

/** Whether the request has the route's restricted parameter. */
export const isRestricted = (
  { restricted }: Pick<Route, 'restricted'>,
  { query }: Pick<FastifyRequest, 'query'>,
): boolean => restricted !== undefined && Object.hasOwn(query as object, restricted.query);

/**
 * Checks the caller's access to the route: 401 without a valid token or session, 403 for another
 * role, and for an effect that a session asks for from another origin. A public route that
 * identifies its callers answers 401 only to an invalid token; a browser sends the cookie of a
 * session that has ended, too. A restricted parameter has an access of its own.
 */
export const createAccess =
  (
    callers: Callers,
    route: Pick<Route, 'access' | 'identifies' | 'restricted'>,
    publicUrl: string,
  ): onRequestHookHandler =>
  (request, reply, done) => {
    const { identifies, restricted } = route;
    const access =
      restricted !== undefined && isRestricted(route, request) ? restricted.access : route.access;
    const { authorization, cookie } = request.headers;
    const bySession = authorization === undefined;
    const authorize = (caller: Caller | undefined): void => {
      request.caller = caller;
      if (caller === undefined) {
        if (access === 'public' && bySession) done();
        else sendProblem(request, reply, { code: 'unauthenticated' });
      } else if (bySession && mayBeForged(request, publicUrl)) {
        sendProblem(request, reply, { code: 'cross_site_request' });
      } else if (access !== 'public' && !access.includes(caller.role)) {
        sendProblem(request, reply, { code: 'forbidden' });
      } else done();
    };
    if (access === 'public' && (identifies !== true || (bySession && cookie === undefined))) {
      done();
      return;
    }
    // Most tokens are cached: a callback instead of a promise keeps them in the same turn.
    if (request.caller !== undefined) authorize(request.caller);
    else callers.verify(request).then(authorize, done);
  };

const KEY = /^(?=.*[\x21-\x7e])[\x20-\x7e]{1,255}$/;

/** Requires one valid `Idempotency-Key`, or none where the route does not need a key. */
export const checkKey =
  (isRequired: boolean): preParsingHookHandler =>
  (request, reply, _payload, done) => {
    const invalid = (message: string): void => {
      sendInvalid(request, reply, '/headers/idempotency-key', message);
    };
    const key = request.headers['idempotency-key'] as string | undefined;
    if (key === undefined && !isRequired) done();
    else if (isRequired && !key) sendProblem(request, reply, { code: 'idempotency_key_missing' });
    else if (isJoined(request, key)) invalid('must be sent once');
    else if (!KEY.test(key ?? '')) invalid('must be 1 to 255 printable ASCII characters');
    else done();
  };

/** Whether Node joined several headers into this value (RFC 9110 §5.3). */
const isJoined = ({ raw }: FastifyRequest, key: string | undefined): boolean =>
  key?.includes(', ') === true && (raw.headersDistinct['idempotency-key']?.length ?? 0) > 1;

/**
 * Replaces `me` by the caller's user id where the route names an owner. Returns false when a
 * customer names another user; the answer must then be as for a user who does not exist.
 */
export const resolveOwner = (
  { owner }: Pick<Route, 'owner'>,
  request: Pick<FastifyRequest, 'caller' | OwnerPlace>,
): boolean => {
  const { caller } = request;
  if (owner === undefined || caller === undefined) return true;
  const named = request[owner] as { userId: string };
  if (named.userId === 'me') named.userId = caller.userId;
  return caller.role !== 'customer' || named.userId === caller.userId;
};
