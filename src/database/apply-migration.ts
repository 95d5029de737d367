import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { codeOf } from './unreachable.ts';
import { UnusableDatabase, explainPrivilege } from './unusable.ts';

/** Called with the reason when a migration waits for other sessions. */
export type OnWait = (message: string) => void;

/** A migration, and how it is recorded as applied. */
interface Step {
  readonly name: string;
  readonly sql: string;
  /** Whether the statements run one by one, each on its own, as `create index concurrently` must. */
  readonly isUntransacted: boolean;
  readonly record: () => Promise<void>;
}

/**
 * How long a statement waits for a lock at first; twice as long each time. A waiting `alter table`
 * makes later statements on the table wait behind it (PostgreSQL documentation, 13.3.1), so sales
 * wait at most this long.
 */
const LOCK_MIN_MS = 100;
/** Longer than `deadlock_timeout` (1 s), after which the wait ends an autovacuum (25.1.6). */
const LOCK_MAX_MS = 1_600;
/** The pause after a wait, in which sales continue, as a multiple of the wait. */
const PAUSE_FACTOR = 5;
const PAUSE_MAX_MS = 5_000;
/** A transaction that holds the lock for longer is a backup or a mistake: an operator decides. */
const GIVE_UP_MS = 120_000;

/** Errors to retry: services of the previous version lock the same tables. */
const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK_DETECTED = '40P01';

/**
 * Applies a migration in one transaction. When another session holds a lock for longer than
 * `LOCK_MAX_MS`, the transaction rolls back, which releases its own locks, and begins again after a
 * pause, so no other statement waits for longer. Throws `UnusableDatabase` after `GIVE_UP_MS`. A
 * migration without a transaction waits for locks without a limit; after a failure it begins again
 * at its first statement.
 */
export const applyMigration = async (
  client: Client,
  step: Step,
  onWait: OnWait,
  giveUpMs: number = GIVE_UP_MS,
): Promise<void> => {
  if (step.isUntransacted) {
    await applyUntransacted(client, step);
    return;
  }
  const deadline = performance.now() + giveUpMs;
  for (let lockMs = LOCK_MIN_MS; ; lockMs = Math.min(2 * lockMs, LOCK_MAX_MS)) {
    const code = await attempt(client, step, lockMs);
    if (code === undefined) return;
    const reason = `migration ${step.name} ${await explainWait(client, code)}`;
    const pauseMs = Math.min(PAUSE_FACTOR * lockMs, PAUSE_MAX_MS);
    if (performance.now() + pauseMs > deadline) {
      throw new UnusableDatabase(`${reason}. End it, or start Moa again when it has ended`);
    }
    onWait(`${reason}; the next attempt is in ${pauseMs} ms`);
    await delay(pauseMs);
  }
};

/** Applies and records a migration; the SQLSTATE if it could not have its locks. */
const attempt = async (
  client: Client,
  { name, sql, record }: Step,
  lockMs: number,
): Promise<string | undefined> => {
  try {
    await client.query('begin');
    await client.query(`set local lock_timeout = ${lockMs}`);
    await client.query(sql);
    await record();
    await client.query('commit');
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (code !== LOCK_NOT_AVAILABLE && code !== DEADLOCK_DETECTED) throw failure(name, error);
    await client.query('rollback');
    return code;
  }
};

/** Runs the statements one by one: they wait for open transactions but block no other session. */
const applyUntransacted = async (client: Client, { name, sql, record }: Step): Promise<void> => {
  try {
    await client.query('set lock_timeout = 0');
    for (const statement of statementsOf(sql)) await client.query(statement);
    await record();
  } catch (error) {
    throw failure(name, error);
  }
};

/** The statements of a file; each ends with a semicolon at the end of a line. */
const statementsOf = (sql: string): string[] =>
  sql
    .replaceAll(/^--.*$/gm, '')
    .split(/;$/m)
    .filter((statement) => statement.trim() !== '');

const failure = (name: string, error: unknown): unknown =>
  explainPrivilege(error) === error
    ? new Error(`migration ${name} failed`, { cause: error })
    : error;

/** Names the oldest transaction that this role may see: probably the one that has the lock. */
const explainWait = async (client: Client, code: string): Promise<string> => {
  const why = code === DEADLOCK_DETECTED ? 'was in a deadlock' : 'waits for a lock';
  const { rows } = await client.query<{ pid: number; name: string; seconds: number }>(`
    select pid, application_name as name,
      extract(epoch from clock_timestamp() - xact_start)::int as seconds
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
    order by xact_start
    limit 1`);
  const [oldest] = rows;
  if (oldest === undefined) return `${why} of another session`;
  const { pid, name, seconds } = oldest;
  return `${why}; the oldest transaction is of process ${pid} ("${name}"), for ${seconds} s`;
};
