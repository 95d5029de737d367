import type { Lock, Rows } from './table.ts';

/**
 * One intended effect. Everything random or from outside (ids, input) is inside when it is
 * submitted, so that deciding it again after a lost connection gives the same result.
 */
export interface Command<Event, Refusal> {
  /** What is to be done, in the words of the API; for logs and metrics. */
  readonly operation: string;
  readonly key: IdempotencyKey;
  readonly locks: readonly Lock[];
  /**
   * May it happen, and what then happens? Pure; reads only rows that `locks` names. `time` is the
   * database's, read after all locks were taken, so it never runs backwards for a row.
   */
  readonly decide: (rows: Rows, time: Date) => Decision<Event, Refusal>;
  /** What whoever sent it is told, now and to every retry; an empty answer when not said. */
  answer?(happened: Happened<Event>): Answer;
}

/** Names an effect (`id`) and the request that it came from (`fingerprint`); both are UUIDs. */
export interface IdempotencyKey {
  readonly id: string;
  readonly fingerprint: string;
}

export type Decision<Event, Refusal> =
  | { readonly kind: 'accepted'; readonly events: readonly Event[] }
  | Refused<Refusal>;

/** The rules say no, for this reason. */
export interface Refused<Refusal> {
  readonly kind: 'refused';
  readonly refusal: Refusal;
}

/** What an accepted command did. */
export interface Happened<Event> {
  readonly events: readonly Event[];
  /** The rows as the events left them. */
  readonly rows: Rows;
  readonly time: Date;
}

/** What a command answers. */
export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** An answer as it is remembered with the key and given again, byte for byte, to every retry. */
interface AnswerText {
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

/**
 * How a submitted command ended. `accepted`: it committed, now or (`replayed`) before, and changed
 * something unless there was nothing to do. `refused`:
 * the rules say no. `key_reused`: its key stands for another request's effect. `overloaded`: it was
 * never begun. All but the first changed nothing. `unavailable`: the database was lost for longer
 * than we retry, so the effect is unknown until the key is sent again.
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

/** It may happen: these events; without one there is nothing to do. */
export const accept = <Event>(events: readonly Event[]): Decision<Event, never> => ({
  kind: 'accepted',
  events,
});

/** It may not happen, for this reason; nothing changes. */
export const refuse = <Refusal>(refusal: Refusal): Refused<Refusal> => ({
  kind: 'refused',
  refusal,
});
