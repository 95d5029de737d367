import type { FastifyInstance } from 'fastify';
import type { Caller } from '../contract/index.ts';
import type { Tokens } from '../identity/index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
}

/**
 * Names the caller of each token that was verified before, for a look-up. A new token is verified
 * where a route asks for it, after the rates: nobody buys signature checks with bad ones.
 */
export const identifyCallers = (app: FastifyInstance, tokens: Pick<Tokens, 'known'>): void => {
  app.decorateRequest('caller', undefined);
  app.addHook('onRequest', (request, _reply, done) => {
    request.caller = tokens.known(request.headers.authorization);
    done();
  });
};
