import type { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import {
  add,
  added,
  connect,
  createCounterDatabase,
  emptyCounterDatabase,
  startCounterCommit,
  untilBlocked,
} from '../../test/support/counter-commit.ts';
import { clientKey, serverKey, type GroupCommitLimits } from './index.ts';

/** Only a test of the limit has a short one. */
const start = (url: string, { limits }: { limits?: Partial<GroupCommitLimits> } = {}) => {
  const commit = startCounterCommit(url, { limits: { answerMs: 60_000, ...limits } });
  onTestFinished(commit.close);
  return commit;
};

const codesOf = (faults: readonly unknown[]): unknown[] =>
  faults.map((fault) => (fault as { code?: string }).code);

const additionsOf = async (client: Client): Promise<number> =>
  (await client.query('select from test.additions')).rowCount!;

test('two commands with one key in two lanes have one effect and one answer', async () => {
  const url = await emptyCounterDatabase();
  const client = await connect(url);
  const commit = start(url, { limits: { lanes: 4, batch: 1 } });
  const rounds = 20;
  for (let round = 1; round <= rounds; round++) {
    const key = serverKey();
    // Separate counters, so that no row lock makes the commands take turns.
    const twins = ['a', 'b', 'c', 'd'].map((name) => ({ ...add(name, 1), key }));
    const outcomes = await Promise.all(twins.map(commit.submit));
    const bodies = new Set(outcomes.map((each) => each.kind === 'accepted' && each.answer.body));
    expect(bodies.size).toBe(1);
    const replayed = outcomes.filter((each) => each.kind === 'accepted' && each.replayed);
    expect(replayed.length).toBe(3);
    expect(await additionsOf(client)).toBe(round);
  }
});

test('two commands with one key in two processes have one effect and one answer', async () => {
  const url = await emptyCounterDatabase();
  const client = await connect(url);
  const doors = [start(url), start(url)];
  const rounds = 20;
  for (let round = 1; round <= rounds; round++) {
    const key = serverKey();
    const outcomes = await Promise.all(doors.map(({ submit }) => submit(add('a', 1, key))));
    expect(outcomes).toHaveLength(2);
    expect(outcomes).toContainEqual(added('a', round));
    expect(outcomes).toContainEqual(added('a', round, true));
  }
  expect(await additionsOf(client)).toBe(rounds);
});

test("a command that waits for a row of a command with the same key gets that command's answer", async () => {
  const url = await emptyCounterDatabase();
  const client = await connect(url);
  await client.query("insert into test.counters values ('a', 0)");
  await client.query('begin; select from test.counters for update');
  // Longer than a busy machine takes to begin both waits.
  const patient = { limits: { lockMs: 10_000 } };
  const doors = [start(url, patient), start(url, patient)];
  const key = serverKey();
  const outcomes = doors.map(({ submit }) => submit(add('a', 1, key)));
  await untilBlocked(client, 2);
  await client.query('commit');
  const answers = await Promise.all(outcomes);
  expect(answers).toContainEqual(added('a', 1));
  expect(answers).toContainEqual(added('a', 1, true));
  expect(doors.flatMap(({ faults }) => faults)).toEqual([]);
});

test('a key that another process uses for another request at the same time is refused', async () => {
  const url = await emptyCounterDatabase();
  const client = await connect(url);
  const doors = [start(url), start(url)];
  for (let round = 1; round <= 10; round++) {
    const keys = ['x', 'y'].map((request) => clientKey('shop', `key ${round}`, request));
    const commands = [add('a', 1, keys[0]), add('b', 1, keys[1])];
    const outcomes = await Promise.all(
      commands.map((command, index) => doors[index]!.submit(command)),
    );
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'key_reused']);
    expect(await additionsOf(client)).toBe(round);
  }
});

test('two processes that create the same row have both effects', async () => {
  const url = await emptyCounterDatabase();
  const client = await connect(url);
  const doors = [start(url), start(url)];
  for (let round = 1; round <= 10; round++) {
    const name = `new ${round}`;
    const outcomes = await Promise.all(doors.map(({ submit }) => submit(add(name, 1))));
    expect(outcomes).toContainEqual(added(name, 1));
    expect(outcomes).toContainEqual(added(name, 2));
  }
  expect(await additionsOf(client)).toBe(20);
});

test('a batch that PostgreSQL aborts to resolve a deadlock is committed afterwards', async () => {
  const url = await createCounterDatabase();
  const client = await connect(url);
  // The lane checks for a deadlock first, so PostgreSQL aborts the lane.
  await client.query(`
    do $$ begin
      execute format('alter database %I set deadlock_timeout = ''2s''', current_database());
    end $$;
    set deadlock_timeout = '60s';
    insert into test.counters values ('a', 0), ('b', 0)`);
  const commit = start(url, { limits: { lockMs: 10_000 } });
  await client.query("begin; select from test.counters where name = 'b' for update");
  const watcher = await connect(url);
  const outcomes = Promise.all([add('a', 1), add('b', 1)].map(commit.submit));
  await untilBlocked(watcher);
  await client.query("select from test.counters where name = 'a' for update; commit");
  expect(await outcomes).toEqual([added('a', 1), added('b', 1)]);
  // A quick lane locks the first row again before the other transaction continues.
  expect(new Set(codesOf(commit.faults))).toEqual(new Set(['40P01']));
  expect(commit.sizes).toEqual([2]);
});

