import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { named } from '../contract/index.ts';
import { schemaOfPage } from './openapi.ts';

export interface Readiness {
  readonly ready: boolean;
  /** The checks and their results. */
  readonly checks: Readonly<Record<string, string>>;
}

const Health = named('Health', { status: Type.Literal('ok') });
const ReadinessView = named('Readiness', {
  ready: Type.Boolean(),
  checks: Type.Record(Type.String(), Type.String(), { description: 'each check and its result' }),
});
const READY = { ready: true, checks: { database: 'reachable' } };

/** Serves /healthz, whether the process runs, and /readyz, whether it can answer requests. */
export const serveHealth = (app: FastifyInstance, ready: () => Promise<Readiness>): void => {
  const config = { rateLimit: false };
  const health = schemaOfPage({
    operationId: 'getHealth',
    summary: 'Report that the process is running',
    answers: { 200: { 'application/json': { schema: Health, example: { status: 'ok' } } } },
  });
  app.get('/healthz', { config: { ...config, operation: 'getHealth' }, schema: health }, () => ({
    status: 'ok',
  }));

  const report = { 'application/json': { schema: ReadinessView, example: READY } };
  const readiness = schemaOfPage({
    operationId: 'getReadiness',
    summary: 'Report whether the service can answer requests',
    answers: { 200: report, 503: report },
  });
  app.get(
    '/readyz',
    { config: { ...config, operation: 'getReadiness' }, schema: readiness },
    async (_request, reply) => {
      const { ready: isReady, checks } = await ready();
      return reply.status(isReady ? 200 : 503).send({ ready: isReady, checks });
    },
  );
};
