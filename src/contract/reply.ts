import type { Outcome } from '../commit/index.ts';
import type { Refusal } from './refusal.ts';
import type { Reply } from './route.ts';

/** The outcome of a command of the shop. */
export type CommandOutcome = Outcome<Refusal>;

/** The reply for a command's outcome. */
export const replyTo = (outcome: CommandOutcome): Reply => {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'answer', ...outcome.answer, replayed: outcome.replayed };
    case 'refused':
      return { kind: 'problem', ...outcome.refusal };
    case 'key_reused':
      return { kind: 'problem', code: 'idempotency_key_reused' };
    case 'overloaded':
    case 'unavailable':
      return { kind: 'problem', code: outcome.kind };
  }
};

/** The reply with status 200. */
export const ok = (body: object): Reply => ({ kind: 'answer', status: 200, body });

/** The reply of a refusal. */
export const problem = (refusal: Refusal): Reply => ({ kind: 'problem', ...refusal });

/** The refusal of a request with one invalid place, named by a JSON pointer (RFC 6901). */
export const invalidAt = (pointer: string, message: string): Refusal => ({
  code: 'invalid_request',
  members: { errors: [{ pointer, message }] },
});

/** The reply to a request with one invalid place. */
export const invalid = (pointer: string, message: string): Reply =>
  problem(invalidAt(pointer, message));
