import type { Pool } from 'pg';
import { inTransaction } from '../database/transaction.ts';
import type { Queryable } from '../database/statement.ts';
import type { Answer, IdempotencyKey, Outcome, Refused } from './command.ts';
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

const replay = async <Refusal>(db: Queryable, key: IdempotencyKey): Promise<Outcome<Refusal>> => {
  const found = await findEffect(db, { keyId: key.id });
  if (found?.fingerprint !== key.fingerprint) return { kind: 'key_reused' };
  const { status, body } = found;
  return { kind: 'accepted', answer: { status, body }, replayed: true, changed: true };
};

/**
 * Stores the answer of a command whose answer is read after its commit, and returns the stored
 * text: the first answer stays, so that concurrent retries are answered alike.
 */
export const settleAnswer = async (
  db: Queryable,
  key: IdempotencyKey,
  answer: { readonly status: number; readonly body: string },
): Promise<string> => (await settleEffect(db, { keyId: key.id, ...answer }))?.body ?? answer.body;
