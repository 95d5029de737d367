import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { closePool, openPool } from '../database/session.ts';
import type { Queryable } from '../database/statement.ts';
import { answerOnce, clientKey, refuse, serverKey } from './index.ts';

const KEY = clientKey('alice', 'key', 'request');
const ANSWER = { status: 201, body: '{"sent":1}' };

/** Connections to a new database. */
const connect = async () => {
  const pool = openPool(await createTestDatabase(), 2);
  onTestFinished(() => closePool(pool));
  return pool;
};

test('a refused retry leaves the answer that a concurrent one has stored, and repeats it', async () => {
  const pool = await connect();
  const began = Promise.withResolvers<void>();
  const refused = Promise.withResolvers<void>();
  const retry = answerOnce<string>(pool, KEY, async () => {
    began.resolve();
    await refused.promise;
    return refuse('gone');
  });
  await began.promise;
  const first = await answerOnce(pool, KEY, () => Promise.resolve(ANSWER));
  expect(first).toMatchObject({ kind: 'accepted', answer: ANSWER, replayed: false });
  refused.resolve();
  const replayed = { kind: 'accepted', answer: ANSWER, replayed: true };
  expect(await retry).toMatchObject(replayed);
  const again = await answerOnce(pool, KEY, () => Promise.reject(new Error('ran again')));
  expect(again).toMatchObject(replayed);
});

test('a retry that meets a request which frees the key claims the key', async () => {
  const pool = await connect();
  const began = Promise.withResolvers<void>();
  const freed = Promise.withResolvers<void>();
  const first = answerOnce<string>(pool, KEY, async () => {
    began.resolve();
    await freed.promise;
    return refuse('gone');
  });
  await began.promise;
  // The retry finds the key claimed; the key is freed before the retry reads its effect.
  const db: Queryable = {
    query: async (query) => {
      if (query.name === 'commit.FindEffect') {
        freed.resolve();
        await first;
      }
      return pool.query(query);
    },
  };
  const retry = await answerOnce(db, KEY, () => Promise.resolve(ANSWER));
  expect(await first).toEqual({ kind: 'refused', refusal: 'gone' });
  expect(retry).toMatchObject({ kind: 'accepted', answer: ANSWER, replayed: false });
});

test('an answer is not stored under a key that was freed and is used for another request', async () => {
  const pool = await connect();
  const began = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const late = answerOnce(pool, KEY, async () => {
    began.resolve();
    await answered.promise;
    return ANSWER;
  });
  await began.promise;
  await answerOnce<string>(pool, KEY, () => Promise.resolve(refuse('gone')));
  const other = { ...KEY, fingerprint: serverKey().fingerprint };
  const own = { status: 200, body: '{"other":true}' };
  const answer = await answerOnce(pool, other, async () => {
    answered.resolve();
    await late;
    return own;
  });
  expect(answer).toMatchObject({ kind: 'accepted', answer: own, replayed: false });
  expect(await answerOnce(pool, KEY, () => Promise.resolve(ANSWER))).toEqual({
    kind: 'key_reused',
  });
});
