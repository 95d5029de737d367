import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEMS, problemPath, type ProblemCode } from '../contract/index.ts';

/** The Retry-After of problems that a later retry may solve. */
const RETRY_AFTER_SECONDS: Partial<Record<ProblemCode, number>> = { overloaded: 1, unavailable: 2 };

/** Longer than any existing path; a problem does not echo more of the request. */
const INSTANCE_LENGTH_MAX = 200;

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** The body of a problem (RFC 9457). */
export const problemBody = (
  code: ProblemCode,
  { instance, traceId }: { readonly instance: string; readonly traceId: string },
  members: Readonly<Record<string, unknown>> = {},
): string => {
  const { status, title, detail } = PROBLEMS[code];
  const type = problemPath(code);
  return JSON.stringify({ type, title, status, detail, instance, code, traceId, ...members });
};

/** Answers a request with a problem. */
export const sendProblem = (
  request: FastifyRequest,
  reply: FastifyReply,
  code: ProblemCode,
  members?: Readonly<Record<string, unknown>>,
): FastifyReply => {
  const retryAfter = RETRY_AFTER_SECONDS[code];
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  if (code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  const instance = request.url.split('?', 1).join('').slice(0, INSTANCE_LENGTH_MAX);
  return reply
    .header('x-request-id', request.id)
    .header('x-content-type-options', 'nosniff')
    .status(PROBLEMS[code].status)
    .type(PROBLEM_TYPE)
    .send(problemBody(code, { instance, traceId: request.id }, members));
};

/** Answers `invalid_request` with the one error of a request, at a JSON pointer. */
export const sendInvalid = (
  request: FastifyRequest,
  reply: FastifyReply,
  pointer: string,
  message: string,
): FastifyReply =>
  sendProblem(request, reply, 'invalid_request', { errors: [{ pointer, message }] });
