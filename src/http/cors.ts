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
