import type { RequestSpan } from '../tracing/index.ts';
import type { Lock, Rows } from './table.ts';

/**
 * One intended effect. Ids and input are fixed when the command is submitted, so that deciding it
 * again after a lost connection gives the same result.
 */
export interface Command<Event, Refusal> {
  /** The API operation's name, for logs and metrics. */
  readonly operation: string;
  readonly key: IdempotencyKey;
  readonly locks: readonly Lock[];
  /**
   * Accepts the command with events, or refuses it. Pure; reads only rows that `locks` names. `time`
   * is the database's, read after all locks were taken, so it never runs backwards for a row.
   */
  readonly decide: (rows: Rows, time: Date) => Decision<Event, Refusal>;
  /** The span of the request, if it is traced. */
  readonly span?: RequestSpan | undefined;
  /** The answer to the sender, stored for retries; without `answer`, `UNANSWERED`. */
  answer?(happened: Happened<Event>): Answer;
}

/** The name of an effect (`id`) and a hash of its request (`fingerprint`); both are UUIDs. */
export interface IdempotencyKey {
  readonly id: string;
  readonly fingerprint: string;
}

export type Decision<Event, Refusal> =
  | { readonly kind: 'accepted'; readonly events: readonly Event[] }
  | Refused<Refusal>;

/** A rule refuses the command, for this reason. */
export interface Refused<Refusal> {
  readonly kind: 'refused';
  readonly refusal: Refusal;
}

/** The result of an accepted command. */
export interface Happened<Event> {
  readonly events: readonly Event[];
  /** The rows after the events. */
  readonly rows: Rows;
  readonly time: Date;
}

/** The answer of an accepted command. */
export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** An answer as stored with its key and repeated, byte for byte, to every retry. */
export interface AnswerText {
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

/** The answer of a command without `answer`; `settleAnswer` may store another one later. */
export const UNANSWERED: AnswerText = { status: 200, body: '{}' };

/**
 * How a submitted command ended. `accepted`: the command committed, now or (`replayed`) before;
 * `changed` unless there were no events. `refused`: the rules refused it. `key_reused`: its key was
 * used for another request. `overloaded`: it never began. These three changed nothing.
 * `unavailable`: the database was lost for longer than we retry, so the effect is unknown until the
 * key is sent again.
 */
export type Outcome<Refusal> =
  | {
      readonly kind: 'accepted';
      readonly answer: AnswerText;
      readonly replayed: boolean;
      readonly changed: boolean;
    }
  | Refused<Refusal>
  | { readonly kind: 'key_reused' }
  | { readonly kind: 'overloaded' }
  | { readonly kind: 'unavailable' };

/** Accepts a command with these events; without events nothing changes. */
export const accept = <Event>(events: readonly Event[]): Decision<Event, never> => ({
  kind: 'accepted',
  events,
});

/** Refuses a command; nothing changes. The place of the call says which refusals exist. */
export const refuse = <Refusal>(refusal: NoInfer<Refusal>): Refused<Refusal> => ({
  kind: 'refused',
  refusal,
});
