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

/** More positions than the 32 that PostgreSQL logs ahead. */
const MANY = 250;
/** More ids than the marks have taken. */
const IDS_BEYOND = 10;

/** With these settings, only a commit and the WAL writer flush the WAL. */
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

/** A transaction that takes its id and then positions, like a batch. */
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

/** Runs transactions until all ids up to this one and some more are taken. */
const passIds = async (id: number): Promise<void> => {
  for (let given = 0; given < id + IDS_BEYOND;) {
    const foreign = await begin();
    given = foreign.id;
    await foreign.rollback();
  }
};

/** A reader that reconnects after a crash. */
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
    /** Reads up to the last decided position, like a subscriber. */
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

/** Stops the WAL writer, so that only commits flush the WAL; returns a function that crashes. */
const holdWal = async (victims = VICTIMS['a process of PostgreSQL']) => {
  const find = "select pid from pg_stat_activity where backend_type = 'walwriter'";
  let walWriter: unknown;
  // After a restart it may come later than the first connections.
  await waitUntil(async () => {
    [walWriter] = await queryColumn(database.superuserUrl, find);
    return walWriter !== undefined;
  }, 'the WAL writer');
  process.kill(Number(walWriter), 'SIGSTOP');
  const witness = await connect();
  const ended = new Promise((resolve) => witness.once('end', resolve));
  return async (): Promise<void> => {
    for (const pid of [...(await victims()), Number(walWriter)]) process.kill(pid, 'SIGKILL');
    await withinTime(ended, 'PostgreSQL to end its connections');
    const answers = () => queryColumn(database.url, 'select 1').then(Boolean, () => false);
    await waitUntil(answers, 'PostgreSQL to restart');
  };
};

/** Checks that the reader gets an event that commits after its last poll. */
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
  'after a crash of %s, the reader skips no event at a position below an earlier mark',
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
    // The reader's mark was durable, so the sequence continues above it.
    expect(continued).toBeGreaterThanOrEqual(noted);
  },
);

test('after a crash between a poll and its mark, no event is skipped', async () => {
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

test('a reader without marks continues where the sequence went back to', async () => {
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
