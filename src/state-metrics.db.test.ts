import { Registry } from '@prometheus-io/client';
import { Pool } from 'pg';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { runSql } from '../test/support/queries.ts';
import { openPool } from './database/session.ts';
import { measurePool } from './process-metrics.ts';
import { measureBacklogs, measureExpiry, measureProof } from './state-metrics.ts';

const BEHIND = '018f0000-0000-7000-8000-000000000001';
const CURRENT = '018f0000-0000-7000-8000-000000000002';

const valueOf = (text: string, series: string): number | undefined => {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
};

test('metrics have what each destination has not received', async () => {
  const url = await createTestDatabase();
  const pool = openPool(url, 1);
  try {
    const registry = new Registry();
    measureBacklogs(registry, pool);
    await runSql(
      url,
      `insert into journal.events (event_id, type, subject, time, data)
         select gen_random_uuid(), type, 'x', now() - interval '60 s', '{}'
         from unnest('{order.paid.v1,stock.adjusted.v1,order.paid.v1}'::text[]) type;
       insert into delivery.destinations
         (destination_id, name, kind, url, types, status, version, created_at, updated_at)
         values ('${BEHIND}', 'a', 'nats', 'nats://x', '{order.paid.v1}', 'active', 1, now(), now()),
           ('${CURRENT}', 'b', 'nats', 'nats://x', null, 'paused', 1, now(), now());
       insert into delivery.progress (destination_id, position, delivered, begin_position, seen)
         values ('${BEHIND}', 0, 0, 0, 0), ('${CURRENT}', 3, 3, 0, 3);
       insert into delivery.dead_letters (destination_id, position, detail, created_at, is_due)
         values ('${CURRENT}', 2, '', now(), false)`,
    );
    const text = await registry.metrics();
    const metric = (name: string, id: string) => valueOf(text, `${name}{destination="${id}"}`);
    expect(metric('moa_delivery_pending_events', BEHIND)).toBe(2);
    expect(metric('moa_delivery_lag_seconds', BEHIND)).toBeGreaterThanOrEqual(60);
    expect(metric('moa_delivery_lag_seconds', BEHIND)).toBeLessThan(600);
    expect(metric('moa_delivery_dead_letters', BEHIND)).toBe(0);
    expect(metric('moa_delivery_pending_events', CURRENT)).toBe(0);
    expect(metric('moa_delivery_lag_seconds', CURRENT)).toBe(0);
    expect(metric('moa_delivery_dead_letters', CURRENT)).toBe(1);

    await runSql(url, 'delete from delivery.destinations');
    expect(await registry.metrics()).not.toContain(BEHIND);
  } finally {
    await pool.end();
  }
});

test('without a database the other metrics are still exported', async () => {
  const pool = new Pool({ connectionString: 'postgres://moa@127.0.0.1:1/moa' });
  const registry = new Registry();
  measureBacklogs(registry, pool);
  measurePool(registry, pool);
  measureProof(registry, pool);
  measureExpiry(registry, pool);
  const text = await registry.metrics();
  expect(text).toContain('moa_read_connections{state="used"}');
  expect(text).not.toContain('moa_delivery_lag_seconds{');
  // A 0 would resolve an alert.
  expect(text).not.toMatch(/^moa_(?:audit|expiry)/m);
});

test('metrics have how late the oldest expiry is', async () => {
  const url = await createTestDatabase();
  const pool = openPool(url, 1);
  try {
    const registry = new Registry();
    measureExpiry(registry, pool);
    const lag = async () => valueOf(await registry.metrics(), 'moa_expiry_lag_seconds');
    expect(await lag()).toBe(0);
    await runSql(
      url,
      `insert into orders.orders
         (order_id, user_id, status, lines, total, refunded_total, created_at, expires_at)
         select gen_random_uuid(), 'x', 'pending', '[]', 1, 0, now(), now() + due
         from unnest('{60 s,-60 s,-90 s}'::interval[]) due`,
    );
    expect(await lag()).toBeGreaterThanOrEqual(90);
    expect(await lag()).toBeLessThan(600);
    await runSql(url, `update orders.orders set status = 'expired' where expires_at < now()`);
    expect(await lag()).toBe(0);
  } finally {
    await pool.end();
  }
});
