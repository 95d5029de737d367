import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase, createTestRole } from '../../test/support/database.ts';
import { queryColumn, runSql } from '../../test/support/queries.ts';
import type { Verdict } from '../verify/index.ts';
import { readArguments } from './verify/arguments.ts';

const POLL_EVERY_MS = 50;
const PROGRAM = new URL('verify.ts', import.meta.url).pathname;

/** Starts the command; `ended` resolves with its exit code. */
const start = (url: string, ...options: readonly string[]) => {
  const { PATH, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...options], {
    env: { PATH, TMPDIR, NODE_COMPILE_CACHE, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => (output[name] += chunk));
  }
  const ended = once(child, 'close').then(([code]: number[]) => code);
  onTestFinished(async () => {
    child.kill('SIGINT');
    await ended;
  });
  /** Polls until the condition holds, at most until the run ends. */
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    while (child.exitCode === null && !(await condition())) await delay(POLL_EVERY_MS);
  };
  /** The database of the run, once it is named. */
  const database = async (): Promise<string> => {
    const find = () => /moa_verify_[0-9a-f]+/.exec(output.stderr)?.[0];
    await until(() => find() !== undefined);
    return find() ?? '';
  };
  return { child, output, ended, until, database };
};

const inDatabase = (url: string, name: string): string => {
  const copy = new URL(url);
  copy.pathname = `/${name}`;
  return copy.href;
};

const listDatabases = (url: string): Promise<string[]> =>
  queryColumn(url, 'select datname from pg_database order by datname');

/** The tables of a database with the identity of their files, and rows of two. */
const describe = async (url: string) => ({
  tables: await queryColumn(
    url,
    `select relname || ' ' || relfilenode from pg_class
     where relnamespace = 'public'::regnamespace or relname in ('wallets', 'events')
     order by 1`,
  ),
  rows: await queryColumn(url, 'select ctid || note from precious order by ctid'),
  wallets: await queryColumn(url, 'select count(*) from wallet.wallets'),
});

test('a run finds nothing, reports figures, and touches no other database', async () => {
  const url = await createTestDatabase();
  await runSql(url, `create table precious (note) as values ('one'), ('two')`);
  const [before, databases] = [await describe(url), await listDatabases(url)];

  const run = start(
    await createTestRole(url, 'createdb'),
    '--minutes',
    '0.1',
    '--json',
    '--seed=7',
  );
  expect([await run.ended, run.output.stderr]).toEqual([0, expect.stringMatching(/^Removed: /m)]);
  const verdict = JSON.parse(run.output.stdout) as Verdict & { readonly seed: number };
  expect(verdict).toMatchObject({ holds: true, seed: 7, figures: { violations: 0 } });
  expect(verdict.checks.filter(({ times }) => times === 0)).toEqual([]);
  expect(verdict.figures.kills + verdict.figures.cuts).toBeGreaterThan(0);
  expect(verdict.figures.orders).toBeGreaterThan(0);
  expect([await describe(url), await listDatabases(url)]).toEqual([before, databases]);
});

test('a balance that changes meanwhile is named, and the database is kept', async () => {
  const url = await createTestRole(await createTestDatabase(), 'createdb');
  const run = start(url, '--minutes', '0.1', '--processes', '1');
  const name = await run.database();
  onTestFinished(async () => {
    await run.ended;
    await runSql(url, `drop database ${name}`);
  });
  const own = inDatabase(url, name);
  const damage = `update wallet.wallets set balance = balance + 1 where user_id = 'wallet-3'`;
  // Not before the load: the first entries would be written on top of the damage.
  const findPayments = `select from wallet.transfers where kind = 'payment'`;
  const isPaid = (rows: readonly string[]): boolean => rows.length > 0;
  await run.until(() => queryColumn(own, findPayments).then(isPaid, () => false));
  await runSql(own, damage);
  expect(await run.ended).toBe(1);
  expect(run.output.stderr).toMatch(/^bank  BROKEN  wallet wallet-3$/m);
  expect(run.output.stderr).toContain(`Kept: the database ${name}`);
  expect(run.output.stdout).toMatch(/^bank +BROKEN .*\n +wallet wallet-3\n +expected balance \d+/m);
  expect(run.output.stdout).toMatch(/^invariants +BROKEN .*\n +W2: wallet wallet-3: balance \d+/m);
  expect(run.output.stdout).toMatch(/^\d+ violations found\.$/m);
});

test('an interrupted run ends its processes and removes its database', async () => {
  const url = await createTestRole(await createTestDatabase(), 'createdb');
  const before = await listDatabases(url);
  const run = start(url);
  const own = inDatabase(url, await run.database());
  const countSessions = () =>
    queryColumn(own, `select from pg_stat_activity where application_name = 'moa lane'`);
  await run.until(async () => (await countSessions()).length > 0);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
  expect(run.output.stderr).toMatch(/^interrupted; the run ends\n(?:.*\n)*Removed: /m);
  expect(await listDatabases(url)).toEqual(before);
});

test('a role without CREATEDB is told what to grant', async () => {
  const run = start(await createTestRole(await createTestDatabase(), 'nocreatedb'));
  expect(await run.ended).toBe(2);
  expect(run.output.stderr).toMatch(
    /^The role of DATABASE_URL lacks the right CREATEDB.*ALTER ROLE "test_role_\d+_\d+" CREATEDB/,
  );
});

test.for([
  [['--minutes', '0.09'], '--minutes must be a number from 0.1 to 1440'],
  [['--minutes', '1441'], '--minutes must be a number from 0.1 to 1440'],
  [['--minutes', '1e2'], '--minutes must be a number from 0.1 to 1440'],
  [['--minutes='], '--minutes must be a number from 0.1 to 1440'],
  [['--processes', '0'], '--processes must be a whole number from 1 to 16'],
  [['--processes', '1.5'], '--processes must be a whole number from 1 to 16'],
  [['--seed', '4294967296'], '--seed must be a whole number from 0 to 4294967295'],
  [['--forever'], "Unknown option '--forever'"],
  [['now'], "Unexpected argument 'now'"],
] as const)('%j is refused', ([options, message]) => {
  expect(() => readArguments(options)).toThrow(message);
});

test('an invalid option exits with 2 and shows the usage', async () => {
  const run = start('postgres://127.0.0.1:1/nowhere', '--minutes', 'long');
  expect(await run.ended).toBe(2);
  expect(run.output.stderr).toMatch(
    /^--minutes must be a number .*\n\nTries to break Moa on your own/,
  );
});

test('the options have defaults', () => {
  const { seed, ...others } = readArguments([])!;
  expect(others).toEqual({ minutes: 1, processes: 2, keep: false, json: false });
  expect(readArguments([])?.seed).not.toBe(seed);
});
