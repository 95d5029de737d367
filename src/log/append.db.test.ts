import type { Client, Pool } from 'pg';
import { expect, test } from 'vitest';
import { createNaiveTree } from '../../test/support/naive-tree.ts';
import { createTestLog, openLog, writeEvents } from '../../test/support/test-log.ts';
import { openCheckpoint, parseVerifierKey } from '../receipt/index.ts';
import { checkLog } from './check.ts';
import { consistencySpans, isConsistent, type TreeHead } from './merkle.ts';
import { readHashes } from './read-tiles.ts';

/** The entries of the journal, formed here as docs/transparency-log.md describes them. */
const readEntries = async (client: Client): Promise<Buffer[]> => {
  const { rows } = await client.query<
    Record<'id' | 'type' | 'subject' | 'data', string> & { time: Date }
  >('select event_id as id, type, subject, time, data::text from journal.events order by position');
  return rows.map(({ id, type, subject, time, data }) => {
    const head = JSON.stringify({ id, type, subject, time: time.toISOString() });
    return Buffer.from(`${head.slice(0, -1)},"data":${data}}`);
  });
};

const readLeaves = async (client: Client): Promise<string[]> => {
  const { rows } = await client.query<{ leaf: string }>(
    "select leaf_index || ' ' || position as leaf from log.leaves order by leaf_index",
  );
  return rows.map(({ leaf }) => leaf);
};

const readPositions = async (client: Client): Promise<string[]> => {
  const { rows } = await client.query<{ position: string }>(
    'select position from journal.events order by position',
  );
  return rows.map(({ position }, index) => `${index} ${position}`);
};

test('each checkpoint is signed, has the root of all entries, and continues the one before', async () => {
  const { client, pool, signer, readCheckpoint, appendAll } = await createTestLog(0);
  const verifier = (await parseVerifierKey((await signer()).verifier.text))!;
  const heads: TreeHead[] = [];
  for (const count of [0, 1, 1, 5, 250, 2_100, 3]) {
    if (count > 0) await writeEvents(client, count);
    await appendAll();
    const head = await openCheckpoint((await readCheckpoint()).note, verifier);
    expect(head?.origin).toBe('shop.example');
    heads.push(head!);
  }
  const naive = createNaiveTree(await readEntries(client));
  expect(heads.map(({ size }) => size)).toEqual([0, 1, 2, 7, 257, 2_357, 2_360]);
  expect(heads.map(({ root }) => Buffer.from(root))).toEqual(
    heads.map(({ size }) => naive.root(size)),
  );
  for (const [index, to] of heads.entries()) {
    for (const from of heads.slice(0, index)) {
      const proof = await readHashes(pool, consistencySpans(from.size, to.size));
      expect(isConsistent(from, to, proof)).toBe(true);
    }
  }
  expect(await checkLog(pool, 10)).toEqual([]);
});

test('events whose positions become visible out of order are leaves in order of position', async () => {
  const { client, url, pool, appending } = await createTestLog(3);
  const { pool: other, appendAll } = openLog(url);
  const early = await other.connect();
  await early.query('begin; select pg_current_xact_id()');
  await writeEvents(early, 2);
  await writeEvents(client, 3);
  await client.query("begin; select nextval('journal.events_position_seq'); rollback");
  await writeEvents(client, 1);
  while (await appending.runOnce());
  expect(await readLeaves(client)).toHaveLength(3);
  await early.query('commit');
  early.release();
  await appendAll();
  expect(await readLeaves(client)).toEqual(await readPositions(client));
  expect(await readLeaves(client)).toHaveLength(9);
  expect(await checkLog(pool, 10)).toEqual([]);
});

test('several processes append each event once', async () => {
  const { client, url, pool } = await createTestLog(0);
  const logs = [openLog(url), openLog(url), openLog(url)];
  for (let round = 0; round < 20; round++) {
    await writeEvents(client, 1 + ((round * 31) % 90));
    await Promise.all(logs.map(({ appending }) => appending.runOnce()));
  }
  await Promise.all(logs.map(({ appendAll }) => appendAll()));
  expect(await readLeaves(client)).toEqual(await readPositions(client));
  expect(await checkLog(pool, 10)).toEqual([]);
});

/** A pool whose transactions end at a statement, as if the process was killed before it. */
const failingPool = (pool: Pool, failAt: number): Pool => {
  let left = failAt;
  const connect = async () => {
    const client = await pool.connect();
    const query = (config: string | { text: string }) => {
      if (left-- === 0) return Promise.reject(new Error('on purpose'));
      return client.query(config as string);
    };
    return { query, release: (destroy?: boolean) => client.release(destroy) };
  };
  const query = pool.query.bind(pool);
  return { connect, query } as unknown as Pool;
};

test('a crash at any statement leaves the tree as it was, and the next round appends', async () => {
  const { client, url, pool } = await createTestLog(260);
  let failures = 0;
  for (let failAt = 0; ; failAt++) {
    await writeEvents(client, 2);
    const before = await readLeaves(client);
    const { appendAll } = openLog(url, (own) => failingPool(own, failAt));
    const failed = await appendAll().then(
      () => false,
      () => true,
    );
    expect(await checkLog(pool, 10)).toEqual([]);
    if (!failed) break;
    failures++;
    expect(await readLeaves(client)).toEqual(before);
  }
  expect(failures).toBeGreaterThan(6);
  expect(await readLeaves(client)).toEqual(await readPositions(client));
});
