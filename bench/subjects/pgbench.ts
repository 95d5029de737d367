import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runSql } from '../database.ts';
import { createLatencies, recordMs, summarise, watchUse, type Report } from '../report.ts';
import type { Stage, Subject } from './subject.ts';

const run = promisify(execFile);

/** As many connections to the database as the batches of one have. */
const CONNECTIONS = 32;
const SIZE = 1_000;
/** pgbench counts the time that its connections take to open. */
const OPENING_SECONDS = 2;

const LINE = /^\d+ \d+ (\d+) /gm;
const SETUP = new URL('plain-shop.sql', import.meta.url);
const SCRIPT = `\\set user random(1, ${SIZE})
\\set product random(1, :products)
select plain.place_order(:user, :product, gen_random_uuid()::text);
`;

/**
 * One order in each transaction of a stored procedure on plain tables: what PostgreSQL alone does.
 * Undefined when `pgbench` is not installed.
 */
export const openPgbench = async ({ name, server }: Stage): Promise<Subject | undefined> => {
  const installed = await run('pgbench', ['--version']).catch(() => undefined);
  if (installed === undefined) return undefined;
  const databaseUrl = await server.create('plain');
  await runSql(databaseUrl, await readFile(SETUP, 'utf8'));
  await runSql(databaseUrl, `select plain.fill(${SIZE})`);
  const products = name === 'hot-product' ? 1 : SIZE;
  return {
    name: 'pgbench',
    isBaseline: true,
    measure: (_connections, seconds) =>
      measure(databaseUrl, products, Math.max(1, Math.round(seconds)), server.postmaster),
    stop: () => server.drop(databaseUrl),
  };
};

const measure = async (
  databaseUrl: string,
  products: number,
  seconds: number,
  postmaster: number | undefined,
): Promise<Report> => {
  const folder = await mkdtemp(join(tmpdir(), 'moa-pgbench-'));
  try {
    const used = await watchUse({ service: undefined, postmaster, databaseUrl });
    const running = run('pgbench', [
      '--no-vacuum',
      '--protocol=prepared',
      '--jobs=1',
      `--client=${CONNECTIONS}`,
      `--time=${seconds + OPENING_SECONDS}`,
      `--define=products=${products}`,
      '--file=-',
      '--log',
      `--log-prefix=${join(folder, 'log')}`,
      databaseUrl,
    ]);
    running.child.stdin?.end(SCRIPT);
    const { stdout } = await running;
    // None when its connections took all the time to open.
    const perSecond = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1] ?? 0);
    const latencies = createLatencies();
    for (const file of await readdir(folder)) {
      // Of each transaction a line; the third field is its time in µs.
      for (const [, us] of (await readFile(join(folder, file), 'latin1')).matchAll(LINE)) {
        recordMs(latencies, Number(us) / 1_000);
      }
    }
    const use = await used(latencies.count);
    return {
      operations: latencies.count,
      latency: summarise(latencies),
      unexpected: {},
      ...use,
      // Without the time in which the connections opened.
      seconds: perSecond === 0 ? use.seconds : latencies.count / perSecond,
      processor: use.processor && { ...use.processor, load: undefined },
      extra: {},
    };
  } finally {
    await rm(folder, { recursive: true });
  }
};
