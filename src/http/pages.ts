import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyPluginAsync } from 'fastify';
import { cachePages } from './caching.ts';
import { serveProblemPages } from './problem-pages.ts';

/** The pictures of the page are `data:` URLs in its style sheet. */
const DOCS_POLICY = {
  'default-src': ["'self'"],
  'base-uri': ["'self'"],
  'frame-ancestors': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
};

/**
 * The pages for browsers: the API at `/docs`, its OpenAPI document and the problems. Only these have
 * security headers for browsers, because creating the headers costs a tenth of a checkout.
 */
export const servePages: FastifyPluginAsync = async (app) => {
  await app.register(helmet, {
    // Many shops run without TLS behind their own proxy or in a private network.
    contentSecurityPolicy: {
      directives: { 'default-src': ["'self'"], 'upgrade-insecure-requests': null },
    },
    strictTransportSecurity: false,
  });
  app.addHook('onSend', cachePages);
  await app.register(compress, { globalDecompression: false });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // The standalone layout has a bar with a logo, whose inline style the policy forbids.
    uiConfig: { layout: 'BaseLayout' },
    staticCSP: DOCS_POLICY,
    theme: { title: 'Moa' },
  });
  serveProblemPages(app);
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(JSON.stringify(app.swagger())),
  );
};
