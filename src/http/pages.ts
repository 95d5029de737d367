import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyPluginAsync } from 'fastify';
import { cachePages } from './caching.ts';
import { serveProblemPages } from './problem-pages.ts';

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
    staticCSP: true,
    theme: {
      title: 'Moa',
      css: [{ filename: 'moa.css', content: '.swagger-ui .topbar { display: none; }' }],
    },
    transformStaticCSP: (policy) => policy.replace(/ *upgrade-insecure-requests;?/, ''),
  });
  serveProblemPages(app);
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(JSON.stringify(app.swagger())),
  );
};