test('a batch that could not be serialized is committed afterwards', async () => {
  const url = await createCounterDatabase();
  const client = await connect(url);
  await client.query(`
    do $$ begin
      execute format(
        'alter database %I set default_transaction_isolation = ''repeatable read''',
        current_database()
      );
    end $$;
    insert into test.counters values ('a', 0)`);
  const commit = start(url, { limits: { lockMs: 10_000 } });
  await client.query('begin; update test.counters set value = 5');
  const outcome = commit.submit(add('a', 1));
  await untilBlocked(client);
  await client.query('commit');
  expect(await outcome).toEqual(added('a', 6));
  expect(codesOf(commit.faults)).toEqual(['40001']);
});

/** A group commit whose counter `a` another transaction has locked. */
const startLocked = async (limits: Partial<GroupCommitLimits> = {}) => {
  const url = await emptyCounterDatabase();
  const client = await connect(url);
  await client.query("insert into test.counters values ('a', 0), ('b', 0)");
  await client.query("begin; select from test.counters where name = 'a' for update");
  return { client, ...start(url, { limits }) };
};

test('a row that stays locked makes only its own commands unavailable', async () => {
  const { client, submit, faults } = await startLocked({ answerMs: 2_000 });
  const stuck = add('a', 1);
  const outcomes = await Promise.all([add('b', 1), stuck, add('c', 1)].map(submit));
  expect(outcomes).toEqual([added('b', 1), { kind: 'unavailable' }, added('c', 1)]);
  expect(new Set(codesOf(faults))).toEqual(new Set(['55P03']));
  await client.query('rollback');
  // The command may have taken effect after its answer, but only once.
  expect([added('a', 1), added('a', 1, true)]).toContainEqual(await submit(stuck));
  expect(await submit(add('a', 1))).toEqual(added('a', 2));
});

test('a command waits for a locked row while others continue, and takes effect once the row is free', async () => {
  const { client, submit, sizes } = await startLocked({ lockMs: 50 });
  const stuck = submit(add('a', 1));
  for (let value = 1; value <= 50; value++) {
    expect(await submit(add('b', 1))).toEqual(added('b', value));
  }
  // A command that names the contended row moves to the patient lane, and its batch continues.
  const also = submit(add('a', 1));
  expect(await submit(add('b', 1))).toEqual(added('b', 51));
  await client.query('rollback');
  const outcomes = await Promise.all([stuck, also]);
  expect(outcomes).toEqual(expect.arrayContaining([added('a', 1), added('a', 2)]));
  expect(sizes.reduce((sum, size) => sum + size)).toBe(53);
});

test('a locked row delays other commands once, however many commands name the row', async () => {
  const { submit, faults } = await startLocked({
    lockMs: 50,
    patientLockMs: 60_000,
    answerMs: 2_000,
  });
  const stuck = [];
  for (let value = 1; value <= 30; value++) {
    stuck.push(submit(add('a', 1)));
    expect(await submit(add('b', 1))).toEqual(added('b', value));
  }
  expect(codesOf(faults).filter((code) => code === '55P03')).toHaveLength(1);
  expect(await Promise.all(stuck)).toEqual(stuck.map(() => ({ kind: 'unavailable' })));
});

test('a row that another transaction is creating delays only its own command', async () => {
  const { client, submit } = await startLocked({ lockMs: 50, patientLockMs: 50 });
  await client.query("insert into test.counters values ('new', 5)");
  const made = submit(add('new', 1));
  const others = Array.from({ length: 20 }, (_, index) => submit(add('b', index)));
  for (const { kind } of await Promise.all(others)) expect(kind).toBe('accepted');
  await client.query('commit');
  expect(await made).toEqual(added('new', 6));
});

test('a replay is answered while its row is locked', async () => {
  const { client, submit } = await startLocked();
  await client.query('rollback');
  const command = add('a', 1);
  expect(await submit(command)).toEqual(added('a', 1));
  await client.query("begin; select from test.counters where name = 'a' for update");
  const stuck = submit(add('a', 1));
  expect(await submit(command)).toEqual(added('a', 1, true));
  await client.query('rollback');
  expect(await stuck).toEqual(added('a', 2));
});

test('lanes that lock many rows in any order all commit, and no effect is lost', async () => {
  const url = await emptyCounterDatabase();
  const client = await connect(url);
  const names = ['a', 'b', 'c', 'd', 'e'];
  const doors = [start(url, { limits: { lanes: 2, batch: 4 } }), start(url)];
  const commands = Array.from({ length: 300 }, (_, index) => add(names[(index * 7) % 5]!, 1));
  const outcomes = await Promise.all(
    commands.map((command, index) => doors[index % 2]!.submit(command)),
  );
  expect(outcomes.filter(({ kind }) => kind !== 'accepted')).toEqual([]);
  const { rows } = await client.query('select name, value::int from test.counters order by name');
  expect(rows).toEqual(names.map((name) => ({ name, value: 60 })));
  expect(await additionsOf(client)).toBe(300);
});
