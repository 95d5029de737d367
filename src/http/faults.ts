import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ErrorObject } from 'ajv';
import type { FastifyError, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { PROBLEMS } from '../contract/index.ts';
import { isExhausted, isUnreachable } from '../database/unreachable.ts';
import { LINGER_MS, isAnswered, responseOn } from './connections.ts';
import { PROBLEM_TYPE, problemBody, sendInvalid, sendProblem } from './problem.ts';
import { inputErrors } from './validation.ts';
import { isNavigation, type WebPage } from './web-pages.ts';

type FaultCode =
  | 'unavailable'
  | 'unsupported_media_type'
  | 'payload_too_large'
  | 'uri_too_long'
  | 'invalid_request';

/** The problem for each error code of Fastify and of Moa (Fastify documentation, "Errors"). */
const BY_CODE: Readonly<Record<string, FaultCode>> = {
  KEYS_UNREACHABLE: 'unavailable',
  BODY_ENCODED: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_BAD_URL: 'invalid_request',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
};

/** Replaces messages of Fastify that echo the request or name internals. */
const MESSAGES: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'the path has a percent-encoding that is not UTF-8',
};

/** The accepted content of a request's body (RFC 9110 §15.5.16). */
const acceptedBy = ({ routeOptions }: FastifyRequest): Record<string, string> => {
  const { fileTypes = ['application/json'] } = routeOptions.config as {
    readonly fileTypes?: readonly string[];
  };
  return { accept: fileTypes.join(', '), 'accept-encoding': 'identity' };
};

type Fault = Partial<FastifyError> & {
  readonly validation?: ErrorObject[];
  /** The place in the request, if known. */
  readonly pointer?: string;
};

/** Answers every failure before or inside a handler with a problem. */
export const answerFault = (fault: Fault, request: FastifyRequest, reply: FastifyReply): void => {
  if (fault.validation !== undefined) {
    const errors = inputErrors(fault.validationContext ?? 'body', fault.validation);
    sendProblem(request, reply, { code: 'invalid_request', members: { errors } });
    return;
  }
  const code = BY_CODE[fault.code ?? ''];
  // Other errors of Node and Fastify about a request: malformed JSON, a truncated body.
  const blamesClient = fault.statusCode !== undefined && fault.statusCode < 500;
  if (!blamesClient) {
    request.log.error({ err: fault, reqId: request.id }, 'a request failed');
    const passes = code === 'unavailable' || isUnreachable(fault) || isExhausted(fault);
    sendProblem(request, reply, { code: passes ? 'unavailable' : 'internal_error' });
    return;
  }
  const message = MESSAGES[fault.code ?? ''] ?? fault.message ?? 'is not valid';
  if (code === 'unsupported_media_type') reply.headers(acceptedBy(request));
  if (code === undefined || code === 'invalid_request') {
    sendInvalid(request, reply, fault.pointer ?? '', message);
  } else sendProblem(request, reply, { code });
};

/** Rejects HTTP/1.1 without a `Host` (RFC 9112 §3.2). */
export const requireHost: onRequestHookHandler = (request, reply, done) => {
  if (request.headers.host !== undefined || request.raw.httpVersion !== '1.1') done();
  else sendInvalid(request, reply, '/headers/host', 'is missing');
};

/** Rejects a query with a percent-encoding that is not UTF-8, which Fastify would pass on. */
export const requireUtf8Query: onRequestHookHandler = (request, reply, done) => {
  const query = request.url.indexOf('?');
  if (query === -1 || isUtf8(request.url.slice(query))) done();
  else sendInvalid(request, reply, '/query', 'has a percent-encoding that is not UTF-8');
};

const isUtf8 = (encoded: string): boolean => {
  if (!encoded.includes('%')) return true;
  try {
    decodeURIComponent(encoded);
    return true;
  } catch {
    return false;
  }
};

/** Answers invalid HTTP and timeouts on the bare socket. */
export const answerClientError = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  if (isAnswering(socket) || isAnswered(socket)) {
    // Invalid bytes follow a complete request. The client would take an error now for the answer to
    // that request, which may have had its effect.
    socket.destroy();
    return;
  }
  const code = socketProblem(error.code);
  const traceId = randomUUID();
  const errors = [{ pointer: '', message: complaintOf(error.code) }];
  const place = { instance: '', traceId };
  const body =
    code === 'invalid_request'
      ? problemBody({ code, members: { errors } }, place)
      : problemBody({ code }, place);
  const { status, title } = PROBLEMS[code];
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nx-request-id: ${traceId}\r\n` +
      `connection: close\r\n\r\n${body}`,
  );
  // Closing at once while more bytes arrive would reset the connection and lose the answer.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
};

/** Whether a complete request waits for its answer. */
const isAnswering = (socket: Socket): boolean => responseOn(socket)?.req.complete === true;

/** Node.js accepts only ASCII in a URL (RFC 3986 §2); curl sends a query as it was typed. */
const complaintOf = (code: string | undefined): string =>
  code === 'HPE_INVALID_URL'
    ? 'the URL must begin with `/`, and characters beyond ASCII must be percent-encoded'
    : 'the request is not valid HTTP/1.1';

const socketProblem = (
  code: string | undefined,
): 'headers_too_large' | 'request_timeout' | 'invalid_request' => {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout';
  return 'invalid_request';
};

const METHODS = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'] as const;

/** Answers 405 where the path has other methods (RFC 9110 §15.5.6), otherwise 404. */
export const answerNotFound = (request: FastifyRequest, reply: FastifyReply): void => {
  const [url = ''] = request.url.split('?', 1);
  const isPath = url !== '*';
  const taken = METHODS.filter(
    (method) => isPath && request.server.findRoute({ method, url }) !== null,
  );
  if (taken.length > 0) reply.header('allow', taken.join(', '));
  sendProblem(request, reply, { code: taken.length > 0 ? 'method_not_allowed' : 'not_found' });
};

/**
 * Answers a request to an unknown path before its body is read; a person gets the page, if there is
 * one, which says so.
 */
export const refuseUnknown =
  (page?: WebPage): onRequestHookHandler =>
  (request, reply, done) => {
    if (!request.is404) done();
    else if (page !== undefined && isNavigation(request)) page.send(reply, 404);
    else answerNotFound(request, reply);
  };
