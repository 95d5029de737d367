import type { Socket } from 'node:net';
import type { ErrorObject } from 'ajv';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEMS, type ProblemCode } from '../contract/index.ts';
import { PROBLEM_TYPE, problemBody, sendProblem } from './problem.ts';
import { inputErrors } from './validation.ts';

/** What Fastify's own errors are called here (Fastify documentation, Errors). */
const BY_FASTIFY_CODE: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_request',
  FST_ERR_BAD_URL: 'invalid_request',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
};

type Fault = Partial<FastifyError> & { readonly validation?: ErrorObject[] };

/** Every way in which a request can fail before or inside a handler becomes a problem. */
export const answerFault = (fault: Fault, request: FastifyRequest, reply: FastifyReply): void => {
  if (fault.validation !== undefined) {
    const errors = inputErrors(fault.validationContext ?? 'body', fault.validation);
    sendProblem(request, reply, 'invalid_request', { errors });
    return;
  }
  const code = BY_FASTIFY_CODE[fault.code ?? ''];
  // Node's and Fastify's other complaints about a request: malformed JSON, a body cut short.
  const blamesClient = fault.statusCode !== undefined && fault.statusCode < 500;
  if (code === undefined && !blamesClient) {
    request.log.error({ err: fault, reqId: request.id }, 'a request failed');
    sendProblem(request, reply, 'internal_error');
    return;
  }
  const errors = [{ pointer: '', message: fault.message ?? 'cannot be read' }];
  const members = code === undefined || code === 'invalid_request' ? { errors } : {};
  sendProblem(request, reply, code ?? 'invalid_request', members);
};

/** Refuses what is not HTTP, or not in time, on the bare socket. */
export const answerClientError = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const code = socketProblem(error.code);
  const errors = [{ pointer: '', message: 'the request is not valid HTTP/1.1' }];
  const body = problemBody(
    code,
    { instance: '', traceId: '' },
    code === 'invalid_request' ? { errors } : {},
  );
  const { status, title } = PROBLEMS[code];
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
};

const socketProblem = (code: string | undefined): ProblemCode => {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout';
  return 'invalid_request';
};

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Answers 405 for the methods that an address does not take (RFC 9110 §15.5.6). */
export const refuseOtherMethods = (app: FastifyInstance, url: string, taken: string[]): void => {
  const allowed = taken.includes('GET') ? ['HEAD', ...taken] : taken;
  app.route({
    method: METHODS.filter((method) => !allowed.includes(method)),
    url,
    schema: { hide: true },
    onRequest: async (request, reply) => {
      reply.header('allow', allowed.toSorted().join(', '));
      return sendProblem(request, reply, 'method_not_allowed');
    },
    handler: () => undefined,
  });
};
