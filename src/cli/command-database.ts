import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError, type Config } from '../config.ts';
import { withClient } from '../database/client.ts';
import { findEmbedded, startEmbedded, type EmbeddedDatabase } from '../postgres/index.ts';
import { findOthers } from './queries.gen.ts';

/** The exit code of a program that a signal ended: 128 plus the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs a command on the configured database, without a service. Starts an embedded database and
 * stops it afterwards, also on a signal. Throws `DirectoryInUse` when a service uses the directory.
 */
export const withOwnDatabase = async (
  { databaseUrl, dataDirectory }: Config,
  use: (url: string) => Promise<void>,
): Promise<void> =>
  databaseUrl === undefined ? withEmbedded(dataDirectory, use) : use(databaseUrl);

/** The same beside a service: uses an embedded database that is running. */
export const withSharedDatabase = async (
  { databaseUrl, dataDirectory }: Config,
  use: (url: string) => Promise<void>,
): Promise<void> => {
  if (databaseUrl !== undefined) return use(databaseUrl);
  const running = await findEmbedded(dataDirectory);
  if (running !== undefined) return use(running);
  await requireEmbedded(dataDirectory);
  return withEmbedded(dataDirectory, use);
};

/** How often a command checks whether another program still uses its database. */
const OTHERS_EVERY_MS = 500;

/**
 * Waits until no other command works in a database that this one has started: stopping it would cut
 * off, for example, a backup that began meanwhile.
 */
const waitForOthers = async (url: string): Promise<void> => {
  for (let checks = 0; ; checks += 1) {
    const others = await withClient({ connectionString: url }, findOthers);
    if (others.length === 0) return;
    // The command's own connections may still be closing.
    if (checks === 1) {
      const names = others.map(({ name }) => name).join(', ');
      console.error(`PostgreSQL stops when these programs have finished: ${names}`);
    }
    await delay(OTHERS_EVERY_MS);
  }
};

/** Throws unless a data directory has a database, which a start would otherwise create. */
export const requireEmbedded = async (dataDirectory: string): Promise<void> => {
  const isThere = await stat(join(dataDirectory, 'postgres')).catch(() => undefined);
  if (isThere === undefined) {
    throw new ConfigError(`There is no database in ${resolve(dataDirectory)}.`);
  }
};

const withEmbedded = async (
  directory: string,
  use: (url: string) => Promise<void>,
): Promise<void> => {
  const starting = startEmbedded({ directory, log: console.error });
  let interrupted = false;
  let stopping: Promise<void> | undefined;
  const stop = ({ stop: stopDatabase }: EmbeddedDatabase): Promise<void> =>
    (stopping ??= stopDatabase());

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted = true;
      // Wait for the start to finish; stopping earlier would leave PostgreSQL running.
      const settled = starting.then(stop).catch(() => undefined);
      void settled.then(() => process.exit(EXIT_CODES[signal]));
    });
  }
  const database = await starting;
  try {
    await use(database.url);
  } finally {
    if (!interrupted) await waitForOthers(database.url).catch(() => undefined);
    await stop(database);
    // The signal handler exits, so the command's error about the lost database is not printed.
    if (interrupted) await new Promise<never>(() => undefined);
  }
};
