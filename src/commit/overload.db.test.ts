import { expect, onTestFinished, test } from 'vitest';
import {
  add,
  added,
  connect,
  emptyCounterDatabase,
  startCounterCommit,
  untilBlocked,
} from '../../test/support/counter-commit.ts';
import { openSession } from '../database/session.ts';
import type { GroupCommitLimits } from './index.ts';

/** A group commit whose first command waits for a row of counter `a` until `release`. */
const startBlocked = async (limits: Partial<GroupCommitLimits>) => {
  const url = await emptyCounterDatabase();
  const client = await connect(url);
  await client.query("insert into test.counters values ('a', 0)");
  await client.query('begin; select from test.counters for update');
  const commit = startCounterCommit(url, {
    limits: { lockMs: 10_000, ...limits },
    openSession: ({ lockMs }) => openSession(url, { answerMs: 10_000, lockMs }),
  });
  onTestFinished(commit.close);
  const command = add('a', 1);
  const first = commit.submit(command);
  await untilBlocked(client);
  return { ...commit, client, command, first, release: () => client.query('commit') };
};

const overloaded = { kind: 'overloaded' };

test('a command beyond the limit of the queue is refused at once', async () => {
  const { submit, depth, first, release, sizes } = await startBlocked({ queue: 3 });
  const waiting = [1, 2, 3].map((amount) => submit(add('b', amount)));
  expect(depth()).toBe(3);
  // The lane is still blocked, so these answers did not wait for the database.
  expect(await submit(add('b', 4))).toEqual(overloaded);
  expect(await submit(add('b', 5))).toEqual(overloaded);
  await release();
  expect(await first).toEqual(added('a', 1));
  expect(await Promise.all(waiting)).toEqual([added('b', 1), added('b', 3), added('b', 6)]);
  expect(depth()).toBe(0);
  expect(await submit(add('b', 1))).toEqual(added('b', 7));
  expect(sizes).toEqual([1, 3, 1]);
});

test('an overdue command that waits is overloaded, and one that has begun is unavailable', async () => {
  const { submit, depth, first, release, command } = await startBlocked({ answerMs: 1_000 });
  const late = add('b', 1);
  // The lane is still blocked when these are answered.
  expect(await Promise.all([submit(late), submit(add('b', 2))])).toEqual([overloaded, overloaded]);
  expect(depth()).toBe(0);
  expect(await first).toEqual({ kind: 'unavailable' });
  await release();
  expect(await submit(late)).toEqual(added('b', 1));
  expect(await submit(command)).toMatchObject({ kind: 'accepted' });
  expect(await submit(add('a', 1))).toEqual(added('a', 2));
});

test('closing commits and answers all waiting commands and refuses new ones', async () => {
  const { submit, close, first, release, client } = await startBlocked({ batch: 2 });
  const answered: number[] = [];
  const waiting = [1, 2, 3, 4, 5].map(async (amount) => {
    const outcome = await submit(add('b', amount));
    answered.push(amount);
    return outcome;
  });
  const closed = close();
  expect(await submit(add('b', 6))).toEqual(overloaded);
  await release();
  await closed;
  expect(answered).toEqual([1, 2, 3, 4, 5]);
  expect(await first).toEqual(added('a', 1));
  const values = [1, 3, 6, 10, 15];
  expect(await Promise.all(waiting)).toEqual(values.map((value) => added('b', value)));
  expect(await submit(add('b', 6))).toEqual(overloaded);

  const { rows } = await client.query('select name, value::int from test.counters order by name');
  expect(rows).toEqual([
    { name: 'a', value: 1 },
    { name: 'b', value: 15 },
  ]);
});

test('closing closes the connections of every lane', async () => {
  const url = await emptyCounterDatabase();
  const client = await connect(url);
  const commit = startCounterCommit(url, { limits: { lanes: 3, batch: 1 } });
  await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => commit.submit(add(name, 1))));
  await commit.close();
  const countLeft = async (): Promise<number> => {
    const { rowCount } = await client.query(`
      select from pg_stat_activity
      where datname = current_database() and application_name = 'moa lane'`);
    return rowCount!;
  };
  // PostgreSQL takes a moment to notice a closed connection.
  await expect.poll(countLeft, { interval: 5, timeout: 10_000 }).toBe(0);
});

test('an idle group commit can be closed', async () => {
  await expect(startCounterCommit(await emptyCounterDatabase()).close()).resolves.toBeUndefined();
});
