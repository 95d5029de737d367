import type { Pool } from 'pg';
import type { Transport } from './cookie.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { ADDRESS_HEADER, PROVIDER_ID, type IdentityProvider } from './settings.ts';

/** A request to better-auth, of which the server has checked path, origin and body. */
export interface AuthRequest extends Transport {
  readonly method: 'GET' | 'POST';
  /** Below `/auth`, with the query. */
  readonly path: string;
  readonly body?: object | undefined;
  readonly cookies: string | undefined;
  readonly address: string;
  readonly userAgent: string | undefined;
  /** Whether the identity provider takes part. */
  readonly asksProvider?: boolean;
}

export interface SignInOptions {
  /** Where browsers reach Moa. */
  readonly publicUrl: string;
  /** Signs cookies; processes on one database share it. */
  readonly secret: string;
  readonly rateLimit: boolean;
  /** Whether anybody may sign in as one of the sample users. */
  readonly demo: boolean;
  readonly provider?: IdentityProvider | undefined;
  readonly onNotice: (message: string) => void;
}

export interface SignIn extends Pick<SignInOptions, 'demo' | 'publicUrl'> {
  readonly sessions: Sessions;
  readonly providers: readonly { readonly id: string; readonly name: string }[];
  /** Begins to load better-auth, for a request that will follow. */
  readonly prepare: () => void;
  /** Calls better-auth; faults reject. */
  readonly call: (request: AuthRequest) => Promise<Response>;
}

type Handler = (request: Request) => Promise<Response>;

/** Loading better-auth takes half a second, so the first request loads it. */
const load = () => import('./better-auth.ts');

/**
 * Sign-in with e-mail and password, and with an identity provider if one is configured. Every
 * transport has a better-auth of its own, because the names of its cookies differ; so has the
 * identity provider, so that passwords work while it cannot be reached.
 */
export const createSignIn = (db: Pool, options: SignInOptions): SignIn => {
  const { publicUrl, demo, provider } = options;
  const handlers = new Map<string, Promise<Handler>>();

  const create = async (transport: Transport, asked: IdentityProvider | undefined) => {
    const { createHandler } = await load();
    return createHandler({ ...options, ...transport, db, provider: asked });
  };

  const handlerFor = ({ isSecure, asksProvider = false }: AuthRequest): Promise<Handler> => {
    const key = `${isSecure} ${asksProvider}`;
    const found = handlers.get(key);
    if (found !== undefined) return found;
    const created = create({ isSecure }, asksProvider ? provider : undefined);
    handlers.set(key, created);
    return created;
  };

  return {
    demo,
    publicUrl,
    sessions: createSessions(db, options),
    providers: provider === undefined ? [] : [{ id: PROVIDER_ID, name: provider.name }],
    prepare: () => void load().catch(() => undefined),
    call: async (request) => {
      const handle = await handlerFor(request);
      const { method, path, body } = request;
      // Only these headers: with others, a caller could forge addresses and origins.
      const headers = new Headers({ [ADDRESS_HEADER]: request.address });
      if (request.cookies !== undefined) headers.set('cookie', request.cookies);
      if (request.userAgent !== undefined) headers.set('user-agent', request.userAgent);
      if (body !== undefined) headers.set('content-type', 'application/json');
      return handle(
        new Request(`${publicUrl}/auth${path}`, {
          method,
          headers,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
    },
  };
};
