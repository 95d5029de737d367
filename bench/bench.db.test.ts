import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { openServer, runSql, type DatabaseServer } from './database.ts';
import type { LoadOrder } from './load.ts';
import { prepareShops, type Shops } from './prepare.ts';
import type { Report } from './report.ts';
import { writeResults } from './results.ts';
import { runScenario } from './run.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { openShopService, openSubjects, type ShopService, type Stage } from './subjects/index.ts';
import { summariseSamples } from './summary.ts';
import { startWorker, type Worker } from './worker.ts';

const ROOT = new URL('../', import.meta.url);
const SIZE = { size: 20, orders: 10 };
const SECONDS = 0.1;
const CONNECTIONS = 4;

let server: DatabaseServer;
let shops: Shops;
let load: Worker<LoadOrder, Report>;

beforeAll(async () => {
  const own = inject('databases')[Number(process.env['VITEST_POOL_ID']) - 1];
  server = await openServer(() => undefined, own?.superuserUrl);
  shops = await prepareShops(server, ROOT, 'test', SIZE);
  load = startWorker('load.ts');
});

afterAll(async () => {
  await load.stop();
  await server.stop();
});

const stageOf = (name: string): Stage => ({
  name,
  scenario: SCENARIOS[name]!,
  server,
  shops,
  load,
});

describe('every scenario runs against one service, whose invariants then hold', () => {
  let service: ShopService;

  beforeAll(async () => {
    const options = { name: 'service', isBaseline: false, root: ROOT } as const;
    service = await openShopService(stageOf('checkout-spread'), options);
  });

  test.each(Object.keys(SCENARIOS))('%s', async (name) => {
    const report = await load.run({ ...service.orderOf(CONNECTIONS, SECONDS), scenario: name });
    expect(report.unexpected).toEqual({});
    expect(report.operations).toBeGreaterThan(0);
  });

  test('orders that arrive at half of the highest rate are accepted', async () => {
    const order = { ...service.orderOf(50, 1), scenario: 'overload' };
    const { operations, unexpected, extra } = await load.run(order);
    expect(Object.keys(unexpected).filter((status) => status !== '503')).toEqual([]);
    expect(operations).toBeGreaterThan(0);
    expect(extra['arrivals a second']).toBeGreaterThan(0);
  });

  test('the invariants hold', async () => {
    await expect(service.stop()).resolves.toBeUndefined();
  });
});

test('a run measures the service and its baselines by turns, and writes what it found', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'moa-results-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const baselines = ['batches of one', 'bare Fastify', 'without HTTP'] as const;
  const stage = stageOf('checkout-spread');
  const scenario = { ...stage.scenario, baselines };
  const pace = { seconds: SECONDS, rounds: 2, warmUpSeconds: SECONDS, connections: [CONNECTIONS] };
  const { signal } = new AbortController();
  const samples = await runScenario({ scenario, pace, log: () => undefined, signal }, (opened) =>
    openSubjects({ ...stage, scenario }, ROOT, opened),
  );
  const round = ['service', ...baselines];
  expect(samples.map(({ subject }) => subject)).toEqual(round.concat(round.toReversed()));

  const { title, operation } = scenario;
  const summaries = summariseSamples(samples);
  const summary = { name: stage.name, title, operation, counted: 'connections', summaries };
  await writeResults(folder, { facts: { commit: 'abc' }, scenarios: [summary] });
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  expect(JSON.parse(await read('results.json'))).toMatchObject({
    facts: { commit: 'abc' },
    scenarios: [{ name: 'checkout-spread', summaries: baselines.map(() => ({})).concat({}) }],
  });
  expect(await read('README.md')).toMatch(/\| 4 \| batches of one \| .* × \|/);
  expect(await read('throughput.svg')).toMatch(/^<svg .*>batches of one<.*<\/svg>\n$/s);
});

test('the plain shop of pgbench places an order in one transaction', async () => {
  const url = await server.create('plain_shop');
  onTestFinished(() => server.drop(url));
  await runSql(url, await readFile(new URL('subjects/plain-shop.sql', import.meta.url), 'utf8'));
  await runSql(url, `select plain.fill(2); select plain.place_order(1, 2, 'key')`);
  await expect(runSql(url, `select plain.place_order(1, 2, 'key')`)).rejects.toThrow('keys_pkey');
});
