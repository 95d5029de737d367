import createClient from 'openapi-fetch';
import type {
  DataOf,
  Method,
  OperationAt,
  ParametersOf,
  PathsWith,
  ProblemOf,
} from './contract.ts';
import { newKey, type Intent } from './intent.ts';
import type { paths } from './openapi.gen.ts';
import { readResult, type RawResult, type Result } from './result.ts';
import { sendWithRetries, type Fetch, type OnWait, type RetryOptions } from './retry.ts';

/** Options that every call takes. */
export interface CallOptions {
  /** Aborts the call, its attempts and its waits. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each wait for another attempt, so that a page can show that the call waits. */
  readonly onWait?: OnWait | undefined;
}

/** Options of a call whose effect happens once for each key. */
export interface KeyedOptions extends CallOptions {
  /** An intent or its key; without one, the call gets a key of its own. */
  readonly key?: string | Intent | undefined;
}

/** Options of a write to a cart. */
export interface CartOptions extends KeyedOptions {
  /** The version that the write is based on; another one in the cart is `cart_changed`. */
  readonly version?: number | undefined;
}

/** What the operation at a path takes. */
export type OptionsAt<M extends Method, P extends PathsWith<M>> = ParametersOf<OperationAt<M, P>> &
  (M extends 'post' ? KeyedOptions : CallOptions);

/** Options may be left out where none is required. */
type Rest<Options> = Partial<Options> extends Options ? [options?: Options] : [options: Options];

/** What the operation at a path comes to. */
export type ResultAt<M extends Method, P extends PathsWith<M>> = Result<
  DataOf<OperationAt<M, P>>,
  ProblemOf<OperationAt<M, P>> & { code: string }
>;

/** Calls the operations of a method by their paths. */
type CallWith<M extends Method> = <P extends PathsWith<M>>(
  path: P,
  ...rest: Rest<OptionsAt<M, P>>
) => Promise<ResultAt<M, P>>;

/** Every operation of the API, by method and path. */
export interface Calls {
  readonly get: CallWith<'get'>;
  readonly put: CallWith<'put'>;
  readonly post: CallWith<'post'>;
  readonly patch: CallWith<'patch'>;
  readonly delete: CallWith<'delete'>;
}

/** How calls reach Moa. */
export interface Connection {
  /** Where Moa listens, for example `https://moa.example`; by default the origin of the page. */
  readonly url?: string | undefined;
  /**
   * A token or an API key, or a function that gives the current one for each call. Without one, a
   * page sends the cookies of its own origin.
   */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** Sends a request instead of the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  readonly retry?: RetryOptions | undefined;
}

interface RawOptions extends CartOptions {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

const originOfPage = (): string =>
  (globalThis as { readonly location?: { readonly origin: string } }).location?.origin ?? '';

/** Where Moa listens, without a slash at the end. */
export const baseOf = ({ url = originOfPage() }: Connection): string => url.replace(/\/$/, '');

/** What sends a request. */
export const fetchOf = ({ fetch }: Connection): Fetch =>
  fetch ?? ((target, init) => globalThis.fetch(target, init));

/** The header of the current token; none without a token. */
export const authorizationOf = async ({ token }: Connection): Promise<Record<string, string>> => {
  const credential = typeof token === 'function' ? await token() : token;
  return credential === undefined ? {} : { authorization: `Bearer ${credential}` };
};

const headersOf = async (
  method: Method,
  { key, version }: RawOptions,
  connection: Connection,
): Promise<Record<string, string>> => {
  const given = typeof key === 'object' ? await key.key() : key;
  return {
    ...(await authorizationOf(connection)),
    ...(method === 'post' ? { 'idempotency-key': given ?? newKey() } : {}),
    ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
  };
};

type Send = (
  method: Method,
  path: string,
  options: object,
) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

/** Typed calls over openapi-fetch, with keys and retries; a problem is a value. */
export const createCalls = (connection: Connection): Calls => {
  const fetch = fetchOf(connection);
  const client = createClient<paths>({ baseUrl: baseOf(connection) });
  const sendWith =
    (onWait: OnWait | undefined) =>
    async (request: Request): Promise<Response> =>
      sendWithRetries(
        fetch,
        {
          url: request.url,
          method: request.method,
          headers: request.headers,
          body: (await request.text()) || undefined,
          signal: request.signal,
        },
        connection.retry,
        onWait,
      );
  // The types of the calls below are stricter than those of openapi-fetch.
  const send = client.request as unknown as Send;
  const callWith =
    (method: Method) =>
    async (path: string, options: RawOptions = {}): Promise<RawResult> => {
      const { path: named, query, body, signal, onWait } = options;
      const headers = await headersOf(method, options, connection);
      const answer = await send(method, path, {
        params: { path: named, query },
        headers,
        parseAs: 'text',
        fetch: sendWith(onWait),
        ...(body === undefined ? {} : { body }),
        ...(signal === undefined ? {} : { signal }),
      });
      return readResult(answer);
    };
  return {
    get: callWith('get'),
    put: callWith('put'),
    post: callWith('post'),
    patch: callWith('patch'),
    delete: callWith('delete'),
  } as unknown as Calls;
};
