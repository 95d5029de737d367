import * as fc from 'fast-check';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import {
  add,
  connect,
  createCounterDatabase,
  emptyCounterDatabase,
  startCounterCommit,
} from '../../test/support/counter-commit.ts';
import { newId } from '../database/ids.ts';
import { openPool, openSession } from '../database/session.ts';
import { createJournalReader } from './index.ts';
import { insertEvents } from './queries.gen.ts';
import { casesOf } from '../../test/support/seed.ts';

const HISTORIES = casesOf(100);
const STEPS = 60;
const WRITERS = 4;
/** Long enough for some frontiers and too short for others. */
const PATIENCE_SHORT_MS = 3;

/** A transaction that takes its id, then its time, and then positions, like a batch. */
const createWriter = async (url: string) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  let time = new Date(0);
  return {
    begin: async (): Promise<Date> => {
      await client.query('begin; select pg_current_xact_id()');
      const { rows } = await client.query<{ time: Date }>(
        "select date_trunc('milliseconds', clock_timestamp()) as time",
      );
      ({ time } = rows[0]!);
      return time;
    },
    write: () =>
      insertEvents(client, [
        { eventId: newId(), type: 'written.v1', subject: 's', time, data: '{}' },
      ]),
    commit: () => client.query('commit'),
    rollback: () => client.query('rollback'),
  };
};

const start = async (writers: number) => {
  const url = await emptyCounterDatabase();
  const pool = openPool(url, 4);
  onTestFinished(() => pool.end());
  return {
    pool,
    reader: createJournalReader(pool),
    writers: await Promise.all(Array.from({ length: writers }, () => createWriter(url))),
  };
};

const PATIENCE_MS = 10_000;

test('a batch takes its id before it reads the clock', async () => {
  const url = await createCounterDatabase();
  const client = await connect(url);
  await client.query(`
    create schema spy;
    create table spy.calls (number bigint generated always as identity, name text);
    create function spy.clock_timestamp() returns timestamptz language plpgsql volatile as $$
      begin
        insert into spy.calls (name) values ('clock');
        return pg_catalog.clock_timestamp();
      end $$;
    create function spy.pg_current_xact_id() returns xid8 language plpgsql stable as $$
      begin
        perform spy.note_id();
        return pg_catalog.pg_current_xact_id();
      end $$;
    create function spy.note_id() returns void language sql volatile as
      $$ insert into spy.calls (name) values ('id') $$`);
  const commit = startCounterCommit(url, {
    openSession: async (limits) => {
      const session = await openSession(url, limits);
      await session.query({ text: 'set search_path = spy, pg_catalog' });
      return session;
    },
  });
  onTestFinished(commit.close);
  expect((await commit.submit(add('a', 1))).kind).toBe('accepted');
  const { rows } = await client.query<{ name: string }>(
    'select name from spy.calls order by number',
  );
  expect(rows.map(({ name }) => name)).toEqual(['id', 'clock']);
});

test('without open transactions the frontier is the end of the journal and the current time', async () => {
  const { pool, reader, writers } = await start(1);
  const [writer] = writers;
  for (let round = 0; round < 20; round++) {
    await writer!.begin();
    await writer!.write();
    await writer!.commit();
    const { rows } = await pool.query<{ now: Date; last: string }>(
      'select clock_timestamp() as now, max(position) as last from journal.events',
    );
    const { position, time, isCurrent } = await reader.findFrontier(PATIENCE_MS);
    expect(isCurrent).toBe(true);
    expect(position).toBe(Number(rows[0]!.last));
    expect(time.getTime()).toBeGreaterThanOrEqual(rows[0]!.now.getTime() - 1);
  }
});

test('an open transaction with a time keeps the frontier before that time', async () => {
  const { reader, writers } = await start(2);
  const [slow, quick] = writers;
  const known = await reader.findFrontier(PATIENCE_MS);
  const begun = await slow!.begin();
  await quick!.begin();
  await quick!.write();
  await quick!.commit();
  // More often than the reader keeps marks.
  for (let round = 0; round < 10; round++) {
    const held = await reader.findFrontier(5);
    expect(held.isCurrent).toBe(false);
    expect(held.time.getTime()).toBeLessThan(begun.getTime());
    expect(held.position).toBe(known.position);
  }
  await slow!.write();
  await slow!.commit();
  const after = await reader.findFrontier(PATIENCE_MS);
  expect(after).toMatchObject({ isCurrent: true, position: known.position + 2 });
  expect(after.time.getTime()).toBeGreaterThanOrEqual(begun.getTime());
});

test('a waiting call finds the frontier when the transaction ends', async () => {
  const { reader, writers } = await start(1);
  const [writer] = writers;
  const begun = await writer!.begin();
  await writer!.write();
  const found = reader.findFrontier(PATIENCE_MS);
  await writer!.commit();
  const { isCurrent, position, time } = await found;
  expect([isCurrent, position]).toEqual([true, 1]);
  expect(time.getTime()).toBeGreaterThanOrEqual(begun.getTime());
});

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      writer: fc.nat({ max: WRITERS - 1 }),
      next: fc.constantFrom('begin', 'write', 'commit', 'rollback'),
    }),
  },
  { weight: 3, arbitrary: fc.constant('find' as const) },
);
const steps = fc.array(step, { minLength: STEPS / 2, maxLength: STEPS });

test('in any order of times, positions and commits, no event appears later before a frontier', async () => {
  const { pool, writers } = await start(WRITERS);
  const kinds = { current: 0, held: 0 };

  const property = fc.asyncProperty(steps, async (history) => {
    const reader = createJournalReader(pool);
    const open = new Set<number>();
    const told: ReturnType<typeof reader.findFrontier>[] = [];
    for (const each of history) {
      if (each === 'find') {
        // Runs while the writers continue.
        told.push(reader.findFrontier(PATIENCE_SHORT_MS));
        continue;
      }
      const { writer, next } = each;
      if (next === 'begin') {
        if (open.has(writer)) continue;
        await writers[writer]!.begin();
        open.add(writer);
      } else if (open.has(writer)) {
        await writers[writer]![next]();
        if (next !== 'write') open.delete(writer);
      }
    }
    const frontiers = await Promise.all(told);
    for (const index of open) await writers[index]!.commit();

    const { rows } = await pool.query<{ position: string; time: Date }>(
      'select position, time from journal.events',
    );
    for (const { position, time, isCurrent } of frontiers) {
      const late = rows.filter((row) => row.time <= time && Number(row.position) > position);
      expect(late).toEqual([]);
      kinds[isCurrent ? 'current' : 'held']++;
    }
  });
  const seed = Number(process.env['MOA_TEST_SEED'] ?? Date.now() % 2 ** 31);
  process.stdout.write(`frontier: ${HISTORIES} histories, MOA_TEST_SEED=${seed}\n`);
  await fc.assert(property, { numRuns: HISTORIES, seed });
  expect(kinds.current).toBeGreaterThan(HISTORIES);
  expect(kinds.held).toBeGreaterThan(HISTORIES);
});
