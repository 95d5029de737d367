import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  replyTo,
  type Caller,
  type CommandOutcome,
  type Reply,
  type Route,
} from '../contract/index.ts';
import type { Tokens } from '../identity/index.ts';
import { createAccess, namesSomebodyElse, requireKey, resolveMe } from './access.ts';
import { schemaOf } from './openapi.ts';
import { sendProblem } from './problem.ts';

interface Doors {
  readonly tokens: Tokens;
  readonly admit: (caller: Caller) => Promise<CommandOutcome> | undefined;
}

/** Serves the modules' routes: access, key, input, ownership, handler, answer, in this order. */
export const serveRoutes = (
  app: FastifyInstance,
  routes: readonly Route[],
  { tokens, admit }: Doors,
): void => {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      schema: schemaOf(route),
      config: { operation: route.operation },
      onRequest: createAccess(tokens, route),
      preParsing: route.keyed === true ? requireKey : [],
      handler: createHandler(route, admit),
    });
  }
};

const NO_CONTENT = 204;

const createHandler =
  (route: Route, admit: Doors['admit']) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { params, query, body, caller } = request;
    resolveMe(params, caller);
    resolveMe(body, caller);
    if (namesSomebodyElse(params, caller) || namesSomebodyElse(body, caller)) {
      return sendProblem(request, reply, 'user_not_found');
    }
    const admission = caller === undefined ? undefined : admit(caller);
    const admitted = admission === undefined ? undefined : await admission;
    if (admitted !== undefined && admitted.kind !== 'accepted') {
      return send(request, reply, replyTo(admitted));
    }
    const idempotencyKey = request.headers['idempotency-key'] as string | undefined;
    const ifMatch = request.headers['if-match'];
    const answer = await route.handle({ params, query, body, caller, idempotencyKey, ifMatch });
    return send(request, reply, answer);
  };

const send = (request: FastifyRequest, reply: FastifyReply, answer: Reply): FastifyReply => {
  if (answer.kind === 'problem') return sendProblem(request, reply, answer.code, answer.members);
  if (answer.replayed === true) reply.header('idempotency-replayed', 'true');
  if (answer.etag !== undefined) reply.header('etag', answer.etag);
  if (answer.status === NO_CONTENT) return reply.status(NO_CONTENT).send();
  const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  return reply
    .status(answer.status)
    .type('application/json; charset=utf-8')
    .header('x-content-type-options', 'nosniff')
    .send(body);
};
