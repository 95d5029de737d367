import { Agent, request } from 'undici';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly replayed: boolean;
}

interface Request {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly key?: string;
  readonly body?: object;
  /** The client leaves after so many milliseconds, answered or not. */
  readonly abandonMs?: number;
}

/** What was sent, and how much of it had no whole answer. */
export interface Sent {
  requests: number;
  lost: number;
}

/** A request to a process that hangs counts as lost. */
const ANSWER_MAX_MS = 15_000;
const CONNECT_MAX_MS = 5_000;
const CONNECTIONS = 64;

/** Sends single requests over connections that may break at any time. */
export const createExchange = (token: string, sent: Sent) => {
  const agent = new Agent({
    connections: CONNECTIONS,
    pipelining: 1,
    headersTimeout: ANSWER_MAX_MS,
    bodyTimeout: ANSWER_MAX_MS,
    connect: { timeout: CONNECT_MAX_MS },
  });
  let lastError: unknown;

  /** One request; undefined without a whole answer. */
  const exchange = async (url: string, wanted: Request): Promise<Answer | undefined> => {
    const { method, key, body, abandonMs } = wanted;
    const abandoning = new AbortController();
    const timer =
      abandonMs === undefined ? undefined : setTimeout(() => abandoning.abort(), abandonMs);
    sent.requests += 1;
    try {
      const answer = await request(url, {
        method,
        dispatcher: agent,
        signal: abandoning.signal,
        headers: {
          authorization: `Bearer ${token}`,
          ...(key === undefined ? {} : { 'idempotency-key': key }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.body.text();
      const replayed = answer.headers['idempotency-replayed'] === 'true';
      return { status: answer.statusCode, text, replayed };
    } catch (error) {
      lastError = error;
      sent.lost += 1;
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    exchange,
    /** Why the last request had no answer. */
    lastError: (): string => String(lastError),
    close: (): Promise<void> => agent.destroy(),
  };
};
