import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import {
  VALUE_MAX,
  add,
  answerCounter,
  connect,
  counterSchema,
  createCounterDatabase,
  type Added,
  type CounterRefusal,
} from '../../test/support/counter-commit.ts';
import { startGroupCommit, type Command } from '../commit/index.ts';
import { openPool, openSession } from '../database/session.ts';
import { createJournalReader, createRecorder, type Event } from './index.ts';

const COMMANDS = 1_500;
const PROCESSES = 3;
const LANES = 3;

type CounterAdded = Event<'counter.added.v1', Added>;

/** `add`, recorded in the journal. */
const record = (name: string, amount: number): Command<CounterAdded, CounterRefusal> => {
  const command = add(name, amount);
  return {
    ...command,
    answer: answerCounter(name),
    decide: (rows, time) => {
      const decision = command.decide(rows, time);
      if (decision.kind === 'refused') return decision;
      const events = decision.events.map((data): CounterAdded => ({
        type: 'counter.added.v1',
        subject: data.name,
        data,
      }));
      return { ...decision, events };
    },
  };
};

const start = (url: string) => {
  const apply = createRecorder({
    'counter.added.v1': (rows, { data, time }) => counterSchema.apply(rows, data as Added, time),
  });
  const commit = startGroupCommit<CounterAdded, CounterRefusal>({
    schema: { tables: counterSchema.tables, apply },
    openSession: (limits) => openSession(url, limits),
    limits: { lanes: LANES, batch: 8, conflicts: 50, answerMs: 60_000 },
  });
  onTestFinished(commit.close);
  return commit;
};

/** Mostly small amounts; some violate a constraint, so that their positions are rolled back. */
const command = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    amount: fc.oneof(
      { weight: 60, arbitrary: fc.integer({ min: -5, max: 10 }) },
      fc.constant(VALUE_MAX * 2),
    ),
  })
  .map(({ name, amount }) => record(name, amount));

test('with many lanes in many processes, a reader gets each event once and each subject in commit order', async () => {
  const seed = Number(process.env['MOA_TEST_SEED'] ?? Date.now() % 2 ** 31);
  process.stdout.write(`journal: ${COMMANDS} commands, MOA_TEST_SEED=${seed}\n`);
  const commands = fc.sample(command, { numRuns: COMMANDS, seed });
  const url = await createCounterDatabase();
  const client = await connect(url);
  const pool = openPool(url, 2);
  onTestFinished(() => pool.end());
  const doors = Array.from({ length: PROCESSES }, () => start(url));

  let writing = true;
  const outcomes = Promise.allSettled(
    commands.map((each, index) => doors[index % PROCESSES]!.submit(each)),
  ).finally(() => {
    writing = false;
  });
  const reader = createJournalReader(pool);
  const seen = new Map<string, number[]>();
  let after = 0;
  let rounds = 0;
  for (let idle = 0; idle < 3;) {
    const events = await reader.read(after, 50);
    for (const { position, subject, data } of events) {
      expect(position).toBeGreaterThan(after);
      after = position;
      seen.set(subject, [...(seen.get(subject) ?? []), (data as Added).amount]);
    }
    rounds++;
    idle = writing || events.length > 0 ? 0 : idle + 1;
  }

  const kinds = Object.groupBy(await outcomes, (outcome) =>
    outcome.status === 'rejected' ? 'rejected' : outcome.value.kind,
  );
  expect(Object.keys(kinds).toSorted()).toEqual(['accepted', 'refused', 'rejected']);
  expect(rounds).toBeGreaterThan(10);
  // Additions are numbered under the lock of their counter, so in commit order for each counter.
  const { rows } = await client.query<{ name: string; amounts: number[] }>(`
    select name, array_agg(amount::int order by number) as amounts
    from test.additions group by name order by name`);
  expect(Object.fromEntries(seen)).toEqual(
    Object.fromEntries(rows.map(({ name, amounts }) => [name, amounts])),
  );
});
