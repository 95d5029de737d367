import type { Outcome } from '../commit/index.ts';
import type { Refusal } from './refusal.ts';
import type { Reply } from './route.ts';

/** How a command of ours can end. */
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

/** The reply that shows what was asked for. */
export const ok = (body: object): Reply => ({ kind: 'answer', status: 200, body });

/** The reply that says no. */
export const problem = (refusal: Refusal): Reply => ({ kind: 'problem', ...refusal });
