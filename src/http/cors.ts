import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** How long a browser remembers a preflight; an origin that is removed is refused after that. */
const PREFLIGHT_MAX_AGE_SECONDS = 600;

const READABLE = [
  'ETag',
  'Idempotency-Replayed',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'X-Request-Id',
];

const SENDABLE = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Last-Event-ID',
  'X-Request-Id',
];

/** The headers that let the page of an origin read an answer, as `allowOrigins` sets them. */
export const createCorsHeaders = (origins: readonly string[]) => {
  const allowed = new Set(origins);
  const others = allowed.size === 0 ? {} : { vary: 'Origin' };
  return (origin: string | undefined): Record<string, string> =>
    origin === undefined || !allowed.has(origin)
      ? others
      : {
          ...others,
          'access-control-allow-origin': origin,
          'access-control-expose-headers': READABLE.join(', '),
        };
};

/**
 * Lets pages of exactly these origins call the API (Fetch Standard, "CORS protocol"). Cookies are
 * never accepted; a page sends its token. Comes first, so that a page can read every problem.
 */
export const allowOrigins = async (
  app: FastifyInstance,
  origins: readonly string[],
): Promise<void> => {
  const allowed = new Set(origins);
  await app.register(cors, {
    // `false` treats the request as if there were no CORS: an OPTIONS is then 404 or 405.
    origin: (origin, done) => done(null, origin !== undefined && allowed.has(origin)),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: SENDABLE,
    exposedHeaders: READABLE,
    maxAge: PREFLIGHT_MAX_AGE_SECONDS,
    credentials: false,
    strictPreflight: false,
  });
};
