import { expect, onTestFinished, test } from 'vitest';
import {
  add,
  added,
  counters,
  emptyCounterDatabase,
  startCounterCommit,
  type CounterCommand,
} from '../../test/support/counter-commit.ts';
import { accept, create, lock } from './index.ts';

const start = async () => {
  const commit = startCounterCommit(await emptyCounterDatabase());
  onTestFinished(commit.close);
  return commit;
};

const WITHOUT_LOCK = 'add uses test.counters a without locking it';

/** A command with other locks than the row that it uses. */
const naming = (locks: CounterCommand['locks']): CounterCommand => ({ ...add('a', 1), locks });

test.for<readonly [string, CounterCommand]>([
  ['names nothing', naming([])],
  ['names another row', naming([lock(counters, ['b'])])],
  ['names another row as new', naming([create(counters, ['b'])])],
  ['finds another row through others', naming([lock(counters, () => [])])],
  [
    'changes another row without reading it',
    {
      ...add('b', 1),
      decide: () => accept([{ name: 'a', amount: 1 }]),
    },
  ],
])('a command that %s is a fault, alone and beside one that locks the row', async ([, command]) => {
  const { submit } = await start();
  await expect(submit(command)).rejects.toThrow(WITHOUT_LOCK);
  const [neighbour, again] = await Promise.allSettled([submit(add('a', 5)), submit(command)]);
  expect(neighbour).toMatchObject({ value: added('a', 5) });
  expect(again).toMatchObject({ reason: { message: WITHOUT_LOCK } });
});

test('a row that is found through other rows must have been locked before', async () => {
  const { submit } = await start();
  let isDecided = false;
  const late = naming([lock(counters, () => (isDecided ? ['a'] : []))]);
  const turning: CounterCommand = {
    ...add('b', 1),
    decide: (rows, time) => {
      isDecided = true;
      return add('b', 1).decide(rows, time);
    },
  };
  const [first, second] = await Promise.allSettled([submit(turning), submit(late)]);
  expect(first).toMatchObject({ value: { kind: 'accepted' } });
  // Alone, the command locks the rows that it names.
  expect(second).toMatchObject({ value: added('a', 1) });
});

test('a new row is created without a lock, once', async () => {
  const { submit } = await start();
  expect(await submit(naming([create(counters, ['a'])]))).toEqual(added('a', 1));
  // The database prevents a second creation of the row.
  expect(await submit(naming([create(counters, ['a'])]))).toEqual({ kind: 'unavailable' });
  expect(await submit(add('a', 1))).toEqual(added('a', 2));
});
