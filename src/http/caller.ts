import type { FastifyInstance } from 'fastify';
import type { Caller } from '../contract/index.ts';
import type { Tokens } from '../identity/index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
}

/**
 * Sets the caller of each token that is in the cache of verified tokens. A new token is verified on
 * a route that requires one, after the rate limits, so that invalid tokens cannot cause unlimited
 * signature checks.
 */
export const identifyCallers = (app: FastifyInstance, tokens: Pick<Tokens, 'known'>): void => {
  app.decorateRequest('caller', undefined);
  app.addHook('onRequest', (request, _reply, done) => {
    request.caller = tokens.known(request.headers.authorization);
    done();
  });
};
