import type { FastifyRequest } from 'fastify';

/** Methods without an effect (RFC 9110 §9.2.1). */
const SAFE = new Set(['GET', 'HEAD']);

type Sent = Pick<FastifyRequest, 'method' | 'headers' | 'protocol' | 'host'>;

/**
 * Whether a page of another origin may have caused a request with an effect. A browser adds its
 * cookies to such a request but cannot forge these headers (Fetch Metadata Request Headers, §2.3;
 * Fetch Standard, "`Origin` header"); a request with neither counts as forged.
 */
export const mayBeForged = (request: Sent, publicUrl: string): boolean => {
  if (SAFE.has(request.method)) return false;
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined) return site !== 'same-origin';
  const own = `${request.protocol}://${request.host}`;
  return origin === undefined || (origin !== own && origin !== URL.parse(publicUrl)?.origin);
};
