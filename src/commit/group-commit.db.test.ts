import { expect, onTestFinished, test } from 'vitest';
import {
  SESSION_LIMITS,
  VALUE_MAX,
  add,
  added,
  connect,
  emptyCounterDatabase,
  startCounterCommit,
  type CounterCommand,
} from '../../test/support/counter-commit.ts';
import { openSession } from '../database/session.ts';
import { accept, clientKey, serverKey } from './index.ts';

/** A group commit on a database of its own, and a connection to read the database. */
const start = async (options: Parameters<typeof startCounterCommit>[1] = {}) => {
  const url = await emptyCounterDatabase();
  const commit = startCounterCommit(url, options);
  onTestFinished(commit.close);
  const client = await connect(url);
  const submitAll = (commands: readonly CounterCommand[]) =>
    Promise.all(commands.map((command) => commit.submit(command)));
  const additions = async (): Promise<string[]> => {
    const { rows } = await client.query<{ addition: string }>(
      "select name || ' ' || amount as addition from test.additions order by number",
    );
    return rows.map(({ addition }) => addition);
  };
  return { ...commit, url, client, submitAll, additions };
};

/** A command whose decision throws. */
const failing = (name: string, message: string): CounterCommand => ({
  ...add(name, 1),
  decide: () => {
    throw new Error(message);
  },
});

test('commands of one batch see the effects of previous commands', async () => {
  const { submitAll, sizes, additions } = await start();
  const outcomes = await submitAll([add('a', 5), add('b', 7), add('a', -3), add('a', 10)]);
  expect(outcomes).toEqual([added('a', 5), added('b', 7), added('a', 2), added('a', 12)]);
  expect(sizes).toEqual([4]);
  expect(await additions()).toEqual(['a 5', 'b 7', 'a -3', 'a 10']);
});

test('the next batch sees the effects of the last batch', async () => {
  const { submit, sizes } = await start();
  expect(await submit(add('a', 5))).toEqual(added('a', 5));
  expect(await submit(add('a', -5))).toEqual(added('a', 0));
  expect(sizes).toEqual([1, 1]);
});

test('a batch takes no more commands than its limit', async () => {
  const { submitAll, sizes } = await start({ limits: { batch: 3 } });
  await submitAll(Array.from({ length: 8 }, () => add('a', 1)));
  expect(sizes).toEqual([3, 3, 2]);
});

test('a refused command changes nothing and does not affect other commands of the batch', async () => {
  const { submitAll, additions, client } = await start();
  const outcomes = await submitAll([add('a', 5), add('a', -6), add('c', -1), add('a', -5)]);
  const refused = { kind: 'refused', refusal: 'too_little' };
  expect(outcomes).toEqual([added('a', 5), refused, refused, added('a', 0)]);
  expect(await additions()).toEqual(['a 5', 'a -5']);
  const { rows } = await client.query('select name, value::int from test.counters');
  expect(rows).toEqual([{ name: 'a', value: 0 }]);
});

test('a batch of refused commands writes nothing', async () => {
  const { submit, client } = await start();
  expect(await submit(add('a', -1))).toEqual({ kind: 'refused', refusal: 'too_little' });
  const { rows } = await client.query(`
    select 'counter' as what from test.counters
    union all select 'key' from commit.idempotency_keys
    union all select 'transaction' from pg_stat_activity
      where datname = current_database() and state like 'idle in transaction%'`);
  expect(rows).toEqual([]);
});

test('a refused command may be sent again with its key', async () => {
  const { submit } = await start();
  const key = serverKey();
  expect(await submit(add('a', -1, key))).toEqual({ kind: 'refused', refusal: 'too_little' });
  await submit(add('a', 3));
  expect(await submit(add('a', -1, key))).toEqual(added('a', 2));
});

test('a command that changes nothing is accepted, and its key is not stored', async () => {
  const { submit, client } = await start();
  const command: CounterCommand = {
    ...add('a', 1),
    decide: () => accept([]),
    answer: () => ({ status: 200, body: { did: 'nothing' } }),
  };
  const answer = { status: 200, body: '{"did":"nothing"}' };
  const nothing = { kind: 'accepted', answer, replayed: false, changed: false };
  expect(await submit(command)).toEqual(nothing);
  expect(await submit(command)).toEqual(nothing);
  const { rowCount } = await client.query('select from commit.idempotency_keys');
  expect(rowCount).toBe(0);
});

