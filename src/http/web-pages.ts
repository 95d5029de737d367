import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { VALIDATE } from './caching.ts';

/** Stands in the built page where each answer has a nonce of its own; see web/vite.config.ts. */
const NONCE = 'CSP_NONCE';

/** The addresses of pages; the page itself shows what stands at each. */
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

/**
 * Content Security Policy 3. Scripts are files of this service only. Pictures of products may come
 * from any site with TLS. The components make style elements, which need the nonce.
 */
const POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'https:', 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'form-action': ["'self'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** Whether the pages were built into the folder. */
const readPage = async (folder: string): Promise<string | undefined> => {
  try {
    return await readFile(join(folder, 'index.html'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * Serves the storefront and the console from a folder that `npm run build` filled. Files under
 * `/assets` have their content's hash in their names, so browsers keep them for ever. Does nothing,
 * with a warning, when the pages are not built.
 */
export const serveWebPages = async (app: FastifyInstance, folder: string): Promise<void> => {
  const page = await readPage(folder);
  if (page === undefined) {
    app.log.warn('The pages are not built, so only the API is served; `npm run build` builds them');
    return;
  }
  await app.register(async (scope) => {
    await scope.register(helmet, {
      enableCSPNonces: true,
      contentSecurityPolicy: { useDefaults: false, directives: POLICY },
      strictTransportSecurity: false,
    });
    await scope.register(compress, { globalDecompression: false });
    for (const url of ADDRESSES) {
      scope.get(url, { schema: { hide: true } }, (_request, reply) =>
        reply
          .type('text/html; charset=utf-8')
          .header('cache-control', VALIDATE)
          .send(page.replaceAll(NONCE, reply.cspNonce.style)),
      );
    }
  });
  await app.register(files, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    // Brotli and gzip files stand beside the originals.
    preCompressed: true,
    index: false,
    decorateReply: false,
    setHeaders: (reply, path) => {
      reply.header('x-content-type-options', 'nosniff');
      reply.header('cache-control', HASHED.test(path) ? FOREVER : VALIDATE);
    },
    schemaHide: true,
  });
};

/** A name that has the content's hash, as Vite makes it. */
const HASHED = /-[\w-]{8}\.\w+(?:\.(?:br|gz))?$/;
const FOREVER = 'public, max-age=31536000, immutable';
