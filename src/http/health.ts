import type { FastifyInstance } from 'fastify';

export interface Readiness {
  readonly ready: boolean;
  /** What was looked at, and what was seen. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Serves whether the process is up, and whether it can answer, to those who run it. */
export const serveHealth = (app: FastifyInstance, ready: () => Promise<Readiness>): void => {
  const tags = ['Service'];
  const config = { rateLimit: false };
  app.get(
    '/healthz',
    { config, schema: { tags, operationId: 'getHealth', summary: 'Whether the process is up' } },
    () => ({ status: 'ok' }),
  );
  app.get(
    '/readyz',
    {
      config,
      schema: { tags, operationId: 'getReadiness', summary: 'Whether requests can be answered' },
    },
    async (_request, reply) => {
      const readiness = await ready();
      return reply.status(readiness.ready ? 200 : 503).send(readiness);
    },
  );
};
