import { MoaFault } from './result.ts';

/** How often and how long a request is sent again. */
export interface RetryOptions {
  /** The maximum number of requests of a call, the first included; 1 sends nothing again. */
  readonly attempts?: number;
  /** The maximum time of a call, with all its attempts and waits. */
  readonly totalMs?: number;
  /** The maximum time of one attempt; Moa answers within 5 seconds unless it is told otherwise. */
  readonly attemptMs?: number;
  /** The longest first wait; it doubles with each attempt. */
  readonly firstWaitMs?: number;
}

/** A request that is not answered yet and is sent again after a wait. */
export interface Waiting {
  /** The milliseconds until the next attempt. */
  readonly waitMs: number;
  /** The number of attempts so far. */
  readonly attempt: number;
  /**
   * `busy`: too many requests, or Moa cannot serve the request now, so it has no effect or an unknown
   * one. `no_connection`: no answer arrived, so the effect is unknown.
   */
  readonly reason: 'busy' | 'no_connection';
  /** The status of the answer. */
  readonly status?: number | undefined;
  /** Why there is no answer. */
  readonly error?: unknown;
  /** The key that is sent again. */
  readonly key?: string | undefined;
}

export type OnWait = (waiting: Waiting) => void;

/** A fast failure is sent again for about a minute at most, which outlasts a restart of Moa. */
export const DEFAULTS = { attempts: 8, totalMs: 60_000, attemptMs: 10_000, firstWaitMs: 200 };
/** A longer wait than this is of no use to a buyer; `Retry-After` may ask for more. */
const WAIT_MAX_MS = 10_000;

/** Too many requests, and what Moa or a proxy before it answers when it cannot serve a request. */
const RETRIED = new Set([429, 502, 503, 504]);
/** RFC 9110 §9.2.1. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A request that can be sent any number of times: its body is text. */
export interface Sendable {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Milliseconds that `Retry-After` asks for: seconds or a date (RFC 9110 §10.2.3). */
export const readRetryAfter = (value: string | null, now: number): number => {
  if (value === null) return 0;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
};

/** The longest time of a timer; a longer one would end at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Waits; rejects with the reason of the signal as soon as it aborts. */
export const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const end = (): void => {
      signal.removeEventListener('abort', abort);
      resolve();
    };
    const timer = setTimeout(end, Math.min(ms, TIMER_MAX_MS));
    signal.addEventListener('abort', abort, { once: true });
  });

/** One answer with its whole body: a connection may be lost in the middle of it. */
const receive = async (fetch: Fetch, request: Sendable, limitMs: number): Promise<Response> => {
  const { url, method, headers, body = null } = request;
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(limitMs)]);
  const response = await fetch(url, { method, headers, body, signal, credentials: 'same-origin' });
  const bytes = await response.arrayBuffer();
  const { status, statusText } = response;
  const content = status === 204 || status === 304 ? null : bytes;
  return new Response(content, { status, statusText, headers: response.headers });
};

type Attempt = { readonly response: Response } | { readonly error: unknown };

const attempt = async (fetch: Fetch, request: Sendable, limitMs: number): Promise<Attempt> => {
  try {
    return { response: await receive(fetch, request, limitMs) };
  } catch (error) {
    request.signal.throwIfAborted();
    return { error };
  }
};

const finish = (outcome: Attempt, attempts: number, request: Sendable): Response => {
  if ('response' in outcome) return outcome.response;
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  throw new MoaFault(`${request.method} ${request.url} was sent ${times} without an answer`, {
    reason: 'no_connection',
    key: request.headers.get('idempotency-key') ?? undefined,
    cause: outcome.error,
  });
};

const waitingOf = (
  outcome: Attempt,
  waited: Pick<Waiting, 'waitMs' | 'attempt'>,
  { headers }: Sendable,
): Waiting => ({
  ...waited,
  ...('response' in outcome
    ? { reason: 'busy', status: outcome.response.status }
    : { reason: 'no_connection', error: outcome.error }),
  key: headers.get('idempotency-key') ?? undefined,
});

/**
 * Sends a request until it is answered, bounded in number and time. Sends again what is safe or has
 * a key, after a lost connection and after 429, 502, 503 and 504. Waits a random part of a doubling
 * time ("full jitter"), at least as long as `Retry-After` says. The last answer is the result.
 * `onWait` is called before each wait.
 */
export const sendWithRetries = async (
  fetch: Fetch,
  request: Sendable,
  options: RetryOptions = {},
  onWait?: OnWait,
): Promise<Response> => {
  const { attempts, totalMs, attemptMs, firstWaitMs } = { ...DEFAULTS, ...options };
  const repeatable = SAFE.has(request.method) || isKeyedPost(request);
  const deadline = performance.now() + totalMs;
  request.signal.throwIfAborted();
  for (let count = 1; ; count += 1) {
    const limitMs = Math.max(1, Math.min(attemptMs, deadline - performance.now()));
    const outcome = await attempt(fetch, request, Math.ceil(limitMs));
    const answered = 'response' in outcome ? outcome.response : undefined;
    if (answered !== undefined && !RETRIED.has(answered.status)) return answered;
    if (!repeatable || count >= attempts) return finish(outcome, count, request);
    const asked = readRetryAfter(answered?.headers.get('retry-after') ?? null, Date.now());
    const longest = Math.min(WAIT_MAX_MS, firstWaitMs * 2 ** (count - 1));
    // Callers that were told the same time come back spread over the wait.
    const waitMs = asked + Math.random() * longest;
    if (performance.now() + waitMs >= deadline) return finish(outcome, count, request);
    onWait?.(waitingOf(outcome, { waitMs, attempt: count }, request));
    await wait(waitMs, request.signal);
  }
};

const isKeyedPost = ({ method, headers }: Sendable): boolean =>
  method === 'POST' && headers.has('idempotency-key');
