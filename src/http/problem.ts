import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  PROBLEMS,
  invalidAt,
  problemPath,
  type ProblemCode,
  type Refusal,
} from '../contract/index.ts';

/** The Retry-After of problems that a later retry may solve. */
const RETRY_AFTER_SECONDS: Partial<Record<ProblemCode, number>> = {
  overloaded: 1,
  unavailable: 2,
  identity_provider_unavailable: 5,
};

/** Longer than any existing path; a problem does not echo more of the request. */
const INSTANCE_LENGTH_MAX = 200;

const UNAUTHORIZED = 401;

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** The body of a problem (RFC 9457). */
export const problemBody = (
  { code, detail, members }: Refusal,
  { instance, traceId }: { readonly instance: string; readonly traceId: string },
): string => {
  const { status, title, detail: usual } = PROBLEMS[code];
  const type = problemPath(code);
  return JSON.stringify({
    type,
    title,
    status,
    detail: detail ?? usual,
    instance,
    code,
    traceId,
    ...members,
  });
};

/** The headers of a problem beside its request id. */
export const problemHeaders = (code: ProblemCode): Record<string, string> => {
  const retryAfter = RETRY_AFTER_SECONDS[code];
  return {
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    ...(PROBLEMS[code].status === UNAUTHORIZED ? { 'www-authenticate': 'Bearer' } : {}),
    'content-type': PROBLEM_TYPE,
    'x-content-type-options': 'nosniff',
    // Caches may keep a 404 that says nothing else (RFC 9110 §15.1).
    'cache-control': 'no-store',
  };
};

/** The path of a request as problems name it. */
export const instanceOf = (url: string): string =>
  url.split('?', 1).join('').slice(0, INSTANCE_LENGTH_MAX);

/** Answers a request with a problem. */
export const sendProblem = (
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
): FastifyReply => {
  const { code } = refusal;
  return reply
    .status(PROBLEMS[code].status)
    .header('x-request-id', request.id)
    .headers(problemHeaders(code))
    .send(problemBody(refusal, { instance: instanceOf(request.url), traceId: request.id }));
};

/** Answers `invalid_request` with the one error of a request, at a JSON pointer. */
export const sendInvalid = (
  request: FastifyRequest,
  reply: FastifyReply,
  pointer: string,
  message: string,
): FastifyReply => sendProblem(request, reply, invalidAt(pointer, message));
