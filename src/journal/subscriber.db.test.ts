import { expect, onTestFinished, test } from 'vitest';
import { waitUntil } from '../../test/support/wait.ts';
import { connect, createCounterDatabase } from '../../test/support/counter-commit.ts';
import { newId } from '../database/ids.ts';
import { openPool } from '../database/session.ts';
import type { Queryable } from '../database/statement.ts';
import { createJournalReader, createSubscriber, type Range } from './index.ts';
import { insertEvents } from './queries.gen.ts';

const NAME = 'test';
const MOST = 10;

/** A database with a subscriber's cursor and a table for the subscriber's effects. */
const start = async () => {
  const url = await createCounterDatabase();
  const client = await connect(url);
  await client.query(`
    create table test.seen (position bigint, build bigint);
    insert into journal.cursors (name, position, build, events) values ('${NAME}', 0, 7, 0)`);

  const write = (count: number) =>
    insertEvents(
      client,
      Array.from({ length: count }, () => ({
        eventId: newId(),
        type: 'written.v1',
        subject: 's',
        time: new Date(),
        data: '{}',
      })),
    );
  const seen = async (): Promise<number[]> => {
    const { rows } = await client.query<{ position: string }>(
      'select position from test.seen order by position',
    );
    return rows.map(({ position }) => Number(position));
  };
  const cursor = async (): Promise<number> => {
    const { rows } = await client.query<{ position: string }>(
      'select position from journal.cursors where name = $1',
      [NAME],
    );
    return Number(rows[0]!.position);
  };
  const written = async (): Promise<number[]> => {
    const { rows } = await client.query<{ position: string }>(
      'select position from journal.events order by position',
    );
    return rows.map(({ position }) => Number(position));
  };

  const record = (db: Queryable, { after, upTo, build }: Range) =>
    db.query({
      text: `insert into test.seen select position, $3 from journal.events
        where position > $1 and position <= $2`,
      values: [after, upTo, build],
    });
  /** A subscriber as in a separate process. */
  const subscribe = (apply: (db: Queryable, range: Range) => Promise<unknown> = record) => {
    const pool = openPool(url, 3);
    onTestFinished(() => pool.end());
    const reader = createJournalReader(pool);
    return createSubscriber({ pool, reader, name: NAME, limit: MOST, apply });
  };
  /** Restores the state in which a position was the last one and nothing was applied after it. */
  const restore = (position: number) =>
    client.query(`
      delete from journal.events where position > ${position};
      select setval('journal.events_position_seq', ${position});
      delete from test.seen where position > ${position};
      update journal.cursors set position = ${position} where name = '${NAME}'`);
  return { client, write, seen, cursor, written, record, subscribe, restore };
};

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

test('a round applies a bounded range and returns whether another follows', async () => {
  const { write, seen, cursor, subscribe } = await start();
  const { runOnce } = subscribe();
  expect(await runOnce()).toBe(false);
  await write(MOST + 5);
  expect(await runOnce()).toBe(true);
  expect(await seen()).toEqual(upTo(MOST));
  expect(await runOnce()).toBe(false);
  expect(await seen()).toEqual(upTo(MOST + 5));
  expect(await cursor()).toBe(MOST + 5);
  expect(await runOnce()).toBe(false);
});

test('a failed effect is rolled back with the cursor and applied by the next round', async () => {
  const { write, seen, cursor, record, subscribe } = await start();
  let fails = true;
  const { runOnce } = subscribe(async (db, range) => {
    await record(db, range);
    if (fails) throw new Error('on purpose');
  });
  await write(3);
  await expect(runOnce()).rejects.toThrow('on purpose');
  expect([await seen(), await cursor()]).toEqual([[], 0]);
  fails = false;
  // PostgreSQL may still have to notice that the connection is closed.
  await waitUntil(async () => {
    await runOnce();
    return (await cursor()) === 3;
  }, 'the cursor');
  expect(await seen()).toEqual([1, 2, 3]);
});

