import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbedded } from '../src/postgres/index.ts';
import { issueToken, loadSigningKey } from '../src/identity/index.ts';
import { createDatabase, run } from './database.ts';
import { percentile, runLoad } from './load.ts';
import { expectOnly, openShop, type Shop } from './shop.ts';

export interface BestSellerOptions {
  readonly seconds: number;
  readonly rounds: number;
  /** The numbers of orders in the window: few and many. */
  readonly sizes: readonly [few: number, many: number];
  readonly products: number;
  readonly log: (message: string) => void;
}

interface Latencies {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** The times of reads with a number of orders; medians over the rounds. */
export interface SizeMeasurement {
  readonly orders: number;
  /** The first read, which counts the window. */
  readonly firstMs: number;
  readonly quiet: Latencies;
  /** Under full load of orders. */
  readonly selling: Latencies;
  /** The same top five by summing all sales of the window in SQL. */
  readonly sqlMs: number;
}

const READERS = 8;
const BUYERS = 32;
const SQL_READS = 5;

const READ = 'GET /v1/best-sellers?days=3&limit=5 HTTP/1.1\r\nhost: moa\r\n\r\n';

/** Inserts a sale for each order, spread over the products and over three days. */
const fill = (orders: number): string => `
  insert into bestseller.sales (build, paid_at, product_id, position, units, revenue, orders)
  select
    1, now() - n * (interval '3 days' / ${orders}), ids[1 + n * 617 % cardinality(ids)], 0,
    1 + n % 3, (1 + n % 3) * 1000, 1
  from
    generate_series(0::bigint, ${orders - 1}) n,
    (select array_agg(product_id) as ids from catalog.products) p;
  insert into bestseller.days (build, day, product_id, units, revenue, orders)
  select build, date_trunc('day', paid_at, 'UTC'), product_id, sum(units), sum(revenue), sum(orders)
  from bestseller.sales
  group by 1, 2, 3;
  vacuum analyze bestseller.sales;
  vacuum analyze bestseller.days`;

const COUNT_IN_SQL = `
  select product_id, sum(units) as units, sum(revenue) as revenue, sum(orders) as orders
  from bestseller.sales
  where build = 1 and paid_at > now() - interval '3 days' and paid_at <= now()
  group by product_id
  order by units desc, revenue desc, product_id
  limit 5`;

/**
 * Measures reads of the best sellers over HTTP, with few and with many orders in the window. Each
 * case has its own database and service; the cases take turns.
 */
export const benchBestSellers = async (
  options: BestSellerOptions,
): Promise<readonly SizeMeasurement[]> => {
  const directory = await mkdtemp(join(tmpdir(), 'moa-bench-'));
  const server = await startEmbedded({ directory, log: options.log });
  const subjects: Subject[] = [];
  try {
    for (const orders of options.sizes) {
      options.log(`a shop with ${orders} orders`);
      subjects.push(await openSubject(server.superuserUrl, directory, orders, options.products));
    }
    for (let round = 0; round < options.rounds; round++) {
      // The first case leaves background work on the machine, so alternate the order.
      const inTurn = round % 2 === 0 ? subjects : subjects.toReversed();
      for (const { orders, measureQuiet, measureSelling } of inTurn) {
        options.log(`round ${round + 1}: ${orders} orders`);
        await measureQuiet(options.seconds);
        await measureSelling(options.seconds);
      }
    }
    return subjects.map(({ result }) => result());
  } finally {
    for (const { stop } of subjects) await stop();
    await server.stop();
    await rm(directory, { recursive: true });
  }
};

interface Subject {
  readonly orders: number;
  readonly measureQuiet: (seconds: number) => Promise<void>;
  readonly measureSelling: (seconds: number) => Promise<void>;
  readonly result: () => SizeMeasurement;
  readonly stop: () => Promise<void>;
}

const openSubject = async (
  serverUrl: string,
  dataDirectory: string,
  orders: number,
  products: number,
): Promise<Subject> => {
  const databaseUrl = await createDatabase(serverUrl, `bench_${orders}`);
  const claims = { role: 'service', userId: 'bench', expiresInSeconds: 86_400 } as const;
  const token = await issueToken(await loadSigningKey(dataDirectory), claims);
  const settings = { databaseUrl, dataDirectory, token, lanes: 1, batch: 512, size: products };
  const shop = await openShop(settings);
  for (const statement of fill(orders).split(';')) await run(databaseUrl, statement);
  const sqlMs = await timeSql(databaseUrl);
  const started = performance.now();
  await readFor(shop, 0);
  const firstMs = performance.now() - started;

  const quiet: Latencies[] = [];
  const selling: Latencies[] = [];
  let count = 0;
  return {
    orders,
    measureQuiet: async (seconds) => {
      quiet.push(await readFor(shop, seconds));
    },
    measureSelling: async (seconds) => {
      const end = performance.now() + seconds * 1_000;
      const next = () =>
        performance.now() < end ? shop.buy(++count * 389, count * 617) : undefined;
      const bought = runLoad({ url: shop.url, connections: BUYERS, next });
      selling.push(await readFor(shop, seconds));
      expectOnly(await bought, [201]);
    },
    result: () => ({ orders, firstMs, quiet: median(quiet), selling: median(selling), sqlMs }),
    stop: shop.stop,
  };
};

/** Reads for a number of seconds, at least once. */
const readFor = async (shop: Shop, seconds: number): Promise<Latencies> => {
  const end = performance.now() + seconds * 1_000;
  let sent = 0;
  const next = () => (sent++ === 0 || performance.now() < end ? READ : undefined);
  const load = { url: shop.url, connections: seconds === 0 ? 1 : READERS, next };
  const { latenciesMs } = expectOnly(await runLoad(load), [200]);
  return { p50Ms: percentile(latenciesMs, 50), p99Ms: percentile(latenciesMs, 99) };
};

const timeSql = async (databaseUrl: string): Promise<number> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const latenciesMs: number[] = [];
  for (let read = 0; read < SQL_READS; read++) {
    const started = performance.now();
    await client.query(COUNT_IN_SQL);
    latenciesMs.push(performance.now() - started);
  }
  await client.end();
  return percentile(latenciesMs, 50);
};

