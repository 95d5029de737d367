import helmet from '@fastify/helmet';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyPluginAsync } from 'fastify';
import { serveProblemPages } from './problem-pages.ts';

/**
 * What people look at in a browser: the API at `/docs` and the problems. Only these carry the
 * headers that bind browsers; making them costs a tenth of a checkout.
 */
export const servePages: FastifyPluginAsync = async (app) => {
  await app.register(helmet, {
    // Many shops run without TLS behind their own proxy or in their own network.
    contentSecurityPolicy: {
      directives: { 'default-src': ["'self'"], 'upgrade-insecure-requests': null },
    },
    strictTransportSecurity: false,
  });
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
};
