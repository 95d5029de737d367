import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, Route } from '../contract/index.ts';
import type { Tokens } from '../identity/index.ts';
import { sendProblem } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
}

/** Lets in who may call the route: 401 without a good token, 403 for a role that never may. */
export const createAccess =
  (tokens: Tokens, { access }: Pick<Route, 'access'>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (access === 'public') return;
    const { authorization } = request.headers;
    request.caller ??= await tokens.verify(authorization);
    if (request.caller === undefined) sendProblem(request, reply, 'unauthenticated');
    else if (!access.includes(request.caller.role)) sendProblem(request, reply, 'forbidden');
  };

const KEY = /^(?=.*[\x21-\x7e])[\x20-\x7e]{1,255}$/;

/** Asks for the `Idempotency-Key` where the route needs one. */
export const requireKey = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  const key = request.headers['idempotency-key'];
  if (key === undefined || key === '') sendProblem(request, reply, 'idempotency_key_missing');
  else if (typeof key !== 'string' || !KEY.test(key)) {
    const message = 'must be 1 to 255 printable ASCII characters';
    const errors = [{ pointer: '/headers/idempotency-key', message }];
    sendProblem(request, reply, 'invalid_request', { errors });
  }
};

type Named = { userId?: string };

/** Replaces `me` by the caller, in the path and in the body. */
export const resolveMe = (part: unknown, caller: Caller | undefined): void => {
  const named = part as Named | undefined;
  if (named?.userId === 'me' && caller !== undefined) named.userId = caller.userId;
};

/** Whether a customer names somebody else, which must look as if that user did not exist. */
export const namesSomebodyElse = (part: unknown, caller: Caller | undefined): boolean => {
  const userId = (part as Named | undefined)?.userId;
  return caller?.role === 'customer' && userId !== undefined && userId !== caller.userId;
};
