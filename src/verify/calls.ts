import { setTimeout as delay } from 'node:timers/promises';
import type { Draws } from './draws.ts';
import { createExchange, type Answer, type Sent } from './exchange.ts';
import { VerifyFault } from './fault.ts';
import type { Findings } from './findings.ts';

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

/** How a call ended. `isUndecided`: an attempt without an answer may still have an effect. */
export type Settled =
  | { readonly kind: 'effect'; readonly text: string }
  | { readonly kind: 'refused'; readonly code: string; readonly isUndecided: boolean };

/** An answered call, to be sent again at the end. */
interface Kept {
  readonly call: Call;
  readonly text: string;
}

/** What was sent and done so far. */
export interface Figures extends Sent {
  operations: number;
  refused: number;
  kills: number;
  cuts: number;
}

interface CallOptions {
  readonly token: string;
  readonly urls: () => readonly string[];
  readonly findings: Findings;
  /** Choices about the way of a request, which depend on when answers come. */
  readonly draws: Draws;
  readonly signal: AbortSignal;
}

/** One request in so many is abandoned by its client, after up to so many milliseconds. */
const ABANDONED_SHARE = 0.04;
const ABANDONED_MAX_MS = 25;
/** After so long without an answer the run ends: a service that is not there proves nothing. */
const SETTLE_MAX_MS = 90_000;
const AGAIN_MS = { min: 5, max: 80 };
const POLL_EVERY_MS = 10;
/** Answered calls that are sent again at the end. */
const KEPT_MAX = 300;

/** Whether an answer shows an effect. */
export const isDone = ({ status }: Answer): boolean => status === 200 || status === 201;
/** Whether the same request may be sent again: nothing is decided. */
const mayPass = ({ status }: Answer): boolean => status === 503 || status === 429;

const codeIn = (text: string): string => {
  try {
    return String((JSON.parse(text) as { code?: unknown }).code);
  } catch {
    return 'no problem';
  }
};

/** Calls the processes until each call is decided, and judges and counts the answers. */
export const createCalls = ({ token, urls, findings, draws, signal }: CallOptions) => {
  const figures: Figures = { operations: 0, requests: 0, refused: 0, lost: 0, kills: 0, cuts: 0 };
  const { exchange, lastError, close } = createExchange(token, figures);
  const undecided: Call[] = [];
  const kept: Kept[] = [];

  /** Repeats until there is a result; throws `VerifyFault` after a while, and when interrupted. */
  const persist = async <Result>(
    what: string,
    attempt: () => Promise<Result | undefined> | Result | undefined,
    pauseMs: () => number,
  ): Promise<Result> => {
    for (const started = performance.now(); ; await delay(pauseMs())) {
      signal.throwIfAborted();
      const result = await attempt();
      if (result !== undefined) return result;
      if (performance.now() - started > SETTLE_MAX_MS) {
        throw new VerifyFault(`${what} for ${SETTLE_MAX_MS / 1_000} s; at last: ${lastError()}`);
      }
    }
  };
  const pauseAtRandom = (): number => draws.between(AGAIN_MS.min, AGAIN_MS.max);

  /** A process that listens; waits while none does. */
  const anyUrl = (): Promise<string> => {
    const find = (): string | undefined => {
      const listening = urls();
      return listening.length === 0 ? undefined : draws.pick(listening);
    };
    return persist('no service process has listened', find, () => POLL_EVERY_MS);
  };

  /** One attempt at any process, perhaps abandoned; undefined without a whole answer. */
  const send = async ({ path, key, body }: Call): Promise<Answer | undefined> => {
    const isAbandoned = draws.chance(ABANDONED_SHARE);
    const abandonMs = draws.between(0, ABANDONED_MAX_MS);
    const url = (await anyUrl()) + path;
    const abandon = isAbandoned ? { abandonMs } : {};
    return exchange(url, { method: 'POST', key, body, ...abandon });
  };

  const refuse = (call: Call, { status, text }: Answer, isUndecided: boolean): Settled => {
    const code = codeIn(text);
    const { operation, key, refusals } = call;
    figures.refused += 1;
    if (status !== 409 || !refusals.includes(code)) {
      findings.violate({
        check: 'answers',
        subject: `${operation} ${key}`,
        expected: `201${refusals.map((each) => `, or 409 ${each}`).join('')}`,
        found: `${status} ${text.slice(0, 300)}`,
        keys: [key],
      });
    }
    if (isUndecided) undecided.push(call);
    return { kind: 'refused', code, isUndecided };
  };

  const accept = (call: Call, text: string): Settled => {
    call.record(JSON.parse(text) as never);
    // Each answer has about the same chance to be kept.
    if (kept.length < KEPT_MAX) kept.push({ call, text });
    else if (draws.chance(KEPT_MAX / figures.operations)) {
      kept[draws.between(0, KEPT_MAX - 1)] = { call, text };
    }
    return { kind: 'effect', text };
  };

  /**
   * Sends a call until it is decided, with the same key, to any process. `earlier` are the answers
   * of attempts before. Throws `VerifyFault` when nothing decides it.
   */
  const settle = async (
    call: Call,
    earlier: readonly (Answer | undefined)[] = [],
  ): Promise<Settled> => {
    figures.operations += 1;
    findings.made('answers');
    const done = earlier.find((answer) => answer !== undefined && isDone(answer));
    if (done !== undefined) return accept(call, done.text);
    let isUndecided = earlier.some((answer) => answer === undefined || mayPass(answer));
    const attempt = async (): Promise<Settled | undefined> => {
      const answer = await send(call);
      if (answer !== undefined && isDone(answer)) return accept(call, answer.text);
      if (answer !== undefined && !mayPass(answer)) return refuse(call, answer, isUndecided);
      isUndecided = true;
      return undefined;
    };
    const { operation, key } = call;
    return persist(`${operation} with the key ${key} had no answer`, attempt, pauseAtRandom);
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
      const attempt = async (): Promise<true | undefined> => {
        const url = `${await anyUrl()}/v1/users/${userId}`;
        const answer = await exchange(url, { method: 'PUT', body: {} });
        return answer !== undefined && isDone(answer) ? true : undefined;
      };
      await persist(`the user ${userId} was not registered`, attempt, pauseAtRandom);
    },
    /** Calls that were refused although an earlier attempt may still have an effect. */
    takeUndecided: (): Call[] => undecided.splice(0),
    /** A sample of answered calls. */
    kept: (): readonly Kept[] => kept,
    close,
  };
};

export type Calls = ReturnType<typeof createCalls>;
