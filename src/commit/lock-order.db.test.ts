import { expect, onTestFinished, test } from 'vitest';
import {
  connect,
  counterSchema,
  counters,
  emptyCounterDatabase,
  startCounterCommit,
  untilBlocked,
} from '../../test/support/counter-commit.ts';
import { accept, lock, serverKey } from './index.ts';

test('tables are locked in the order of the schema, whatever a command names first', async () => {
  const url = await emptyCounterDatabase();
  const [holder, other] = [await connect(url), await connect(url)];
  const [first, second] = [{ ...counters }, { ...counters }];
  const commit = startCounterCommit(url, {
    schema: { ...counterSchema, tables: [first, second] },
    limits: { lockMs: 30_000, answerMs: 60_000 },
  });
  onTestFinished(commit.close);
  await holder.query("insert into test.counters values ('a', 0), ('b', 0)");
  await holder.query("begin; select from test.counters where name = 'a' for update");

  const outcome = commit.submit({
    operation: 'hold',
    key: serverKey(),
    locks: [lock(second, ['b']), lock(first, ['a'])],
    decide: () => accept([]),
  });
  await untilBlocked(holder);
  // While it waits for a row of the first table, it holds none of the second.
  await other.query("select from test.counters where name = 'b' for update nowait");
  await holder.query('commit');
  expect(await outcome).toMatchObject({ kind: 'accepted' });
});