test('a replay repeats the first answer byte for byte', async () => {
  const { submit, additions } = await start();
  const body = { b: 1, a: 'A " {,} \\ \n 한국 🛒' };
  const command: CounterCommand = { ...add('a', 1), answer: () => ({ status: 299, body }) };
  const answer = { status: 299, body: JSON.stringify(body) };
  const first = { kind: 'accepted', answer, replayed: false, changed: true };
  expect(await submit(command)).toEqual(first);
  await submit(add('a', 4));
  // A new decision would give this answer.
  const again = add('a', 1, command.key);
  expect(await submit(again)).toEqual({ ...first, replayed: true });
  expect(await additions()).toEqual(['a 1', 'a 4']);
});

test('a replay in the same batch repeats the first answer and has no effect', async () => {
  const { submitAll, sizes, additions } = await start();
  const key = serverKey();
  const outcomes = await submitAll([add('a', 1, key), add('a', 2), add('a', 1, key)]);
  expect(outcomes).toEqual([added('a', 1), added('a', 3), added('a', 1, true)]);
  expect(sizes).toEqual([3]);
  expect(await additions()).toEqual(['a 1', 'a 2']);
});

test('a key of another request is refused, in its batch and later', async () => {
  const { submit, submitAll, additions } = await start();
  const first = clientKey('shop', 'key', 'add 1 to a');
  const other = clientKey('shop', 'key', 'add 2 to a');
  const reused = { kind: 'key_reused' };
  expect(await submitAll([add('a', 1, first), add('a', 2, other)])).toEqual([
    added('a', 1),
    reused,
  ]);
  expect(await submit(add('a', 2, other))).toEqual(reused);
  expect(await submit(add('a', 1, first))).toEqual(added('a', 1, true));
  expect(await additions()).toEqual(['a 1']);
});

test('the same key of another caller is another key', async () => {
  const { submitAll, additions } = await start();
  const outcomes = await submitAll([
    add('a', 1, clientKey('shop', 'key', 'add 1 to a')),
    add('a', 1, clientKey('shop 2', 'key', 'add 1 to a')),
  ]);
  expect(outcomes).toEqual([added('a', 1), added('a', 2)]);
  expect(await additions()).toEqual(['a 1', 'a 1']);
});

test('only the command whose decision throws is rejected', async () => {
  const { submit, faults, additions } = await start();
  const outcomes = await Promise.allSettled(
    [add('a', 1), failing('a', 'broken'), add('a', 2), add('b', 3)].map(submit),
  );
  expect(outcomes).toEqual([
    { status: 'fulfilled', value: added('a', 1) },
    { status: 'rejected', reason: new Error('broken') },
    { status: 'fulfilled', value: added('a', 3) },
    { status: 'fulfilled', value: added('b', 3) },
  ]);
  expect(faults.length).toBeGreaterThan(0);
  expect(await additions()).toEqual(['a 1', 'a 2', 'b 3']);
});

test('only the command whose row violates a constraint is rejected', async () => {
  const { submit, additions, client } = await start();
  const guilty = add('b', VALUE_MAX + 1);
  const outcomes = await Promise.allSettled(
    [add('a', 1), guilty, add('b', 2), add('a', -2), add('a', 3)].map(submit),
  );
  expect(outcomes).toEqual([
    { status: 'fulfilled', value: added('a', 1) },
    { status: 'rejected', reason: expect.objectContaining({ code: '23514' }) },
    { status: 'fulfilled', value: added('b', 2) },
    { status: 'fulfilled', value: { kind: 'refused', refusal: 'too_little' } },
    { status: 'fulfilled', value: added('a', 4) },
  ]);
  expect(await additions()).toEqual(['a 1', 'b 2', 'a 3']);
  const { rows } = await client.query('select from commit.idempotency_keys where key_id = $1', [
    guilty.key.id,
  ]);
  expect(rows).toEqual([]);
});

test('only the command that names an impossible key is rejected', async () => {
  const { submit, additions } = await start();
  const outcomes = await Promise.allSettled(
    [add('a', 1), add('nul \0', 1), add('b', 1, { id: 'none', fingerprint: 'none' })].map(submit),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(await submit(add('a', 1))).toEqual(added('a', 2));
  expect(await additions()).toEqual(['a 1', 'a 1']);
});

test('a batch with a value that cannot be sent is not committed in part', async () => {
  const { submit, additions } = await start();
  const guilty = add('b', 1, { ...serverKey(), fingerprint: 'no UUID' });
  const outcomes = await Promise.allSettled([add('a', 1), guilty, add('c', 1)].map(submit));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await additions()).toEqual(['a 1', 'c 1']);
});

test('a command is answered only after its commit', async () => {
  const { submit, url } = await start();
  const reader = await openSession(url, SESSION_LIMITS);
  onTestFinished(reader.close);
  for (let value = 1; value <= 50; value++) {
    await submit(add('a', 1));
    const { rows } = await reader.query({ text: 'select value::int from test.counters' });
    expect(rows).toEqual([{ value }]);
  }
});
