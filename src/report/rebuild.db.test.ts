import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import {
  DAY_MS,
  HISTORY_DAYS,
  eventsOf,
  historyOf,
  recordAll,
  writeEvents,
} from '../../test/support/sales-history.ts';
import { sampleSeeded } from '../../test/support/seed.ts';
import { waitUntil } from '../../test/support/wait.ts';
import { openPool } from '../database/session.ts';
import { createJournalReader } from '../journal/index.ts';
import { sumRange } from './queries.gen.ts';
import { addSums, createRecording } from './recording.ts';
import { rebuildReport, type ReportProgress } from './rebuild.ts';

const BEGIN = Math.floor(Date.now() / DAY_MS - HISTORY_DAYS) * DAY_MS;
const ORDERS = 1_500;

const start = async () => {
  const url = await createTestDatabase();
  const pool = openPool(url, 3);
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await pool.end();
  });
  const recording = createRecording(pool, createJournalReader(pool));
  const read = async () => {
    const totals = await client.query('select * from report.totals order by quarter');
    const sales = await client.query('select * from report.sales order by quarter, product_id');
    return { totals: totals.rows as unknown[], sales: sales.rows as unknown[] };
  };
  return {
    pool,
    client,
    recording,
    read,
    record: () => recordAll(pool, recording, 'sales-report'),
  };
};

test('a rebuild while events arrive and are recorded gives the sums of the journal', async () => {
  const [orders = []] = sampleSeeded('report', historyOf(BEGIN, ORDERS), 1);
  const events = eventsOf(orders);
  const right = await start();
  await writeEvents(right.client, events);
  await right.record();
  const expected = await right.read();
  expect(expected.totals.length).toBeGreaterThan(100);

  const { pool, client, recording, read, record } = await start();
  const half = Math.floor(events.length / 2);
  await writeEvents(client, events.slice(0, half));
  await record();
  await client.query(`
    update report.totals set orders = orders + 1, gross = 7;
    update report.sales set units = units + 1;
    delete from report.sales where quarter in (select quarter from report.totals limit 20)`);
  // Rows of a time without events are sums of nothing.
  await client.query(
    "insert into report.totals values (now() - interval '60 days', 1, 1, 1, 1, 1)",
  );
  const progress: number[] = [];
  const over = new AbortController();
  const show = ({ done, total }: ReportProgress) => {
    expect(done).toBeLessThanOrEqual(total);
    progress.push(done);
  };
  // A day of this history has more events than one statement sums up.
  const rebuild = rebuildReport(pool, show, 7).finally(() => over.abort());
  let written = half;
  for (; !over.signal.aborted && written < events.length; written += 50) {
    await writeEvents(client, events.slice(written, written + 50));
    await recording.runOnce();
  }
  await rebuild;
  await writeEvents(client, events.slice(written));
  await record();
  expect(await read()).toEqual(expected);
  expect(progress).toEqual(progress.map((_, index) => index + 1));
});

test('events that are recorded while a day is rebuilt, or after it, count once', async () => {
  const [orders = []] = sampleSeeded('race', historyOf(BEGIN, 60), 1);
  const events = eventsOf(orders);
  // The first day of a rebuild is the one before the first event of the journal.
  const early = events.slice(0, 20).map((event) => ({
    ...event,
    time: new Date(events[0]!.time.getTime() - DAY_MS),
  }));
  const right = await start();
  for (const part of [events, early, events]) await writeEvents(right.client, part);
  await right.record();

  const { pool, client, read, record } = await start();
  await writeEvents(client, events);
  await record();
  await client.query("begin; select from journal.cursors where name = 'sales-report' for update");
  const rebuild = rebuildReport(pool, () => undefined);
  await waitUntil(async () => {
    const { rows } = await pool.query<{ waiting: boolean }>(`
      select exists (
        select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
      ) as waiting`);
    return rows[0]!.waiting;
  }, 'the rebuild to wait for the cursor');
  await writeEvents(client, early);
  const { rows } = await client.query<{ last: string }>(
    'select max(position) as last from journal.events',
  );
  const upTo = Number(rows[0]!.last);
  await addSums(client, await sumRange(client, { after: upTo - early.length, upTo }));
  await client.query(`update journal.cursors set position = ${upTo} where name = 'sales-report'`);
  await client.query('commit');
  await writeEvents(client, events);
  await rebuild;
  await record();
  expect(await read()).toEqual(await right.read());
});
