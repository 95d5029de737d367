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
import {
  claimEffect,
  findEffect,
  releaseEffect,
  settleEffect,
  type FindEffectRow,
} from './queries.gen.ts';

/** Whether the work of a transaction was refused; a refused transaction must write nothing. */
type Worked<Refusal> = Answer | Refused<Refusal>;

/** The key as parameters of a statement. */
const named = ({ id: keyId, fingerprint }: IdempotencyKey) => ({ keyId, fingerprint });

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
    if (key !== undefined) {
      const effect = await claim(db, key);
      // An effect of another transaction has its answer.
      if (effect === undefined || !isUnanswered(effect)) return replayOf(effect);
    }
    const worked = await work(db);
    if ('kind' in worked) {
      if (key !== undefined) await releaseEffect(db, named(key));
      return worked;
    }
    const answer = { status: worked.status, body: JSON.stringify(worked.body) };
    if (key !== undefined) await settleEffect(db, { ...named(key), ...answer });
    return { kind: 'accepted', answer, replayed: false, changed: true };
  });

/** The body of an effect that was claimed before its work. */
const CLAIMED = '';

/** Whether an effect still waits for its answer; `settleEffect` replaces no other answer. */
export const isUnanswered = ({ body }: AnswerText): boolean =>
  body === UNANSWERED.body || body === CLAIMED;

/** The effect of the key; undefined when the key was used for another request. */
const findOwn = async (
  db: Queryable,
  { id: keyId, fingerprint }: IdempotencyKey,
): Promise<FindEffectRow | undefined> => {
  const found = await findEffect(db, { keyId });
  return found?.fingerprint === fingerprint ? found : undefined;
};

const replayOf = <Refusal>(found: AnswerText | undefined): Outcome<Refusal> => {
  if (found === undefined) return { kind: 'key_reused' };
  const { status, body } = found;
  return { kind: 'accepted', answer: { status, body }, replayed: true, changed: true };
};

/**
 * The outcome that `transactOnce` has stored under the key; undefined when it has stored none. For
 * work that waits for other transactions to end, which a transaction with a claimed key cannot.
 */
export const findOutcome = async <Refusal = never>(
  db: Queryable,
  { id: keyId, fingerprint }: IdempotencyKey,
): Promise<Outcome<Refusal> | undefined> => {
  const found = await findEffect(db, { keyId });
  if (found === undefined) return undefined;
  return replayOf(found.fingerprint === fingerprint ? found : undefined);
};

type OwnAnswer = AnswerText & {
  /**
   * What stays under the key: the answer, only the claim of a request whose effect is unknown or
   * not complete, or nothing of a request that changed nothing. By default the answer.
   */
  readonly keeps?: 'answer' | 'claim' | 'nothing';
};

/**
 * Runs `work`, which commits its own effects, and stores its answer under the key. A retry gets the
 * stored answer; a retry before the answer runs `work` again, so `work` must be safe to repeat. A
 * refusal frees the key, and an answer says what stays under it. `work` gets the time at which the
 * key was used first: the same in every repetition.
 */
export const answerOnce = async <Refusal = never>(
  db: Queryable,
  key: IdempotencyKey | undefined,
  work: (since: Date) => Promise<OwnAnswer | Refused<Refusal>>,
): Promise<Outcome<Refusal>> => {
  let since = new Date();
  if (key !== undefined) {
    const effect = await claim(db, key);
    if (effect === undefined || !isUnanswered(effect)) return replayOf(effect);
    since = effect.createdAt;
  }
  const worked = await work(since);
  const stored = key && (await keep(db, key, worked));
  if (stored !== undefined) return replayOf(stored);
  if ('kind' in worked) return worked;
  const { status, body } = worked;
  return { kind: 'accepted', answer: { status, body }, replayed: false, changed: true };
};

/** Claims the key, or finds its effect; undefined when the key was used for another request. */
const claim = async (db: Queryable, key: IdempotencyKey): Promise<FindEffectRow | undefined> => {
  const effect = (await claimEffect(db, named(key))) ?? (await findEffect(db, named(key)));
  // A concurrent request that changed nothing has freed the key meanwhile.
  if (effect === undefined) return claim(db, key);
  return effect.fingerprint === key.fingerprint ? effect : undefined;
};

/** Stores the answer or frees the key; returns the answer that was stored before, which stays. */
const keep = async (
  db: Queryable,
  key: IdempotencyKey,
  worked: OwnAnswer | Refused<unknown>,
): Promise<AnswerText | undefined> => {
  if ('kind' in worked || worked.keeps === 'nothing') return release(db, key);
  return worked.keeps === 'claim' ? undefined : settle(db, key, worked);
};

/** Frees the key; returns the answer that a concurrent retry has stored, which stays. */
const release = async (db: Queryable, key: IdempotencyKey): Promise<AnswerText | undefined> => {
  if ((await releaseEffect(db, named(key))) > 0) return undefined;
  const found = await findOwn(db, key);
  return found === undefined || isUnanswered(found) ? undefined : found;
};

/** Stores an answer; returns the one that was stored before, which stays. */
const settle = async (
  db: Queryable,
  key: IdempotencyKey,
  { status, body }: AnswerText,
): Promise<AnswerText | undefined> => {
  const isStored = (await settleEffect(db, { ...named(key), status, body })) > 0;
  return isStored ? undefined : findOwn(db, key);
};

/**
 * Stores the answer of a command whose answer is read after its commit, and returns the stored
 * text: the first answer stays, so that concurrent retries are answered alike.
 */
export const settleAnswer = async (
  db: Queryable,
  key: IdempotencyKey,
  answer: AnswerText,
): Promise<string> => (await settle(db, key, answer))?.body ?? answer.body;
