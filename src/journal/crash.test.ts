import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { queryColumn } from '../../test/support/queries.ts';
import { waitUntil, withinTime } from '../../test/support/wait.ts';
import { newId } from '../database/ids.ts';
import { migrate } from '../database/migrate.ts';
import { openPool } from '../database/session.ts';
import type { Queryable } from '../database/statement.ts';
import { findPostmaster, startEmbedded, type EmbeddedDatabase } from '../postgres/index.ts';
import { createJournalReader } from './index.ts';
import { insertEvents, readEvents } from './queries.gen.ts';

/** PostgreSQL logs 32 positions ahead; a sequence that goes back so far loses some of these. */
const MANY = 250;
/** More ids than any mark has taken by then. */
const IDS_BEYOND = 10;

/** With these, only a commit and the WAL writer flush the WAL. */
const QUIET = [
  'wal_level = minimal',
  'max_wal_senders = 0',
  'autovacuum = off',
  'bgwriter_lru_maxpages = 0',
];

let database: EmbeddedDatabase;
let cluster: string;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'moa-journal-'));
  cluster = join(directory, 'postgres');
  const options = { directory, log: () => undefined };
  const first = await startEmbedded(options);
  await migrate(first.url);
  for (const setting of QUIET) await queryColumn(first.superuserUrl, `alter system set ${setting}`);
  await first.stop();
  database = await startEmbedded(options);
  return async () => {
    await database.stop();
    await rm(directory, { recursive: true });
  };
});

const connect = async (): Promise<Client> => {
  const client = new Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
};

/** A transaction that takes its id and then positions, as a batch does. */
const begin = async () => {
  const client = await connect();
  await client.query('begin');
  const { rows } = await client.query<{ id: string }>('select pg_current_xact_id() as id');
  return {
    id: Number(rows[0]!.id),
    write: async (count: number): Promise<string[]> => {
      const events = Array.from({ length: count }, () => ({
        eventId: newId(),
        type: 'written.v1',
        subject: 's',
        time: new Date(),
        data: '{}',
      }));
      await insertEvents(client, events);
      return events.map(({ eventId }) => eventId);
    },
    commit: () => client.query('commit'),
    rollback: () => client.query('rollback'),
  };
};

const lastPosition = async (): Promise<number> => {
  const last = "coalesce(pg_sequence_last_value('journal.events_position_seq'), 0)";
  const [position] = await queryColumn(database.url, `select ${last}`);
  return Number(position);
};

/** Other transactions, until all ids up to this one and some more have been given. */
const passIds = async (id: number): Promise<void> => {
  for (let given = 0; given < id + IDS_BEYOND;) {
    const foreign = await begin();
    given = foreign.id;
    await foreign.rollback();
  }
};

/** The reader of the tests, whose connections are opened anew after a crash. */
const createFollower = async (before: (statement: string) => Promise<void> = async () => {}) => {
  let pool = openPool(database.url, 2);
  onTestFinished(() => pool.end());
  const db: Queryable = {
    query: async (config) => {
      await before(config.name ?? '');
      return pool.query(config);
    },
  };
  const reader = createJournalReader(db);
  let after = await lastPosition();
  const seen: string[] = [];
  return {
    seen,
    /** Goes on to what is decided, as a subscriber does. */
    follow: async (): Promise<void> => {
      const upTo = await reader.findDecided(after);
      if (upTo <= after) return;
      const events = await readEvents(db, { after, upTo, limit: MANY });
      seen.push(...events.map(({ eventId }) => eventId));
      after = upTo;
    },
    reconnect: async (): Promise<void> => {
      await pool.end();
      pool = openPool(database.url, 2);
    },
  };
};

const VICTIMS = {
  'a process of PostgreSQL': (): Promise<number[]> => Promise.resolve([]),
  'all of PostgreSQL': async (): Promise<number[]> => [(await findPostmaster(cluster))!],
};

/** Keeps the WAL from being flushed but by commits, until the crash that it answers. */
const holdWal = async (victims = VICTIMS['a process of PostgreSQL']) => {
  const find = "select pid from pg_stat_activity where backend_type = 'walwriter'";
  const [walWriter] = await queryColumn(database.superuserUrl, find);
  process.kill(Number(walWriter), 'SIGSTOP');
  const witness = await connect();
  const ended = new Promise((resolve) => witness.once('end', resolve));
  return async (): Promise<void> => {
    for (const pid of [...(await victims()), Number(walWriter)]) process.kill(pid, 'SIGKILL');
    await withinTime(ended, 'PostgreSQL to end its connections');
    const answers = () => queryColumn(database.url, 'select 1').then(Boolean, () => false);
    await waitUntil(answers, 'PostgreSQL to answer again');
  };
};

/** The reader has seen nothing and gets an event that commits after it has looked. */
const expectNextEvent = async ({
  seen,
  follow,
}: Pick<Awaited<ReturnType<typeof createFollower>>, 'seen' | 'follow'>): Promise<void> => {
  const late = await begin();
  const events = await late.write(1);
  await follow();
  await late.commit();
  await follow();
  expect(seen).toEqual(events);
};

test.each(Object.entries(VICTIMS))(
  'after a crash of %s no event is skipped that is written below what was noted before',
  async (_name, victims) => {
    const { seen, follow, reconnect } = await createFollower();
    const crash = await holdWal(victims);
    const lost = await begin();
    await lost.write(MANY);
    const noted = await lastPosition();
    await follow();
    await crash();
    await reconnect();
    const continued = await lastPosition();

    await passIds(lost.id);
    await expectNextEvent({ seen, follow });
    // The reader's mark was durable, and what it had noted with it.
    expect(continued).toBeGreaterThanOrEqual(noted);
  },
);

test('after a crash between a look and its mark no event is skipped', async () => {
  let crash: (() => Promise<void>) | undefined;
  const { seen, follow, reconnect } = await createFollower(async (statement) => {
    if (statement !== 'journal.ReadFence' || crash === undefined) return;
    await crash();
    crash = undefined;
    await reconnect();
  });
  const before = await lastPosition();
  crash = await holdWal();
  const lost = await begin();
  await lost.write(MANY);
  await follow();
  expect(crash).toBeUndefined();
  expect(await lastPosition()).toBeLessThan(before + MANY);

  await passIds(lost.id);
  await expectNextEvent({ seen, follow });
});

test('a reader that had noted nothing goes on where the sequence went back to', async () => {
  const { seen, follow, reconnect } = await createFollower();
  await follow();
  const before = await lastPosition();
  const crash = await holdWal();
  const lost = await begin();
  await lost.write(MANY);
  await crash();
  await reconnect();
  expect(await lastPosition()).toBeLessThan(before + MANY);

  await expectNextEvent({ seen, follow });
});
