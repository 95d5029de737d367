import { Registry } from '@prometheus-io/client';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { runSql } from '../test/support/queries.ts';
import { TEST_SETTINGS } from '../test/support/settings.ts';
import { readMigrations } from './database/migrate.ts';
import { openPool } from './database/session.ts';
import { measureBuild, measurePool, measureQueue, measureReadiness } from './process-metrics.ts';
import { createReadiness } from './readiness.ts';
import { startSystem } from './system.ts';

const QUEUE_MAX = 100;

test('metrics have the checks of /readyz, and the limit of the queue', async () => {
  const url = await createTestDatabase();
  const system = startSystem(url, TEST_SETTINGS);
  const registry = new Registry();
  const stopping = new AbortController();
  let areExhausted = false;
  const migrations = await readMigrations();
  const ready = createReadiness(system, migrations, QUEUE_MAX, () => areExhausted, stopping.signal);
  measureReadiness(registry, ready);
  measureQueue(registry, system.commit, QUEUE_MAX);
  const failed = async (): Promise<string[]> =>
    [
      ...(await registry.metrics()).matchAll(/^moa_ready(?:_check)?(?:\{check="(\w+)"\})? 0$/gm),
    ].map(([, check]) => check ?? 'ready');
  const checks = async (): Promise<number> =>
    [...(await registry.metrics()).matchAll(/^moa_ready_check\{/gm)].length;
  try {
    expect(await failed()).toEqual([]);
    expect(await checks()).toBe(5);
    expect(await registry.metrics()).toContain(`moa_commit_queue_max_commands ${QUEUE_MAX}\n`);
    areExhausted = true;
    expect(await failed()).toEqual(['ready', 'resources']);
    areExhausted = false;
    await runSql(url, `delete from moa.migrations where name = '${migrations.at(-1)?.name}'`);
    expect(await failed()).toEqual(['ready', 'migrations']);
  } finally {
    await system.close();
  }
  stopping.abort();
  expect(await failed()).toEqual(['ready', 'service', 'database']);
  expect(await checks()).toBe(4);
});

test('metrics have the versions, and the use of the connections for reads', async () => {
  const pool = openPool(await createTestDatabase(), 1);
  try {
    const registry = new Registry();
    await measureBuild(registry, pool, '1.2.3');
    measurePool(registry, pool);
    expect(await registry.metrics()).toMatch(
      /^moa_build_info\{version="1\.2\.3",node="\d+\.\d+\.\d+",postgres="\d+\.\d+[^"]*"\} 1$/m,
    );
    const used = await pool.connect();
    const waiting = pool.query('select');
    const text = await registry.metrics();
    expect(text).toContain('moa_read_connections{state="used"} 1\n');
    expect(text).toContain('moa_read_connections{state="idle"} 0\n');
    expect(text).toContain('moa_read_connections_max 1\n');
    expect(text).toContain('moa_read_queue_statements 1\n');
    used.release();
    await waiting;
    expect(await registry.metrics()).toContain('moa_read_connections{state="idle"} 1\n');
  } finally {
    await pool.end();
  }
});
