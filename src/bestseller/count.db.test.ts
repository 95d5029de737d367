import * as fc from 'fast-check';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { casesOf, sampleSeeded } from '../../test/support/seed.ts';
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
import { deleteUnused } from './deletion.ts';
import { createRecording } from './recording.ts';

const ORDERS = 2_000;
const INSTANTS = casesOf(1_000);
/** How often the same window is read at about the same time. */
const ASKED = 4;
const HOUR_MS = 3_600_000;

const start = async () => {
  const url = await createTestDatabase();
  const pool = openPool(url, 3);
  onTestFinished(() => pool.end());
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  const recording = createRecording(pool, createJournalReader(pool));
  const record = () => recordAll(pool, recording);
  return { pool, client, record };
};

/** The history begins at the start of a day and ends before now; all its sales are kept. */
const BEGIN = Math.floor(Date.now() / DAY_MS - HISTORY_DAYS) * DAY_MS;
const END = BEGIN + HISTORY_DAYS * DAY_MS;

/** Instants of reads: any, or with an order just inside or outside an edge. */
const visit = fc.record({
  days: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(1, 3) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 }) },
  ),
  uniform: fc.option(fc.integer({ min: BEGIN, max: END })),
  order: fc.nat({ max: ORDERS - 1 }),
  edge: fc.constantFrom('from', 'to'),
  afterMs: fc.array(fc.oneof(fc.integer({ min: -1, max: 1 }), fc.nat({ max: HOUR_MS })), {
    minLength: ASKED,
    maxLength: ASKED,
  }),
  /** How far beyond the instant the journal is recorded. */
  aheadMs: fc.constantFrom(0, 1, 1_000, HOUR_MS),
});

test('at any instant of a month the window is a count over the orders', async () => {
  const { pool, record } = await start();
  const [orders = []] = sampleSeeded('orders', historyOf(BEGIN, ORDERS), 1);
  const events = eventsOf(orders);
  const instants = sampleSeeded('instants', visit, Math.ceil(INSTANTS / ASKED))
    .flatMap(({ days, uniform, order, edge, afterMs, aheadMs }) => {
      const edgeAt = orders[order]!.paidAt + (edge === 'from' ? days * DAY_MS : 0);
      return afterMs.map((ms) => ({ days, to: Math.min(uniform ?? edgeAt + ms, END), aheadMs }));
    })
    .toSorted((a, b) => a.to - b.to);

  const counts = new Map<number, Count>();
  const ways = { anew: 0, changed: 0 };
  let knownUntil = 0;
  let written = 0;
  for (const { days, to, aheadMs } of instants) {
    knownUntil = Math.max(knownUntil, to + aheadMs);
    const next = events.findIndex(({ time }) => time.getTime() > knownUntil);
    const end = next === -1 ? events.length : next;
    if (end > written) {
      await writeEvents(pool, events.slice(written, end));
      await record();
      written = end;
    }
    const last = counts.get(days);
    const count = await countSales(pool, days, new Date(to), last);
    counts.set(days, count);
    ways[count.window === last?.window ? 'changed' : 'anew']++;
    const from = to - days * DAY_MS;
    expect([count.from.getTime(), count.to.getTime()]).toEqual([from, to]);
    expect(count.window.top(100)).toEqual(countOrders(orders, { from, to, knownUntil }));
  }
  expect(ways.anew).toBeGreaterThan(INSTANTS / 10);
  expect(ways.changed).toBeGreaterThan(INSTANTS / 4);
});

test('a refund subtracts sales at the time of the order, but not from deleted sales', async () => {
  const { pool, client, record } = await start();
  const productId = '00000000-0000-7000-8000-000000000001';
  const item = { productId, quantity: 2, unitPrice: 10, lineTotal: 20 };
  const at = (daysAgo: number): Date => new Date(END - daysAgo * DAY_MS);
  const paid = (daysAgo: number) => ({
    type: 'order.paid.v1',
    subject: `order of ${daysAgo}`,
    time: at(daysAgo),
    data: { items: [item], paidAt: at(daysAgo) },
  });
  const refunded = (daysAgo: number) => ({
    type: 'order.refunded.v1',
    subject: `order of ${daysAgo}`,
    time: at(0),
    data: { items: [{ productId, quantity: 2, amount: 20, isWhole: true }], paidAt: at(daysAgo) },
  });
  await writeEvents(pool, [paid(40), paid(5), paid(4)]);
  await record();
  await writeEvents(pool, [refunded(40), refunded(5)]);
  await record();
  const sales = async (days: number) =>
    (await countSales(pool, days, at(0))).window.top(5).map(({ units, orders }) => [units, orders]);
  expect(await sales(30)).toEqual([[2, 1]]);
  expect(await sales(4)).toEqual([]);
  const { rows } = await client.query('select from bestseller.sales where units < 0');
  expect(rows).toHaveLength(1);
});

test('old sales and replaced builds are deleted in steps, and nothing else', async () => {
  const { pool, client } = await start();
  await client.query(`
    update journal.cursors set build = 5 where name = 'best-sellers';
    insert into bestseller.sales
      select 5, now() - n * interval '1 hour', gen_random_uuid(), 1, 1, 1, 1
      from generate_series(1, 24 * 40) n;
    insert into bestseller.sales
      select build, now(), gen_random_uuid(), 1, 1, 1, 1
      from (values (3), (4), (6)) b (build), generate_series(1, 6000);
    insert into bestseller.days
      select build, date_trunc('day', now(), 'UTC') - n * interval '1 day', gen_random_uuid(), 1, 1, 1
      from (values (4), (5), (6)) b (build), generate_series(0, 40) n`);
  let rounds = 1;
  while (await deleteUnused(pool)) rounds++;
  expect(rounds).toBeGreaterThan(2);
  const { rows } = await client.query(`
    select build::int, count(*)::int as sales,
      min(paid_at) > now() - interval '31 days' as is_young,
      min(paid_at) < now() - interval '30 days 22 hours' as is_old
    from bestseller.sales group by build order by build`);
  expect(rows).toEqual([
    { build: 5, sales: 24 * 31 - 1, is_young: true, is_old: true },
    { build: 6, sales: 6_000, is_young: true, is_old: false },
  ]);
  const { rows: days } = await client.query(
    'select build::int, count(*)::int as days from bestseller.days group by build order by build',
  );
  expect(days).toEqual([
    { build: 5, days: 32 },
    { build: 6, days: 41 },
  ]);
});
