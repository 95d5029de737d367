import { expect, onTestFinished, test } from 'vitest';
import { openTransactionElsewhere } from '../../test/support/open-transaction.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { connect, createCounterDatabase } from '../../test/support/counter-commit.ts';
import { openPool } from '../database/session.ts';
import { createJournalReader } from './index.ts';

const PATIENCE_MS = 1_500;
/** A poll every 100 ms, the shorter pauses before, and the first poll for the end. */
const POLLS_MAX = 30;

/** A journal with an event, and a reader whose statements are counted. */
const start = async () => {
  const url = await createCounterDatabase();
  const client = await connect(url);
  const write = () =>
    client.query(`insert into journal.events (event_id, type, subject, time, data)
      values (gen_random_uuid(), 'written.v1', 's', now(), '{}')`);
  await write();
  const pool = openPool(url, 1);
  onTestFinished(() => pool.end());
  let polls = 0;
  const reader = createJournalReader({
    query: (config) => {
      polls++;
      return pool.query(config);
    },
  });
  return { reader, write, polls: () => polls };
};

test('while a transaction is open, the end is unknown and the reader polls rarely', async () => {
  const { reader, polls } = await start();
  const commit = await openTransactionElsewhere();
  const began = performance.now();
  expect(await reader.findEnd({ patienceMs: PATIENCE_MS })).toBeUndefined();
  expect(performance.now() - began).toBeGreaterThan(PATIENCE_MS - 1);
  expect(polls()).toBeLessThan(POLLS_MAX);
  await commit();
  expect(await reader.findEnd({ patienceMs: PATIENCE_MS })).toBe(1);
});

test('a wait without limit returns the end at the time of the call', async () => {
  const { reader, write, polls } = await start();
  const commit = await openTransactionElsewhere();
  const end = reader.findEnd({ patienceMs: Infinity });
  await waitUntil(() => polls() > 5, 'a few polls');
  await write();
  await commit();
  expect(await end).toBe(1);
});

test('an aborted signal ends the wait', async () => {
  const { reader, polls } = await start();
  await openTransactionElsewhere();
  const leaving = new AbortController();
  const end = reader.findEnd({ patienceMs: Infinity, signal: leaving.signal });
  await waitUntil(() => polls() > 5, 'a few polls');
  leaving.abort();
  expect(await end).toBeUndefined();
  const before = polls();
  expect(await reader.findEnd({ patienceMs: Infinity, signal: leaving.signal })).toBeUndefined();
  // The first polls of the second call, for the end and for the decided position.
  expect(polls() - before).toBeLessThanOrEqual(4);
});
