import type { Problem } from './contract.ts';

/** What a call comes to: data, or a problem. */
export type Result<Data, Refusal extends { code: string } = Problem> =
  | {
      readonly ok: true;
      readonly data: Data;
      /** Whether the effect is an earlier one, of a request with the same key. */
      readonly replayed: boolean;
    }
  | { readonly ok: false; readonly problem: Refusal };

/** What an answer holds, before it has a type. */
export type RawResult =
  | { readonly ok: true; readonly data: unknown; readonly replayed: boolean }
  | { readonly ok: false; readonly problem: { readonly code: string } };

/**
 * Why a call has no result. `no_connection`: no answer arrived in any attempt, so the effect of a
 * POST is unknown: send it again with the same key. `unexpected_answer`: the answer is not Moa's,
 * for example the page of a proxy. `problem`: an iteration met a problem.
 */
export type FaultReason = 'no_connection' | 'unexpected_answer' | 'problem';

interface FaultDetails {
  readonly reason: FaultReason;
  readonly key?: string | undefined;
  readonly problem?: { readonly code: string } | undefined;
  readonly cause?: unknown;
}

/** The one error that calls throw, apart from the reason of an aborted signal. */
export class MoaFault extends Error {
  readonly reason: FaultReason;
  /** The key that was sent. */
  readonly key: string | undefined;
  /** The problem that ended an iteration. */
  readonly problem: { readonly code: string } | undefined;

  constructor(message: string, { reason, key, problem, cause }: FaultDetails) {
    super(message, { cause });
    this.name = 'MoaFault';
    this.reason = reason;
    this.key = key;
    this.problem = problem;
  }
}

/** Whether a body is a problem of Moa. */
export const isProblem = (value: unknown): value is { code: string } =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';

/** An answer as openapi-fetch gives it: the text of a success, the parsed body of an error. */
interface RawAnswer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

// JSON (RFC 6839); other types, as those of pages and metrics, stay text.
const JSON_TYPE = /[/+]json\b/;

const readData = ({ data, response }: RawAnswer): unknown =>
  typeof data === 'string' && JSON_TYPE.test(response.headers.get('content-type') ?? '')
    ? JSON.parse(data)
    : data;

/** The result in an answer; throws where the answer is neither data nor a problem. */
export const readResult = (answer: RawAnswer): RawResult => {
  const { error, response } = answer;
  const replayed = response.headers.get('idempotency-replayed') === 'true';
  try {
    if (response.ok) return { ok: true, data: readData(answer), replayed };
  } catch (cause) {
    throw unexpected(response.status, cause);
  }
  if (isProblem(error)) return { ok: false, problem: error };
  throw unexpected(response.status);
};

const unexpected = (status: number, cause?: unknown): MoaFault => {
  const message = `the answer with status ${status} is not one of Moa`;
  return new MoaFault(message, { reason: 'unexpected_answer', cause });
};
