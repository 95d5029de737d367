import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { sampleSeeded } from '../../test/support/seed.ts';
import { waitUntil } from '../../test/support/wait.ts';
import {
  DAY_MS,
  HISTORY_DAYS,
  countOrders,
  eventsOf,
  historyOf,
  recordAll,
  writeEvents,
} from '../../test/support/sales-history.ts';
import { openPool } from '../database/session.ts';
import { createJournalReader } from '../journal/index.ts';
import { countSales, type Count } from './count.ts';
import { rebuildBestSellers } from './index.ts';
import { recordSales } from './queries.gen.ts';
import { createRecording } from './recording.ts';

const BEGIN = Math.floor(Date.now() / DAY_MS - HISTORY_DAYS) * DAY_MS;
const END = BEGIN + HISTORY_DAYS * DAY_MS;
const ORDERS = 6_000;

const start = async (count = ORDERS) => {
  const url = await createTestDatabase();
  const openOwnPool = () => {
    const pool = openPool(url, 3);
    onTestFinished(() => pool.end());
    return pool;
  };
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  const pool = openOwnPool();
  const recording = createRecording(pool, createJournalReader(pool));
  const [orders = []] = sampleSeeded('orders', historyOf(BEGIN, count), 1);
  const builds = async (): Promise<number[]> => {
    const { rows } = await client.query<{ build: string }>(
      `select build from bestseller.sales union select build from bestseller.days order by build`,
    );
    return rows.map(({ build }) => Number(build));
  };
  return { pool, openOwnPool, client, recording, orders, events: eventsOf(orders), builds };
};

/** The window is the history without its last half day. */
const DAYS = 30;
const TO = END - DAY_MS / 2;
const WINDOW = { from: TO - DAYS * DAY_MS, to: TO, knownUntil: Infinity };

test('a rebuild while events arrive gives the right sales, and running windows switch to it', async () => {
  const { pool, openOwnPool, client, recording, orders, events, builds } = await start();
  const half = events.length / 2;
  await writeEvents(client, events.slice(0, half));
  await recordAll(pool, recording);
  // A rebuild corrects rows that do not match the journal.
  await client.query(`
    update bestseller.sales set units = units + 1, revenue = 7;
    update bestseller.days set units = units + 1, revenue = 7`);
  let count: Count | undefined;
  const read = async () => {
    count = await countSales(pool, DAYS, new Date(TO), count);
    return count.window.top(100);
  };
  expect((await read())[0]?.revenue).not.toBe(countOrders(orders, WINDOW)[0]?.revenue);

  const over = new AbortController();
  const progress: number[] = [];
  const rebuild = rebuildBestSellers(openOwnPool(), ({ done, total }) => {
    expect(done).toBeLessThanOrEqual(total);
    progress.push(done);
  }).finally(() => over.abort());
  let written = half;
  for (; !over.signal.aborted; written += 50) {
    await writeEvents(client, events.slice(written, written + 50));
    await recording.runOnce();
    await read();
  }
  await rebuild;
  await writeEvents(client, events.slice(written));
  await recordAll(pool, recording);

  expect(await read()).toEqual(countOrders(orders, WINDOW));
  expect(count?.build).toBe(2);
  expect(progress.length).toBeGreaterThan(1);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(await builds()).toEqual([2]);
  const { rows } = await client.query(`
    select name, build::int, events::int - (
      select count(*) from journal.events e where e.position <= c.position
    )::int as unread
    from journal.cursors c
    where name = 'best-sellers'`);
  expect(rows).toEqual([{ name: 'best-sellers', build: 2, unread: 0 }]);
});

test('sales that are recorded just before the switch are in the new build', async () => {
  const { openOwnPool, pool, client, recording, orders, events } = await start(600);
  await writeEvents(client, events.slice(0, -300));
  await recordAll(pool, recording);
  // The old build grows while the new build waits to replace it.
  await client.query('begin; select from journal.cursors for update');
  const rebuild = rebuildBestSellers(openOwnPool(), () => undefined);
  await waitUntil(async () => {
    const { rows } = await pool.query<{ waiting: boolean }>(`
      select exists (
        select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
      ) as waiting`);
    return rows[0]!.waiting;
  }, 'the rebuild to wait for the cursor');
  const { rows } = await client.query<{ position: string }>(
    "select position from journal.cursors where name = 'best-sellers'",
  );
  const after = Number(rows[0]!.position);
  const upTo = after + 300;
  await writeEvents(client, events.slice(-300));
  await recordSales(client, { after, upTo, build: 1 });
  await client.query("update journal.cursors set position = $1 where name = 'best-sellers'", [
    upTo,
  ]);
  await client.query('commit');
  await rebuild;
  const { window, build, position } = await countSales(pool, DAYS, new Date(TO));
  expect([build, position]).toEqual([2, upTo]);
  expect(window.top(100)).toEqual(countOrders(orders, WINDOW));
});

test('a rebuild that was interrupted changes nothing, and the next one cleans up after it', async () => {
  const { pool, openOwnPool, client, recording, orders, events, builds } = await start();
  await writeEvents(client, events);
  await recordAll(pool, recording);
  const expected = countOrders(orders, WINDOW);
  const read = async () => (await countSales(pool, DAYS, new Date(TO))).window.top(100);
  for (let interruptions = 0; interruptions < 2; interruptions++) {
    const interrupted = rebuildBestSellers(openOwnPool(), ({ done, total }) => {
      if (done > total / 2) throw new Error('interrupted');
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    expect(await read()).toEqual(expected);
  }
  expect(await builds()).toEqual([1, 2, 3]);
  await rebuildBestSellers(openOwnPool(), () => undefined);
  expect(await builds()).toEqual([4]);
  expect(await read()).toEqual(expected);
});

test('of several rebuilds at once, the one that began last takes effect', async () => {
  const { pool, openOwnPool, client, recording, orders, events, builds } = await start();
  await writeEvents(client, events);
  await recordAll(pool, recording);
  const rebuild = () => rebuildBestSellers(openOwnPool(), () => undefined);
  // None ends before all have begun.
  await client.query("begin; select from journal.cursors where name = 'best-sellers' for update");
  const rebuilds = Promise.allSettled([rebuild(), rebuild(), rebuild()]);
  await waitUntil(async () => {
    const { rows } = await pool.query<{ build: string }>(
      "select build from journal.cursors where name = 'best-sellers.next'",
    );
    return rows[0]?.build === '4';
  }, 'three rebuilds');
  await client.query('commit');
  const outcomes = await rebuilds;
  const failed = outcomes.filter(({ status }) => status === 'rejected');
  expect(failed).toHaveLength(2);
  expect(failed).toMatchObject(failed.map(() => ({ reason: { name: 'RebuildReplaced' } })));
  // The rows of interrupted builds are deleted with the next replaced build.
  await rebuild();
  expect(await builds()).toHaveLength(1);
  const { window } = await countSales(pool, DAYS, new Date(TO));
  expect(window.top(100)).toEqual(countOrders(orders, WINDOW));
});
