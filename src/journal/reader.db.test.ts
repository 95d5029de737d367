import * as fc from 'fast-check';
import { Client, type Pool, type QueryConfig } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { queryColumn } from '../../test/support/queries.ts';
import { emptyCounterDatabase } from '../../test/support/counter-commit.ts';
import { newId } from '../database/ids.ts';
import { openPool } from '../database/session.ts';
import { createJournalReader, type JournalReader } from './index.ts';
import { insertEvents, readFence, readHorizon } from './queries.gen.ts';
import { casesOf } from '../../test/support/seed.ts';

const HISTORIES = casesOf(150);
const WRITERS = 4;
const SUBJECTS = 3;
const PAGE = 3;
/** Enough to hit many moments at which PostgreSQL logs positions ahead. */
const READS = 100_000;
const TAKE_MANY = `select count(nextval('journal.events_position_seq'))
  from generate_series(1, 10_000)`;

/** A transaction that records events like a batch: it takes its id, then the positions. */
const createWriter = async (url: string) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return {
    begin: () => client.query('begin; select pg_current_xact_id()'),
    write: (subject: string, n: number) =>
      insertEvents(client, [
        { eventId: newId(), type: 'written.v1', subject, time: new Date(), data: `{"n":${n}}` },
      ]),
    commit: () => client.query('commit'),
    rollback: () => client.query('rollback'),
  };
};

/** A reader that continues after its last event. */
const createFollower = (reader: JournalReader, start = 0) => {
  const seen: string[] = [];
  let after = start;
  const readOnce = async (limit = PAGE): Promise<number> => {
    const events = await reader.read(after, limit);
    for (const { position, subject, data } of events) {
      expect(position).toBeGreaterThan(after);
      after = position;
      seen.push(`${subject} ${(data as { n: number }).n}`);
    }
    return events.length;
  };
  const readAll = async (): Promise<string[]> => {
    // A gap or a transaction that has just ended may take one more round.
    for (let idle = 0; idle < 3;) idle = (await readOnce()) === 0 ? idle + 1 : 0;
    return seen;
  };
  return { seen, readOnce, readAll };
};

const start = async (writers: number) => {
  const url = await emptyCounterDatabase();
  const pool: Pool = openPool(url, 4);
  onTestFinished(() => pool.end());
  return {
    url,
    pool,
    writers: await Promise.all(Array.from({ length: writers }, () => createWriter(url))),
    ...createFollower(createJournalReader(pool)),
  };
};

test('an event whose transaction commits after a higher position is not skipped', async () => {
  const { writers, readAll } = await start(2);
  const [early, late] = writers;
  await late!.begin();
  await late!.write('late', 1);
  await early!.begin();
  await early!.write('early', 1);
  await early!.commit();
  expect(await readAll()).toEqual([]);
  await late!.commit();
  expect(await readAll()).toEqual(['late 1', 'early 1']);
});

test('events of the youngest running transactions are not treated as decided', async () => {
  const { writers, readAll } = await start(2);
  const [low, high] = writers;
  await low!.begin();
  await low!.write('low', 1);
  await high!.begin();
  await high!.write('high', 1);
  expect(await readAll()).toEqual([]);
  await high!.commit();
  expect(await readAll()).toEqual([]);
  await low!.commit();
  expect(await readAll()).toEqual(['low 1', 'high 1']);
});

test('positions of rolled-back transactions delay no event', async () => {
  const { writers, readAll } = await start(1);
  const [writer] = writers;
  await writer!.begin();
  await writer!.write('gone', 1);
  await writer!.rollback();
  expect(await readAll()).toEqual([]);
  await writer!.begin();
  await writer!.write('there', 1);
  await writer!.commit();
  expect(await readAll()).toEqual(['there 1']);
});

test('a transaction that has changed nothing delays no event', async () => {
  const { url, writers, readAll } = await start(1);
  const idle = new Client({ connectionString: url });
  await idle.connect();
  onTestFinished(() => idle.end());
  await idle.query('begin; select count(*) from journal.events');
  const [writer] = writers;
  await writer!.begin();
  await writer!.write('a', 1);
  await writer!.commit();
  expect(await readAll()).toEqual(['a 1']);
});

test('an event can be read as soon as its commit is answered', async () => {
  const { writers, readOnce } = await start(1);
  const [writer] = writers;
  for (let n = 1; n <= 20; n++) {
    await writer!.begin();
    await writer!.write('a', n);
    await writer!.commit();
    expect(await readOnce()).toBe(1);
  }
});

test('a new reader starts at the given position', async () => {
  const { pool, writers, readAll } = await start(1);
  const [writer] = writers;
  await writer!.begin();
  for (let n = 1; n <= 5; n++) await writer!.write('a', n);
  await writer!.commit();
  expect(await readAll()).toEqual(['a 1', 'a 2', 'a 3', 'a 4', 'a 5']);
  const [, second] = await createJournalReader(pool).read(0, 2);
  const again = createFollower(createJournalReader(pool), second!.position);
  expect(await again.readAll()).toEqual(['a 3', 'a 4', 'a 5']);
});

