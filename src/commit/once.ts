import type { Pool } from 'pg';
import { inTransaction } from '../database/transaction.ts';
import type { Queryable } from '../database/statement.ts';
import {
  UNANSWERED,
  type Answer,
  type AnswerText,
  type IdempotencyKey,
  type Outcome,
  type Refused,
} from './command.ts';
import { claimEffect, findEffect, releaseEffect, settleEffect } from './queries.gen.ts';

/** Whether the work of a transaction was refused; a refused transaction must write nothing. */
type Worked<Refusal> = Answer | Refused<Refusal>;

/**
 * Runs `work` and stores its answer under the key, in one transaction outside the group commit. A
 * request with the same key waits for the first one and gets its answer. Without a key, the work
 * runs for each request. A refusal is not stored.
 */
export const transactOnce = <Refusal = never>(
  pool: Pool,
  key: IdempotencyKey | undefined,
  work: (db: Queryable) => Promise<Worked<Refusal>>,
): Promise<Outcome<Refusal>> =>
  inTransaction(pool, async (db): Promise<Outcome<Refusal>> => {
    if (key !== undefined && (await claimEffect(db, { keyId: key.id, ...key })) === 0) {
      return replay(db, key);
    }
    const worked = await work(db);
    if ('kind' in worked) {
      if (key !== undefined) await releaseEffect(db, { keyId: key.id });
      return worked;
    }
    const answer = { status: worked.status, body: JSON.stringify(worked.body) };
    if (key !== undefined) await settleEffect(db, { keyId: key.id, ...answer });
    return { kind: 'accepted', answer, replayed: false, changed: true };
  });

/** The body of an effect that was claimed before its work. */
const CLAIMED = '';

/** Whether an effect still waits for its answer; `settleEffect` replaces no other answer. */
export const isUnanswered = ({ body }: AnswerText): boolean =>
  body === UNANSWERED.body || body === CLAIMED;

const replay = async <Refusal>(db: Queryable, key: IdempotencyKey): Promise<Outcome<Refusal>> => {
  const found = await findEffect(db, { keyId: key.id });
  if (found?.fingerprint !== key.fingerprint) return { kind: 'key_reused' };
  const { status, body } = found;
  return { kind: 'accepted', answer: { status, body }, replayed: true, changed: true };
};

/**
 * Runs `work`, which commits its own effects, and stores its answer under the key. A retry gets the
 * stored answer; a retry before the answer runs `work` again, so `work` must be safe to repeat. An
 * answer that is not final is not stored; the key stays bound to the request.
 */
export const answerOnce = async <Refusal = never>(
  db: Queryable,
  key: IdempotencyKey | undefined,
  work: () => Promise<(AnswerText & { readonly isFinal?: boolean }) | Refused<Refusal>>,
): Promise<Outcome<Refusal>> => {
  const isFirst = key === undefined || (await claimEffect(db, { keyId: key.id, ...key })) > 0;
  if (key !== undefined && !isFirst) {
    const before = await replay<Refusal>(db, key);
    if (before.kind !== 'accepted' || !isUnanswered(before.answer)) return before;
  }
  const worked = await work();
  if ('kind' in worked) {
    if (key !== undefined) await releaseEffect(db, { keyId: key.id });
    return worked;
  }
  const { status, isFinal = true } = worked;
  const isStored = key !== undefined && isFinal;
  const given = { status, body: worked.body };
  const body = isStored ? await settleAnswer(db, key, given) : given.body;
  const answer = { status, body };
  return { kind: 'accepted', answer, replayed: !isFirst, changed: true };
};

/**
 * Stores the answer of a command whose answer is read after its commit, and returns the stored
 * text: the first answer stays, so that concurrent retries are answered alike.
 */
export const settleAnswer = async (
  db: Queryable,
  key: IdempotencyKey,
  answer: AnswerText,
): Promise<string> => (await settleEffect(db, { keyId: key.id, ...answer }))?.body ?? answer.body;
