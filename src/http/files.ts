import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  preValidationHookHandler,
} from 'fastify';
import fresh from 'fresh';
import { encodedBody, isCoded } from './json.ts';
import { sendInvalid } from './problem.ts';

/** Accepts only bodies of these types; a body becomes a Buffer. */
export const acceptFilesOnly = (app: FastifyInstance, types: readonly string[]): void => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser([...types], { parseAs: 'buffer' }, ({ headers }, body, done) => {
    if (isCoded(headers)) done(encodedBody());
    else done(null, body);
  });
};

/** The bytes of a request's body, if the body is a file. */
export const fileIn = ({ body }: Pick<FastifyRequest, 'body'>): Buffer | undefined =>
  body instanceof Buffer ? body : undefined;

/** Rejects a request without a file or with an empty one. */
export const requireFile: preValidationHookHandler = (request, reply, done) => {
  if ((fileIn(request)?.length ?? 0) > 0) done();
  else sendInvalid(request, reply, '', 'is missing');
};

/** A year, the longest time that RFC 9111 §1.2.2 suggests for what does not change. */
const FOREVER = 'public, max-age=31536000, immutable';

/**
 * Sends a file, or 304 to a client that has the file (RFC 9110 §13.1.2). A browser runs nothing in
 * it, whatever its bytes are.
 */
export const sendFile = (
  request: FastifyRequest,
  reply: FastifyReply,
  file: Buffer,
): FastifyReply => {
  reply.headers({
    'cache-control': FOREVER,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'",
  });
  const etag = reply.getHeader('etag');
  if (etag !== undefined && fresh(request.headers, { etag })) return reply.status(304).send();
  return reply.send(file);
};
