import { Client } from 'pg';
import { onTestFinished, vi } from 'vitest';
import { openSession } from '../../src/database/session.ts';
import { arrayOf, column, int8Element, textElement } from '../../src/database/array.ts';
import { batch, many, toSafeInteger } from '../../src/database/statement.ts';
import type { Schema } from '../../src/commit/batch.ts';
import {
  accept,
  lock,
  refuse,
  serverKey,
  startGroupCommit,
  type Answer,
  type Command,
  type GroupCommit,
  type GroupCommitOptions,
  type Happened,
  type IdempotencyKey,
  type Log,
  type Table,
} from '../../src/commit/index.ts';
import { createFileDatabase, createTestDatabase } from './database.ts';
import { runSql } from './queries.ts';

/** The smallest domain for a group commit: counters that must not become negative. */
export interface Counter {
  readonly name: string;
  readonly value: number;
}

export interface Added {
  readonly name: string;
  readonly amount: number;
}

export type CounterRefusal = 'too_little';
export type CounterCommand = Command<Added, CounterRefusal>;
type CounterCommit = GroupCommit<Added, CounterRefusal>;

/** The limit of a database constraint, which the decisions do not check. */
export const VALUE_MAX = 1_000_000;

const SCHEMA = `
  create schema test;
  create table test.counters (
    name text collate "C" primary key,
    value bigint not null,
    constraint value_is_in_range check (value between 0 and ${VALUE_MAX})
  );
  create table test.additions (
    number bigint generated always as identity primary key,
    name text not null,
    amount bigint not null
  )`;

/** A connection to read and disturb a database, closed when the test ends. */
export const connect = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
};

/** Creates a database for the current test, with the tables of the counters. */
export const createCounterDatabase = async (): Promise<string> => {
  const url = await createTestDatabase();
  await runSql(url, SCHEMA);
  return url;
};

let shared: Promise<string> | undefined;

/** The same emptied database for all tests of a file, because creating one takes longer. */
export const emptyCounterDatabase = async (): Promise<string> => {
  const url = await (shared ??= makeSharedDatabase());
  await runSql(
    url,
    'truncate test.counters, test.additions, journal.events, commit.idempotency_keys restart identity',
  );
  return url;
};

/** The database is removed with the PostgreSQL of the test run. */
const makeSharedDatabase = async (): Promise<string> => {
  const url = await createFileDatabase();
  await runSql(url, SCHEMA);
  return url;
};

/** Waits until this many lanes on the connection's database wait for a lock. */
export const untilBlocked = (client: Client, lanes = 1): Promise<unknown> =>
  vi.waitUntil(
    async () => {
      // Within a transaction, statistics stay as first read.
      await client.query('select pg_stat_clear_snapshot()');
      const { rowCount } = await client.query(`
        select from pg_stat_activity
        where datname = current_database() and application_name = 'moa lane'
          and wait_event_type = 'Lock'`);
      return rowCount === lanes;
    },
    { timeout: 10_000, interval: 5 },
  );

const lockCounters = many<{ names: readonly string[] }, Counter>({
  name: 'test.LockCounters',
  text: `select name, value from test.counters where name = any($1::text[])
    order by name for no key update`,
  encode: ({ names }) => [arrayOf(names, textElement)],
  decode: ([name, value]) => ({ name: name!, value: toSafeInteger(value!) }),
});

const insertCounters = batch<Counter>({
  name: 'test.InsertCounters',
  text: 'insert into test.counters (name, value) select * from unnest($1::text[], $2::bigint[])',
  encode: (rows) => [
    column(rows, ({ name }) => name, textElement),
    column(rows, ({ value }) => value, int8Element),
  ],
});

const updateCounters = batch<Counter>({
  name: 'test.UpdateCounters',
  text: `update test.counters t set value = c.value
    from unnest($1::text[], $2::bigint[]) as c (name, value) where t.name = c.name`,
  encode: (rows) => [
    column(rows, ({ name }) => name, textElement),
    column(rows, ({ value }) => value, int8Element),
  ],
});

const insertAdditions = batch<Added>({
  name: 'test.InsertAdditions',
  text: `insert into test.additions (name, amount)
    select * from unnest($1::text[], $2::bigint[])`,
  encode: (rows) => [
    column(rows, ({ name }) => name, textElement),
    column(rows, ({ amount }) => amount, int8Element),
  ],
});

export const counters: Table<Counter> = {
  name: 'test.counters',
  lock: (db, names) => lockCounters(db, { names }),
  keyOf: ({ name }) => name,
  insert: insertCounters,
  update: updateCounters,
};

const additions: Log<Added> = { name: 'test.additions', append: insertAdditions };

export const counterSchema: Schema<Added> = {
  tables: [counters],
  apply: (rows, { name, amount }) => {
    const value = (rows.get(counters, name)?.value ?? 0) + amount;
    rows.put(counters, { name, value });
    rows.append(additions, { name, amount });
  },
};

/** Adds to a counter, which starts at zero; refused when the value would be negative. */
export const add = (
  name: string,
  amount: number,
  key: IdempotencyKey = serverKey(),
): CounterCommand => ({
  operation: 'add',
  key,
  locks: [lock(counters, [name])],
  decide: (rows) => {
    const value = rows.get(counters, name)?.value ?? 0;
    if (value + amount < 0) return refuse('too_little');
    return accept([{ name, amount }]);
  },
  answer: answerCounter(name),
});

/** The value of a counter after the events. */
export const answerCounter =
  (name: string) =>
  ({ rows }: Happened<unknown>): Answer => ({
    status: 201,
    body: { ...rows.get(counters, name) },
  });

/** The outcome of `add`: new, or repeated with `replayed`. */
export const added = (name: string, value: number, replayed = false) => ({
  kind: 'accepted',
  answer: { status: 201, body: JSON.stringify({ name, value }) },
  replayed,
  changed: true,
});

/** The limits of a service's lane. */
export const SESSION_LIMITS = { answerMs: 5_000, lockMs: 100 };

/** A group commit of the counters, with the sizes of its batches and its faults. */
export const startCounterCommit = (
  url: string,
  options: Partial<GroupCommitOptions<Added>> = {},
) => {
  const sizes: number[] = [];
  const faults: unknown[] = [];
  const commit: CounterCommit = startGroupCommit<Added, CounterRefusal>({
    schema: counterSchema,
    openSession: (limits) => openSession(url, limits),
    onBatch: ({ size }) => sizes.push(size),
    onFault: (error) => faults.push(error),
    ...options,
  });
  return { ...commit, sizes, faults };
};