test('a reader starts again when an earlier state of the database was restored', async () => {
  const { url, pool, writers } = await start(2);
  const [slow, quick] = writers;
  const reader = createJournalReader(pool);
  await slow!.begin();
  for (let n = 1; n <= 5; n++) await slow!.write('gone', n);
  await slow!.commit();
  expect(await reader.findDecided(0)).toBe(5);

  await queryColumn(url, 'truncate journal.events restart identity');
  await slow!.begin();
  await slow!.write('slow', 1);
  await quick!.begin();
  await quick!.write('quick', 1);
  await quick!.commit();
  expect(await reader.findDecided(5)).toBe(0);
  expect(await reader.read(0, PAGE)).toEqual([]);
  await slow!.commit();
  expect(await createFollower(reader).readAll()).toEqual(['slow 1', 'quick 1']);
});

test('a reader reports how long it has waited for a transaction', async () => {
  const { pool, writers } = await start(2);
  const [slow, quick] = writers;
  const reader = createJournalReader(pool);
  expect(reader.waitingMs()).toBe(0);
  await slow!.begin();
  await quick!.begin();
  await quick!.write('quick', 1);
  await quick!.commit();
  await reader.findDecided(0);
  const waiting = reader.waitingMs();
  expect(waiting).toBeGreaterThan(0);
  // Later events wait for a shorter time.
  await quick!.begin();
  await quick!.write('quick', 2);
  await quick!.commit();
  await reader.findDecided(0);
  expect(reader.waitingMs()).toBeGreaterThan(waiting);
  await slow!.commit();
  expect(await reader.findDecided(0)).toBe(2);
  expect(reader.waitingMs()).toBe(0);
});

/** The text of a statement. */
const textOf = async (statement: typeof readFence | typeof readHorizon): Promise<string> => {
  const sent: string[] = [];
  const db = {
    query: ({ text }: QueryConfig) => {
      sent.push(text);
      return Promise.reject(new Error('only the text is needed'));
    },
  };
  await statement(db).catch(() => undefined);
  return sent.join();
};

test.each(Object.entries({ readFence, readHorizon }))(
  '%s returns no position that was not taken',
  async (_name, statement) => {
    const { url } = await start(0);
    // A lower position after a higher one shows that the higher one had not been taken.
    await queryColumn(
      url,
      `create or replace function test.count_falls() returns bigint language plpgsql as $$
      declare falls bigint := 0; last bigint := 0; seen bigint;
      begin
        for n in 1 .. ${READS} loop
          select read."position!" into seen from (${await textOf(statement)}) as read;
          falls := falls + (seen < last)::int;
          last := seen;
        end loop;
        return falls;
      end $$`,
    );
    const over = new AbortController();
    const take = async (): Promise<void> => {
      while (!over.signal.aborted) await queryColumn(url, TAKE_MANY);
    };
    const taking = [take(), take()];
    const falls = await queryColumn(url, 'select test.count_falls()');
    over.abort();
    await Promise.all(taking);
    expect(falls).toEqual(['0']);
  },
);

/** The next step: a writer continues, or the reader reads. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      writer: fc.nat({ max: WRITERS - 1 }),
      subject: fc.nat({ max: SUBJECTS - 1 }),
      next: fc.constantFrom('write', 'write', 'commit', 'rollback' as const),
    }),
  },
  { weight: 2, arbitrary: fc.constant('read' as const) },
);

test('in any order of writes, commits and reads, each event is read once and each subject in commit order', async () => {
  const url = await emptyCounterDatabase();
  const pool = openPool(url, 4);
  onTestFinished(() => pool.end());
  const writers = await Promise.all(Array.from({ length: WRITERS }, () => createWriter(url)));
  let n = 0;

  const property = fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
    const { rows } = await pool.query<{ last: string }>(
      'select coalesce(max(position), 0) as last from journal.events',
    );
    const { readOnce, readAll } = createFollower(createJournalReader(pool), Number(rows[0]!.last));
    const open = new Map<number, string[]>();
    const holders = new Map<number, number>();
    const committed: string[] = [];

    const end = async (index: number, how: 'commit' | 'rollback'): Promise<void> => {
      await writers[index]![how]();
      if (how === 'commit') committed.push(...open.get(index)!);
      open.delete(index);
      for (const [subject, holder] of holders) if (holder === index) holders.delete(subject);
    };
    for (const each of steps) {
      if (each === 'read') {
        await readOnce();
        continue;
      }
      const { writer, subject, next } = each;
      if (next === 'write') {
        // The row lock of a subject is held until the transaction ends.
        if ((holders.get(subject) ?? writer) !== writer) continue;
        if (!open.has(writer)) {
          await writers[writer]!.begin();
          open.set(writer, []);
        }
        holders.set(subject, writer);
        await writers[writer]!.write(`s${subject}`, ++n);
        open.get(writer)!.push(`s${subject} ${n}`);
      } else if (open.has(writer)) {
        await end(writer, next);
      }
    }
    for (const index of open.keys()) await end(index, 'commit');

    const seen = await readAll();
    expect(seen.toSorted()).toEqual(committed.toSorted());
    for (let subject = 0; subject < SUBJECTS; subject++) {
      const ofSubject = (event: string): boolean => event.startsWith(`s${subject} `);
      expect(seen.filter(ofSubject)).toEqual(committed.filter(ofSubject));
    }
  });
  const seed = Number(process.env['MOA_TEST_SEED'] ?? Date.now() % 2 ** 31);
  process.stdout.write(`journal: ${HISTORIES} histories, MOA_TEST_SEED=${seed}\n`);
  await fc.assert(property, { numRuns: HISTORIES, seed });
});
