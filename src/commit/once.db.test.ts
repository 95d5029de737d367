import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { closePool, openPool } from '../database/session.ts';
import { answerOnce, clientKey, refuse } from './index.ts';

const KEY = clientKey('alice', 'key', 'request');
const ANSWER = { status: 201, body: '{"sent":1}' };

test('a refused retry leaves the answer that a concurrent one has stored, and repeats it', async () => {
  const pool = openPool(await createTestDatabase(), 1);
  onTestFinished(() => closePool(pool));
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
