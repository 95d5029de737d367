import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Pool } from 'pg';
import { checkInvariants } from '../src/audit/audit.ts';
import { startEmbedded } from '../src/postgres/index.ts';
import { issueToken, loadSigningKey } from '../src/identity/index.ts';
import { createDatabase, run } from './database.ts';
import { percentile, runLoad } from './load.ts';
import { expectOnly, openShop, type Shop } from './shop.ts';

/** The settings of the service that are compared. */
const ENGINES = {
  'group commit': { lanes: 1, batch: 512 },
  'batches of one': { lanes: 32, batch: 1 },
} as const;

/** Long enough for the machine to become idle, as before a single order. */
const IDLE_MS = 10;
/** Orders and inserts take turns, so that both run under the same conditions. */
const LONE_ROUNDS = 5;

export type Engine = keyof typeof ENGINES;

/** Which products are bought: all products evenly, or one product. */
export type Spread = 'uniform' | 'hot';

export interface Measurement {
  readonly engine: Engine;
  readonly spread: Spread;
  readonly orders: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Lone {
  /** One order over HTTP and one bare insert, each on the same database after an idle time. */
  readonly orderP50Ms: number;
  readonly insertP50Ms: number;
}

export interface CheckoutBench {
  readonly measurements: readonly Measurement[];
  readonly lone: Lone;
}

export interface BenchOptions {
  readonly seconds: number;
  readonly rounds: number;
  readonly loneOrders: number;
  /** Concurrent buyers; each sends the next order as soon as the last is answered. */
  readonly buyers: number;
  /** The number of users and of products; without a common factor with the steps of `orderOf`. */
  readonly size: number;
  readonly log: (message: string) => void;
}

/**
 * Measures paid orders over HTTP on an embedded PostgreSQL with durable commits. Each measurement
 * has a new database; the engines take turns, so that both run under the same conditions. Throws
 * when an answer is not 201 or an invariant is violated afterwards.
 */
export const benchCheckout = async (options: BenchOptions): Promise<CheckoutBench> => {
  const directory = await mkdtemp(join(tmpdir(), 'moa-bench-'));
  const server = await startEmbedded({ directory, log: options.log });
  try {
    const bench = await createBench(server.superuserUrl, directory, options);
    const measurements: Measurement[] = [];
    for (let round = 0; round < options.rounds; round++) {
      for (const spread of ['uniform', 'hot'] as const) {
        for (const engine of ['batches of one', 'group commit'] as const) {
          options.log(`round ${round + 1}: ${engine}, ${spread}`);
          measurements.push(await bench.measure(engine, spread, options.seconds));
        }
      }
    }
    return { measurements, lone: await bench.measureLone(options.loneOrders) };
  } finally {
    await server.stop();
    await rm(directory, { recursive: true });
  }
};

const createBench = async (
  serverUrl: string,
  dataDirectory: string,
  { size, buyers: connections }: Pick<BenchOptions, 'size' | 'buyers'>,
) => {
  const claims = { role: 'service', userId: 'bench', expiresInSeconds: 86_400 } as const;
  const token = await issueToken(await loadSigningKey(dataDirectory), claims);
  let databases = 0;

  const withShop = async <Result>(
    engine: Engine,
    use: (shop: Shop, databaseUrl: string) => Promise<Result>,
  ): Promise<Result> => {
    const databaseUrl = await createDatabase(serverUrl, `bench_${++databases}`);
    const { lanes, batch } = ENGINES[engine];
    const shop = await openShop({ databaseUrl, dataDirectory, token, lanes, batch, size });
    try {
      return await use(shop, databaseUrl);
    } finally {
      await shop.stop();
      await expectInvariants(databaseUrl);
      await run(serverUrl, `drop database ${new URL(databaseUrl).pathname.slice(1)} with (force)`);
    }
  };

  return {
    measure: (engine: Engine, spread: Spread, seconds: number): Promise<Measurement> =>
      withShop(engine, async (shop) => {
        const warmUpUntil = performance.now() + (seconds * 1_000) / 4;
        const order = orderOf(shop, spread);
        await runLoad({ url: shop.url, connections, next: until(warmUpUntil, order) });
        const end = performance.now() + seconds * 1_000;
        const load = { url: shop.url, connections, next: until(end, order) };
        const { latenciesMs, seconds: took } = expectOnly(await runLoad(load), [201]);
        return {
          engine,
          spread,
          orders: latenciesMs.length,
          perSecond: latenciesMs.length / took,
          p50Ms: percentile(latenciesMs, 50),
          p99Ms: percentile(latenciesMs, 99),
        };
      }),

    measureLone: (orders: number): Promise<Lone> =>
      withShop('group commit', async (shop, databaseUrl) => {
        const next = orderOf(shop, 'uniform');
        const inserts: number[] = [];
        const bought: number[] = [];
        for (let round = 0; round < LONE_ROUNDS; round++) {
          const each = Math.ceil(orders / LONE_ROUNDS);
          inserts.push(...(await timeInserts(databaseUrl, each)));
          let left = each;
          const load = {
            url: shop.url,
            connections: 1,
            next: () => (left-- > 0 ? next() : undefined),
            pauseMs: IDLE_MS,
          };
          bought.push(...expectOnly(await runLoad(load), [201]).latenciesMs);
        }
        return { orderP50Ms: percentile(bought, 50), insertP50Ms: percentile(inserts, 50) };
      }),
  };
};

/** Visits users and products with steps that have no common factor with their number. */
const orderOf = (shop: Shop, spread: Spread) => {
  let count = 0;
  return () => {
    count++;
    const product = spread === 'hot' ? 0 : count * 617;
    return shop.buy(count * 389, product);
  };
};

const until =
  <Item>(end: number, next: () => Item) =>
  (): Item | undefined =>
    performance.now() < end ? next() : undefined;

/** The minimum cost of a durable change: one row, one commit, one round trip each. */
const timeInserts = async (databaseUrl: string, count: number): Promise<number[]> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('create table bare (id bigint primary key, note text not null)');
  const latenciesMs: number[] = [];
  for (let id = 0; id < count; id++) {
    await delay(IDLE_MS);
    const started = performance.now();
    const text = 'insert into bare values ($1, $2)';
    await client.query({ name: 'insert', text, values: [id, 'a bare row'] });
    latenciesMs.push(performance.now() - started);
  }
  await client.query('drop table bare');
  await client.end();
  return latenciesMs;
};

const expectInvariants = async (url: string): Promise<void> => {
  const pool = new Pool({ connectionString: url, max: 1, options: '-c timezone=UTC' });
  const broken = (await checkInvariants(pool)).filter(({ violations }) => violations.length > 0);
  await pool.end();
  if (broken.length > 0) throw new Error(`violated invariants: ${JSON.stringify(broken)}`);
};
