import type { FastifyInstance } from 'fastify';

export interface Readiness {
  readonly ready: boolean;
  /** The checks and their results. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Serves /healthz, whether the process runs, and /readyz, whether it can answer requests. */
export const serveHealth = (app: FastifyInstance, ready: () => Promise<Readiness>): void => {
  const tags = ['Service'];
  const config = { rateLimit: false };
  app.get(
    '/healthz',
    {
      config,
      schema: { tags, operationId: 'getHealth', summary: 'Report that the process is running' },
    },
    () => ({ status: 'ok' }),
  );
  app.get(
    '/readyz',
    {
      config,
      schema: {
        tags,
        operationId: 'getReadiness',
        summary: 'Report whether the service can answer requests',
      },
    },
    async (_request, reply) => {
      const readiness = await ready();
      return reply.status(readiness.ready ? 200 : 503).send(readiness);
    },
  );
};
