import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import fresh from 'fresh';

/** A copy may be kept but must be validated before each use: stock is never stale. */
export const VALIDATE = 'no-cache';

/** How long a page or the OpenAPI document may be used unvalidated: they change with a version. */
const PAGE_MAX_AGE_SECONDS = 300;

/** Adds a request header to those on which the answer depends. */
export const addVary = (reply: FastifyReply, name: string): void => {
  reply.header('vary', [reply.getHeader('vary'), name].filter(Boolean).join(', '));
};

/**
 * Adds the body's entity tag and returns whether the client already has this body (RFC 9110
 * §13.1.2). The tag is weak, because the same body may be sent compressed.
 */
export const hasBody = (request: FastifyRequest, reply: FastifyReply, body: string): boolean => {
  const etag = `W/"${hash('sha1', body, 'base64url')}"`;
  reply.header('etag', etag);
  return fresh(request.headers, { etag });
};

/** Lets clients keep the pages for a while, and answers 304 where they have the current one. */
export const cachePages: onSendHookHandler = (request, reply, payload, done) => {
  // Of a file, the server of files answers 304 itself.
  if (reply.statusCode !== 200 && reply.statusCode !== 304) {
    done(null, payload);
    return;
  }
  reply.header('cache-control', `public, max-age=${PAGE_MAX_AGE_SECONDS}`);
  if (typeof payload === 'string' && hasBody(request, reply, payload)) {
    reply.status(304);
    done(null, '');
    return;
  }
  done(null, payload);
};
