import Fastify from 'fastify';
import type { AddressInfo } from 'node:net';
import { serve } from '../worker.ts';

/** A request that the service answered, to be answered alike. */
export interface BareTask {
  readonly method: 'GET' | 'POST';
  readonly status: number;
  readonly body: string;
}

/** One route of Fastify on a free port: it parses the request and sends the same answer. */
serve(async ({ method, status, body }: BareTask): Promise<string> => {
  const answer = JSON.parse(body) as unknown;
  const server = Fastify();
  server.route({ method, url: '*', handler: (_request, reply) => reply.code(status).send(answer) });
  await server.listen({ port: 0, host: '127.0.0.1' });
  return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});