test('while one process applies a range, another process does not wait', async () => {
  const { write, seen, record, subscribe } = await start();
  const entered = Promise.withResolvers<void>();
  const leave = Promise.withResolvers<void>();
  const first = subscribe(async (db, range) => {
    entered.resolve();
    await leave.promise;
    await record(db, range);
  });
  const second = subscribe();
  await write(3);
  const round = first.runOnce();
  await entered.promise;
  expect(await second.runOnce()).toBe(false);
  expect(await second.catchUp(3, 20)).toBe(false);
  const caughtUp = second.catchUp(3, 30_000);
  leave.resolve();
  await round;
  expect(await caughtUp).toBe(true);
  expect(await seen()).toEqual([1, 2, 3]);
});

test('a range belongs to the build of the cursor', async () => {
  const { client, write, subscribe } = await start();
  const { runOnce } = subscribe();
  await write(1);
  await runOnce();
  await client.query("update journal.cursors set build = 8 where name = 'test'");
  await write(1);
  await runOnce();
  const { rows } = await client.query('select position::int, build::int from test.seen');
  expect(rows).toEqual([
    { position: 1, build: 7 },
    { position: 2, build: 8 },
  ]);
});

test('an event that appears in a range while it is applied does not count as read', async () => {
  const { client, write, seen, record, subscribe } = await start();
  await client.query("select nextval('journal.events_position_seq')");
  await write(2);
  const { runOnce } = subscribe(async (db, range) => {
    await client.query(`insert into journal.events
      (position, event_id, type, subject, time, data) overriding system value
      values (1, gen_random_uuid(), 'written.v1', 's', now(), '{}')`);
    await record(db, range);
  });
  await runOnce();
  expect(await seen()).toEqual([1, 2, 3]);
  const { rows } = await client.query('select position::int, events::int from journal.cursors');
  expect(rows).toContainEqual({ position: 3, events: 2 });
});

test('after an earlier state was restored, a round applies the new events', async () => {
  const { write, seen, cursor, subscribe, restore } = await start();
  const { runOnce } = subscribe();
  await write(6);
  await runOnce();
  await restore(2);
  await write(1);
  await runOnce();
  expect([await seen(), await cursor()]).toEqual([[1, 2, 3], 3]);
});

test('after an earlier state was restored, who waits for new events gets them', async () => {
  const { write, seen, subscribe, restore } = await start();
  const { catchUp } = subscribe();
  await write(6);
  expect(await catchUp(6, 30_000)).toBe(true);
  await restore(2);
  await write(1);
  expect(await catchUp(3, 30_000)).toBe(true);
  expect(await seen()).toEqual([1, 2, 3]);
});

test('after an earlier state was restored, the cursor does not move beyond the journal', async () => {
  const { write, seen, cursor, subscribe, restore } = await start();
  const { runOnce } = subscribe();
  await write(MOST + 5);
  expect(await runOnce()).toBe(true);
  // The reader knows that the rest is decided.
  await restore(2);
  await runOnce();
  expect(await cursor()).toBe(2);
  await write(2);
  await runOnce();
  expect([await seen(), await cursor()]).toEqual([upTo(4), 4]);
});

test('several processes apply each event once while events are written and rolled back', async () => {
  const { client, write, seen, written, subscribe } = await start();
  const subscribers = [subscribe(), subscribe(), subscribe()];
  const over = new AbortController();
  const running = subscribers.map(async ({ runOnce }) => {
    while (!over.signal.aborted) await runOnce();
  });
  for (let round = 0; round < 60; round++) {
    await client.query('begin; select pg_current_xact_id()');
    await write(1 + (round % 7));
    await client.query(round % 5 === 4 ? 'rollback' : 'commit');
  }
  const events = await written();
  await waitUntil(async () => (await seen()).length >= events.length, 'every event');
  over.abort();
  await Promise.all(running);
  expect(await seen()).toEqual(events);
});
