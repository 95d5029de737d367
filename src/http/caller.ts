import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../contract/index.ts';
import type { Tokens } from '../identity/index.ts';
import type { SignIn, Transport } from '../sign-in/index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
}

/** Who calls: by `Authorization`, or without that header by the cookie of a session. */
export interface Callers {
  /** The caller of a token or a session that was verified before; a look-up in memory. */
  readonly known: (request: FastifyRequest) => Caller | undefined;
  /** The caller; undefined without a valid token or session. */
  readonly verify: (request: FastifyRequest) => Promise<Caller | undefined>;
}

/** Whether the browser sends this request over TLS, perhaps to the shop's proxy. */
export const transportOf = (
  { protocol }: Pick<FastifyRequest, 'protocol'>,
  publicUrl: string,
): Transport => ({ isSecure: protocol === 'https' || publicUrl.startsWith('https:') });

/** Finds callers by token and, with sign-in here, by session. A token's cookie is not read. */
export const createCallers = (
  tokens: Pick<Tokens, 'known' | 'verify'>,
  signIn: Pick<SignIn, 'sessions' | 'publicUrl'> | undefined,
): Callers => ({
  known: (request) => {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined) return tokens.known(authorization);
    if (cookie === undefined || signIn === undefined) return undefined;
    return signIn.sessions.known(cookie, transportOf(request, signIn.publicUrl));
  },
  verify: async (request) => {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined) return tokens.verify(authorization);
    if (cookie === undefined || signIn === undefined) return undefined;
    return signIn.sessions.verify(cookie, transportOf(request, signIn.publicUrl));
  },
});

/**
 * Sets the caller of each token and session that was verified before. A new one is verified on a
 * route that requires one, after the rate limits, so that invalid tokens cannot cause unlimited
 * signature checks.
 */
export const identifyCallers = (app: FastifyInstance, { known }: Pick<Callers, 'known'>): void => {
  app.decorateRequest('caller', undefined);
  app.addHook('onRequest', (request, _reply, done) => {
    request.caller = known(request);
    done();
  });
};
