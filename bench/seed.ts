import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { migrate } from '../src/database/migrate.ts';
import { openServer, runSql } from './database.ts';

export interface SeedOptions {
  readonly orders: number;
  readonly products: number;
  readonly days: number;
  /** The server's superuser; a new server when undefined. */
  readonly databaseUrl?: string | undefined;
  readonly log: (message: string) => void;
}

/** A command that was run to its end. */
interface Run {
  readonly seconds: number;
  /** The last line of the output. */
  readonly summary: string;
}

export interface SeedBench {
  readonly orders: number;
  readonly seed: Run;
  /** The same rows from files of the server, in one transaction, and `analyze`. */
  readonly copySeconds: number;
  readonly audit: Run;
}

/** The tables that a history fills. */
const TABLES = [
  'wallet.wallets',
  'wallet.transfers',
  'catalog.products',
  'catalog.descriptions',
  'orders.orders',
  'orders.buyers',
  'journal.events',
] as const;

/**
 * Measures `npm run seed`, `npm run audit` and COPY of the same rows into a database with the same
 * schema, on an embedded PostgreSQL with durable commits. Throws when a command fails or an
 * invariant is violated.
 */
export const benchSeed = async (options: SeedOptions): Promise<SeedBench> => {
  const { orders, products, days, log } = options;
  const server = await openServer(log, options.databaseUrl);
  try {
    const seeded = await server.create('seeded');
    await migrate(seeded);
    await runSql(seeded, 'checkpoint');
    log(`seed ${orders} orders`);
    const size = ['--orders', orders, '--products', products, '--days', days].map(String);
    const seed = await runCommand('seed', size, seeded, log);

    log('copy the same rows');
    const file = (table: string): string => `'${join(server.directory, table)}'`;
    await runSql(seeded, TABLES.map((table) => `copy ${table} to ${file(table)}`).join(';'));
    const copied = await server.create('copied');
    await migrate(copied);
    await runSql(copied, 'checkpoint');
    const copies = TABLES.map((table) => `copy ${table} from ${file(table)}`);
    const started = performance.now();
    await runSql(copied, ['begin', ...copies, 'commit', 'analyze'].join(';'));
    const copySeconds = (performance.now() - started) / 1_000;

    log('audit');
    const audit = await runCommand('audit', [], seeded, log);
    return { orders, seed, copySeconds, audit };
  } finally {
    await server.stop();
  }
};

/** Runs a command of Moa like its npm script. */
const runCommand = async (
  name: string,
  options: readonly string[],
  url: string,
  log: (message: string) => void,
): Promise<Run> => {
  const program = new URL(`../src/cli/${name}.ts`, import.meta.url).pathname;
  const started = performance.now();
  const child = spawn(process.execPath, ['--max-semi-space-size=64', program, ...options], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.on('data', (chunk) => log(String(chunk).trimEnd()));
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const seconds = (performance.now() - started) / 1_000;
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}: ${output}`);
  return { seconds, summary: output.trimEnd().split('\n').at(-1) ?? '' };
};

/** The table that the bench prints: figures and their baselines. */
export const renderSeedReport = ({ orders, seed, copySeconds, audit }: SeedBench): string => {
  const row = (name: string, seconds: number): string =>
    `| ${name} | ${seconds.toFixed(1)} s | ${Math.round(orders / seconds).toLocaleString('en')} |`;
  return [
    `| ${orders.toLocaleString('en')} orders | time | orders/s |`,
    '|---|---:|---:|',
    row('`npm run seed`, all of it', seed.seconds),
    row('plain COPY of the same rows, and analyze', copySeconds),
    row('`npm run audit`', audit.seconds),
    '',
    `Speed of the seed against COPY: ${(copySeconds / seed.seconds).toFixed(2)} ×`,
    `seed: ${seed.summary}`,
    `audit: ${audit.summary}`,
  ].join('\n');
};
