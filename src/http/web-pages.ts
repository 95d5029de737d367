import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import files from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { VALIDATE } from './caching.ts';

/** The page of the shop and the console: one document that shows what stands at an address. */
export interface WebPage {
  /** Sends the page; 404 where nothing stands at the address. */
  readonly send: (reply: FastifyReply, status: 200 | 404) => FastifyReply;
  /** The folder of its files. */
  readonly folder: string;
}

/** Stands in the built page where each answer has a nonce of its own; see web/vite.config.ts. */
const NONCE = 'CSP_NONCE';
const NONCE_BYTES = 16;

/**
 * Content Security Policy 3. Scripts are files of this service only. Pictures of products may come
 * from any site with TLS. The components make style elements, which need the nonce.
 */
const policyWith = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' https: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': VALIDATE,
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** Reads the page that `npm run build` made; undefined when it is not built. */
export const readWebPage = async (folder: string): Promise<WebPage | undefined> => {
  const html = await readFile(join(folder, 'index.html'), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (html === undefined) return undefined;
  return {
    folder,
    send: (reply, status) => {
      const nonce = randomBytes(NONCE_BYTES).toString('base64');
      return reply
        .status(status)
        .headers({ ...HEADERS, 'content-security-policy': policyWith(nonce) })
        .send(html.replaceAll(NONCE, nonce));
    },
  };
};

/** Whether a browser opens an address for a person, who cannot read a problem in JSON. */
export const isNavigation = ({ method, url, headers }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  !url.startsWith('/v1/') &&
  (headers.accept ?? '').includes('text/html');

/** The addresses of the page. */
const ADDRESSES = [
  '/',
  '/products/:productId',
  '/sign-in',
  '/sign-up',
  '/cart',
  '/checkout',
  '/wallet',
  '/orders',
  '/orders/:orderId',
  '/console',
  '/console/*',
];

/** A name that has the content's hash, as Vite makes it. */
const HASHED = /-[\w-]{8}\.\w+(?:\.(?:br|gz))?$/;
const FOREVER = 'public, max-age=31536000, immutable';

/** Serves the page and its files, which are compressed already. */
export const serveWebPage = async (app: FastifyInstance, page: WebPage): Promise<void> => {
  for (const url of ADDRESSES) {
    app.get(url, { schema: { hide: true } }, (_request, reply) => page.send(reply, 200));
  }
  await app.register(files, {
    root: join(page.folder, 'assets'),
    prefix: '/assets/',
    preCompressed: true,
    index: false,
    decorateReply: false,
    schemaHide: true,
    setHeaders: (reply, path) => {
      reply.header('x-content-type-options', 'nosniff');
      reply.header('cache-control', HASHED.test(path) ? FOREVER : VALIDATE);
    },
  });
};