const median = (latencies: readonly Latencies[]): Latencies => ({
  p50Ms: percentile(
    latencies.map(({ p50Ms }) => p50Ms),
    50,
  ),
  p99Ms: percentile(
    latencies.map(({ p99Ms }) => p99Ms),
    50,
  ),
});

/** The table that the bench prints: few orders against many. */
export const renderBestSellers = ([few, many]: readonly SizeMeasurement[]): string => {
  if (few === undefined || many === undefined) throw new Error('two sizes make a comparison');
  const row = (name: string, valueOf: (of: SizeMeasurement) => number): string =>
    `| ${name} | ${ms(valueOf(few))} | ${ms(valueOf(many))} | ` +
    `${(valueOf(many) / valueOf(few)).toFixed(2)} × |`;
  return [
    `| a read of the best sellers | ${count(few)} orders | ${count(many)} orders | ratio |`,
    '|---|---:|---:|---:|',
    row('median', ({ quiet }) => quiet.p50Ms),
    row('p99', ({ quiet }) => quiet.p99Ms),
    row('median while orders are placed', ({ selling }) => selling.p50Ms),
    row('p99 while orders are placed', ({ selling }) => selling.p99Ms),
    row('the first read, which counts', ({ firstMs }) => firstMs),
    row('summing in SQL each time', ({ sqlMs }) => sqlMs),
  ].join('\n');
};

const ms = (value: number): string => `${value.toFixed(2)} ms`;
const count = ({ orders }: SizeMeasurement): string => orders.toLocaleString('en');
