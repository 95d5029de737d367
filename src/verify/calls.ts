import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { VerifyFault } from './fault.ts';
import type { Findings } from './findings.ts';

/** Random choices that a seed repeats. */
export interface Draws {
  /** A whole number from `min` to `max`, both included. */
  readonly between: (min: number, max: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Value>(values: readonly Value[]) => Value;
}

/** A request that has an effect, under one idempotency key. */
export interface Call {
  readonly operation: string;
  readonly key: string;
  readonly path: string;
  readonly body: object;
  /** The refusals that the rules may give. */
  readonly refusals: readonly string[];
  /** Records the effect in the client's ledger, with its answer. */
  readonly record: (body: never) => void;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly replayed: boolean;
}

/** How a call ended. `isOpen`: an attempt without an answer may still have an effect. */
export type Settled =
  | { readonly kind: 'effect'; readonly text: string }
  | { readonly kind: 'refused'; readonly code: string; readonly isOpen: boolean };

/** What was sent so far. */
export interface Figures {
  operations: number;
  requests: number;
  refused: number;
  /** Requests without a whole answer. */
  lost: number;
  kills: number;
  cuts: number;
}

export interface CallOptions {
  readonly token: string;
  readonly urls: () => readonly string[];
  readonly findings: Findings;
  /** Choices about the way of a request, which depend on when answers come: not those of its content. */
  readonly draws: Draws;
  readonly signal: AbortSignal;
}

/** One request in so many is abandoned by its client, after up to so many milliseconds. */
const ABANDONED_SHARE = 0.04;
const ABANDONED_MAX_MS = 25;
/** A request to a process that hangs counts as lost. */
const ANSWER_MAX_MS = 15_000;
/** After so long without an answer the run ends: a service that is not there proves nothing. */
const SETTLE_MAX_MS = 90_000;
const AGAIN_MAX_MS = 80;
/** Answered calls that are sent again at the end. */
const KEPT_MAX = 300;

/** Statuses without a decision: the same request may be sent again. */
const isUndecided = (status: number): boolean => status === 503 || status === 429;
const isDone = (status: number): boolean => status === 200 || status === 201;

const codeIn = (text: string): string => {
  try {
    return String((JSON.parse(text) as { code?: unknown }).code);
  } catch {
    return 'no problem';
  }
};

/** Sends calls to the processes, over connections that break, and keeps score. */
export const createCalls = ({ token, urls, findings, draws, signal }: CallOptions) => {
  const agent = new Agent({ connections: 64, pipelining: 1, connect: { timeout: 5_000 } });
  const figures: Figures = { operations: 0, requests: 0, refused: 0, lost: 0, kills: 0, cuts: 0 };
  const open: Call[] = [];
  const kept: { readonly call: Call; readonly text: string }[] = [];
  let lastError: unknown;

  const exchange = async (
    url: string,
    options: { method: 'GET' | 'POST' | 'PUT'; key?: string; body?: object; abandonMs?: number },
  ): Promise<Answer | undefined> => {
    const { method, key, body, abandonMs } = options;
    const abandoning = new AbortController();
    const timer =
      abandonMs === undefined ? undefined : setTimeout(() => abandoning.abort(), abandonMs);
    figures.requests += 1;
    try {
      const answer = await request(url, {
        method,
        dispatcher: agent,
        signal: abandoning.signal,
        headersTimeout: ANSWER_MAX_MS,
        bodyTimeout: ANSWER_MAX_MS,
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
      figures.lost += 1;
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  };

  /** A process that listens; waits while none does. */
  const anyUrl = async (): Promise<string> => {
    for (const started = performance.now(); ;) {
      signal.throwIfAborted();
      const listening = urls();
      if (listening.length > 0) return draws.pick(listening);
      if (performance.now() - started > SETTLE_MAX_MS) {
        throw new VerifyFault(`no service process listens for ${SETTLE_MAX_MS / 1_000} s`);
      }
      await delay(10);
    }
  };

  /** One attempt; undefined without a whole answer. */
  const send = async ({ path, key, body }: Call): Promise<Answer | undefined> => {
    const isAbandoned = draws.chance(ABANDONED_SHARE);
    const abandonMs = draws.between(0, ABANDONED_MAX_MS);
    return exchange((await anyUrl()) + path, {
      method: 'POST',
      key,
      body,
      ...(isAbandoned ? { abandonMs } : {}),
    });
  };

  const refuse = (call: Call, { status, text }: Answer, isOpen: boolean): Settled => {
    const code = codeIn(text);
    figures.refused += 1;
    findings.made('answers');
    if (status !== 409 || !call.refusals.includes(code)) {
      findings.violate({
        check: 'answers',
        subject: `${call.operation} ${call.key}`,
        expected: `201, or 409 with ${call.refusals.join(' or ') || 'no code'}`,
        found: `${status} ${text.slice(0, 300)}`,
        keys: [call.key],
      });
    }
    if (isOpen) open.push(call);
    return { kind: 'refused', code, isOpen };
  };

  const accept = (call: Call, text: string): Settled => {
    findings.made('answers');
    call.record(JSON.parse(text) as never);
    // A sample of the answers, each with about the same chance.
    if (kept.length < KEPT_MAX) kept.push({ call, text });
    else if (draws.chance(KEPT_MAX / figures.operations)) {
      kept[draws.between(0, KEPT_MAX - 1)] = { call, text };
    }
    return { kind: 'effect', text };
  };

  /**
   * Sends a call until it is decided, with the same key, to any process. `sent` are the answers of
   * earlier attempts. Throws `VerifyFault` when nothing decides it.
   */
  const settle = async (
    call: Call,
    sent: readonly (Answer | undefined)[] = [],
  ): Promise<Settled> => {
    figures.operations += 1;
    const decided = sent.find((answer) => answer !== undefined && isDone(answer.status));
    if (decided !== undefined) return accept(call, decided.text);
    let isOpen = sent.some((answer) => answer === undefined || isUndecided(answer.status));
    for (const started = performance.now(); ;) {
      const answer = await send(call);
      if (answer !== undefined && isDone(answer.status)) return accept(call, answer.text);
      if (answer !== undefined && !isUndecided(answer.status)) return refuse(call, answer, isOpen);
      isOpen = true;
      if (performance.now() - started > SETTLE_MAX_MS) {
        throw new VerifyFault(
          `${call.operation} with the key ${call.key} has no answer after ` +
            `${SETTLE_MAX_MS / 1_000} s: ${answer?.text ?? String(lastError)}`,
        );
      }
      await delay(draws.between(5, AGAIN_MAX_MS));
    }
  };

  return {
    figures,
    send,
    settle,
    /** The body of a read, from one process; undefined if it was not answered. */
    read: async <Body>(path: string, url?: string): Promise<Body | undefined> => {
      const answer = await exchange((url ?? (await anyUrl())) + path, { method: 'GET' });
      return answer?.status === 200 ? (JSON.parse(answer.text) as Body) : undefined;
    },
    /** Registers a user; resolves once it is answered. */
    register: async (userId: string): Promise<void> => {
      for (const started = performance.now(); ;) {
        const url = `${await anyUrl()}/v1/users/${userId}`;
        const answer = await exchange(url, { method: 'PUT', body: {} });
        if (answer !== undefined && isDone(answer.status)) return;
        if (performance.now() - started > SETTLE_MAX_MS) {
          throw new VerifyFault(`the user ${userId} is not registered: ${answer?.text}`);
        }
        await delay(AGAIN_MAX_MS);
      }
    },
    /** Calls that were refused although an earlier attempt may still have an effect. */
    takeOpen: (): Call[] => open.splice(0),
    /** A sample of answered calls. */
    kept: (): readonly { readonly call: Call; readonly text: string }[] => kept,
    close: (): Promise<void> => agent.destroy(),
  };
};

export type Calls = ReturnType<typeof createCalls>;
