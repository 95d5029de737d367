import type { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import {
  asksCommit,
  saysCommitted,
  startPostgresProxy,
  type Cut,
} from '../../test/support/postgres-proxy.ts';
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

const SILENCE_MAX_MS = 1_000;
const ANSWER_MS = 1_500;

/** A group commit whose connections go through a proxy that can cut them. */
const start = async (limits: Partial<GroupCommitLimits> = {}) => {
  const url = await emptyCounterDatabase();
  const proxy = await startPostgresProxy(url);
  const client = await connect(url);
  const commit = startCounterCommit(proxy.url, {
    limits: { answerMs: 10_000, ...limits },
    openSession: ({ lockMs }) => openSession(proxy.url, { answerMs: SILENCE_MAX_MS, lockMs }),
  });
  onTestFinished(commit.close);
  return { ...commit, proxy, client };
};

const additionsOf = async (client: Client): Promise<string[]> => {
  const { rows } = await client.query<{ addition: string }>(
    "select name || ' ' || amount as addition from test.additions order by number",
  );
  return rows.map(({ addition }) => addition);
};

const instead =
  (picks: typeof asksCommit): Cut =>
  (message) =>
    picks(message) && 'instead';

test.for<readonly [string, Cut, boolean]>([
  ['before the COMMIT has reached the server', instead(asksCommit), false],
  ['after COMMIT, its answer lost', instead(saysCommitted), true],
])('a connection that is cut %s neither loses nor doubles an effect', async ([, cut, replayed]) => {
  const { submit, proxy, client, sizes } = await start();
  await submit(add('a', 1));
  proxy.cutAt(cut);
  const commands = [add('a', 1), add('a', -100), add('b', 2), add('a', 3)];
  const outcomes = await Promise.all(commands.map(submit));

  expect(proxy.cuts()).toBe(1);
  // An effect that committed before the cut is found by its key, and its answer is repeated.
  expect(outcomes).toEqual([
    added('a', 2, replayed),
    { kind: 'refused', refusal: 'too_little' },
    added('b', 2, replayed),
    added('a', 5, replayed),
  ]);
  expect(await additionsOf(client)).toEqual(['a 1', 'a 1', 'b 2', 'a 3']);
  expect(sizes).toEqual([1, 4]);
  expect(await submit(commands[0]!)).toEqual(added('a', 2, true));
});

test('a connection that is cut during COMMIT neither loses nor doubles an effect', async () => {
  const { submit, proxy, client } = await start();
  const seen: string[] = [];
  for (let round = 1; round <= 20; round++) {
    proxy.cutAt((message) => asksCommit(message) && 'after');
    const outcomes = await Promise.all([submit(add('a', 1)), submit(add(`new ${round}`, 1))]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
    expect(proxy.cuts()).toBe(round);
    // A command may overtake one whose row the cut connection still locks.
    const fresh = (await additionsOf(client)).slice(seen.length);
    expect(fresh.toSorted()).toEqual(['a 1', `new ${round} 1`]);
    seen.push(...fresh);
  }
});

test('a backend that is terminated during a batch loses no effect', async () => {
  const { submit, client, faults } = await start();
  await submit(add('a', 1));
  await client.query('begin; select from test.counters for update');
  const outcome = submit(add('a', 1));
  await untilBlocked(client);
  await client.query(`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'moa lane';
    rollback`);
  expect(await outcome).toEqual(added('a', 2));
  expect(faults.length).toBeGreaterThan(0);
  expect(await additionsOf(client)).toEqual(['a 1', 'a 1']);
});

test('a connection that accepts no writes is replaced by one that does', async () => {
  const { submit, client, faults } = await start();
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  const name = rows[0]?.name;
  await client.query(`alter database ${name} set default_transaction_read_only = on`);
  const outcome = submit(add('a', 1));
  await expect.poll(() => faults.length, { interval: 5, timeout: 10_000 }).toBeGreaterThan(1);
  await client.query(`alter database ${name} reset default_transaction_read_only`);
  expect(await outcome).toEqual(added('a', 1));
  expect(await additionsOf(client)).toEqual(['a 1']);
});

test('commands wait for a database that comes back in time', async () => {
  const { submit, proxy, client, faults } = await start();
  await submit(add('a', 1));
  proxy.sever();
  const outcomes = Promise.all([submit(add('a', 1)), submit(add('b', 1))]);
  await expect.poll(() => faults.length, { interval: 5, timeout: 10_000 }).toBeGreaterThan(2);
  proxy.restore();
  expect(await outcomes).toEqual([added('a', 2), added('b', 1)]);
  expect(await additionsOf(client)).toEqual(['a 1', 'a 1', 'b 1']);
});

test('while the database is unreachable for longer than the limit, commands are unavailable', async () => {
  const { submit, proxy, client } = await start({ answerMs: ANSWER_MS });
  const unavailable = { kind: 'unavailable' };
  proxy.sever();
  const commands = [add('a', 1), add('b', 1)];
  expect(await Promise.all(commands.map(submit))).toEqual([unavailable, unavailable]);
  proxy.restore();
  expect(await Promise.all(commands.map(submit))).toEqual([added('a', 1), added('b', 1)]);
  expect(await additionsOf(client)).toEqual(['a 1', 'b 1']);
});

test('an effect whose commit was not confirmed is found when the key is sent again', async () => {
  const { submit, proxy, client } = await start({ answerMs: ANSWER_MS });
  const command = add('a', 1);
  proxy.cutAt((message) => {
    if (!saysCommitted(message)) return false;
    proxy.sever();
    return 'instead';
  });
  expect(await submit(command)).toEqual({ kind: 'unavailable' });
  proxy.restore();
  expect(await submit(command)).toEqual(added('a', 1, true));
  expect(await additionsOf(client)).toEqual(['a 1']);
});

test.for<readonly [string, number]>([
  ['at once', 0],
  ['after a pause that is longer than the limit', SILENCE_MAX_MS * 3],
])('a database that falls silent %s is treated as lost', async ([, pauseMs]) => {
  const { submit, proxy, client, faults } = await start();
  await submit(add('a', 1));
  await client.query('select pg_sleep($1 / 1000.0)', [pauseMs]);
  proxy.silence();
  const outcome = submit(add('a', 1));
  await expect.poll(() => faults.length, { interval: 5, timeout: 10_000 }).toBeGreaterThan(0);
  proxy.restore();
  expect(await outcome).toEqual(added('a', 2));
  expect(await additionsOf(client)).toEqual(['a 1', 'a 1']);
});

test('an idle connection is not treated as lost', async () => {
  const { submit, faults, client } = await start();
  await submit(add('a', 1));
  await client.query('select pg_sleep($1 / 1000.0)', [SILENCE_MAX_MS * 2]);
  expect(await submit(add('a', 1))).toEqual(added('a', 2));
  expect(faults).toEqual([]);
});

test('closing while the database is unreachable answers all waiting commands', async () => {
  const { submit, close, proxy, faults } = await start({ answerMs: ANSWER_MS });
  await submit(add('a', 1));
  proxy.sever();
  const outcomes = [submit(add('a', 1)), submit(add('a', 1))];
  await expect.poll(() => faults.length, { interval: 5, timeout: 10_000 }).toBeGreaterThan(0);
  await close();
  const unavailable = { kind: 'unavailable' };
  expect(await Promise.all(outcomes)).toEqual([unavailable, unavailable]);
});
