import { isIP } from 'node:net';
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

/**
 * Whether the host of a request may belong to anybody, who can make it an address of this machine
 * (DNS rebinding): pages from there then have the origin of the request. No DNS answers for
 * `localhost` (RFC 6761 §6.3), and the public URL is the shop's own. A page can set
 * `X-Forwarded-Host`, but not `Host`.
 */
export const mayBeRebound = ({ headers }: Pick<Sent, 'headers'>, publicUrl: string): boolean => {
  const name = URL.parse(`http://${headers.host}`)?.hostname ?? '';
  const isOwn =
    /^(.+\.)?localhost$/.test(name) ||
    isIP(name.replaceAll(/[[\]]/g, '')) !== 0 ||
    name === URL.parse(publicUrl)?.hostname;
  return !isOwn;
};
