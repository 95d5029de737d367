import type { MoaFault, Result } from '@moa-commerce/client';

/** How a request stands that was pressed. */
export type Phase = 'idle' | 'sending' | 'queued' | 'offline';

/** Without an answer for this long, the button says that the shopper is in a queue. */
export const QUEUE_MS = 1_500;
/** A request is sent again by the page for as long as a press is kept. */
const GIVE_UP_MS = 5 * 60_000;
/** The client has waited before this, with growing waits. */
const PAUSE_MS = 3_000;

/** Problems that say "not now": the same request will be taken later. */
const NOT_NOW = new Set(['overloaded', 'unavailable', 'rate_limited', 'request_timeout']);

/** What came of sending; `lost` is a fault after which the effect may have happened. */
export type Outcome<Data, Refusal extends { readonly code: string }> =
  | Result<Data, Refusal>
  | { readonly ok: false; readonly lost: { readonly code: string } };

interface Surroundings {
  readonly now: () => number;
  /** Resolves after the time, or as soon as the browser has a network again. */
  readonly pause: (ms: number) => Promise<void>;
  readonly onPhase: (phase: Phase) => void;
}

/**
 * Sends one request with one key until it is answered: through overload, limits and lost
 * connections, for five minutes. The service does the effect once.
 */
export const sendUntilAnswered = async <Data, Refusal extends { readonly code: string }>(
  send: () => Promise<Result<Data, Refusal>>,
  { now, pause, onPhase }: Surroundings,
): Promise<Outcome<Data, Refusal>> => {
  const deadline = now() + GIVE_UP_MS;
  for (;;) {
    const outcome = await sendOnce(send);
    const code = outcome.ok ? undefined : codeOf(outcome);
    const isOffline = code === 'no_connection';
    if (code === undefined || (!isOffline && !NOT_NOW.has(code))) return outcome;
    if (now() + PAUSE_MS > deadline) return { ok: false, lost: { code } };
    onPhase(isOffline ? 'offline' : 'queued');
    await pause(PAUSE_MS);
  }
};

/** Refusals of what belongs to somebody else, or of nobody in particular. */
const OTHER_SESSION = new Set([
  'unauthenticated',
  'forbidden',
  'user_not_found',
  'order_not_found',
]);

/** Whether a refusal may mean that the session of the page has ended or is another person's. */
export const isOtherSession = (outcome: Outcome<unknown, { readonly code: string }>): boolean =>
  !outcome.ok && OTHER_SESSION.has(codeOf(outcome));

const codeOf = (
  outcome: { readonly problem: { readonly code: string } } | { readonly lost: { code: string } },
): string => ('lost' in outcome ? outcome.lost.code : outcome.problem.code);

const sendOnce = async <Data, Refusal extends { readonly code: string }>(
  send: () => Promise<Result<Data, Refusal>>,
): Promise<Outcome<Data, Refusal>> => {
  try {
    const result = await send();
    // After a fault of the service, the effect is not known.
    if (!result.ok && result.problem.code === 'internal_error')
      return { ok: false, lost: result.problem };
    return result;
  } catch (error) {
    const isLost = (error as Partial<MoaFault> | undefined)?.reason === 'no_connection';
    return { ok: false, lost: { code: isLost ? 'no_connection' : 'unknown' } };
  }
};
