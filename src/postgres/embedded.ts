import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lockDirectory } from './directory-lock.ts';
import { freePort } from './free-port.ts';
import { findPassword, makePassword, readPassword } from './passwords.ts';
import { findPostgres, type RunPostgres } from './binaries.ts';
import { postgresSettings, renderSettings } from './settings.ts';
import { findPort, findPostmaster, removeStalePidFile } from './postmaster.ts';
import { DATABASE, SERVICE_ROLE, SUPERUSER, prepareDatabase } from './service-role.ts';
import { superviseProcess } from './supervisor.ts';

export interface EmbeddedDatabase {
  /** The URL for the service, whose role owns the database and has no other rights. */
  readonly url: string;
  /** The URL for the superuser, who may create other databases: for tests and benches. */
  readonly superuserUrl: string;
  /** Stops PostgreSQL cleanly and releases the directory. */
  readonly stop: () => Promise<void>;
}

export interface EmbeddedOptions {
  readonly directory: string;
  readonly log: (message: string) => void;
  /** Connections that the database must accept; a hundred or more. */
  readonly connections?: number;
}

/** Another program may take a free port first; shared memory of a killed PostgreSQL lingers. */
const START_ATTEMPTS = 5;
const START_AGAIN_MS = 500;

/**
 * Starts a PostgreSQL in a data directory and restarts it when it stops, until `stop`. Throws
 * `DirectoryInUse` when another service has the directory. A start recovers from a kill of the
 * service or of PostgreSQL at any time.
 */
export const startEmbedded = async (options: EmbeddedOptions): Promise<EmbeddedDatabase> => {
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(directory);
  try {
    const postgres = await findPostgres();
    const cluster = join(directory, 'postgres');
    await initialise(postgres, directory, cluster);
    // A PostgreSQL may have outlived its service.
    await stopPostgres(postgres, cluster);
    // What can fail on a full disk comes before the start.
    const superuser = await readPassword(directory, SUPERUSER);
    if ((await findPassword(directory, SERVICE_ROLE)) === undefined) {
      await makePassword(directory, SERVICE_ROLE);
    }
    const password = await readPassword(directory, SERVICE_ROLE);
    const port = await startAnywhere(postgres, directory, cluster, options.connections);
    const superuserUrl = (database: string) => urlOf(SUPERUSER, superuser, port, database);
    await prepareDatabase(superuserUrl, password).catch(async (error: unknown) => {
      await stopPostgres(postgres, cluster);
      throw error;
    });

    const supervisor = superviseProcess({
      isRunning: async () => (await findPostmaster(cluster)) !== undefined,
      restart: () => start(postgres, directory, cluster),
      log: options.log,
    });
    return {
      url: urlOf(SERVICE_ROLE, password, port, DATABASE),
      superuserUrl: superuserUrl(DATABASE),
      stop: async () => {
        await supervisor.stop();
        await stopPostgres(postgres, cluster);
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
};

/**
 * The URL of the PostgreSQL that runs on a data directory; undefined when none runs, or when it
 * belongs to a version without the service role.
 */
export const findEmbedded = (dataDirectory: string): Promise<string | undefined> =>
  findAs(SERVICE_ROLE, dataDirectory);

/** The same for the superuser, who may make a base backup; a query of the shop never needs it. */
export const findEmbeddedSuperuser = (dataDirectory: string): Promise<string | undefined> =>
  findAs(SUPERUSER, dataDirectory);

const findAs = async (
  role: typeof SERVICE_ROLE | typeof SUPERUSER,
  dataDirectory: string,
): Promise<string | undefined> => {
  const directory = resolve(dataDirectory);
  const port = await findPort(join(directory, 'postgres'));
  const password = await findPassword(directory, role);
  if (port === undefined || password === undefined) return undefined;
  return urlOf(role, password, port, DATABASE);
};

const urlOf = (role: string, password: string, port: number, database: string): string =>
  `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;

/**
 * Creates the cluster under another name and renames it, so that it exists completely or not at
 * all.
 */
const initialise = async (
  postgres: RunPostgres,
  directory: string,
  cluster: string,
): Promise<void> => {
  for (const name of await readdir(directory)) {
    if (name.startsWith('postgres.new-')) await rm(join(directory, name), { recursive: true });
  }
  if (await exists(cluster)) return;
  const passwordFile = await makePassword(directory, SUPERUSER);
  const draft = join(directory, `postgres.new-${process.pid}`);
  await postgres('initdb', [
    `--pgdata=${draft}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
  ]);
  await rename(draft, cluster);
};

/** Stops PostgreSQL if it runs: cleanly, or at once if it hangs. */
const stopPostgres = async (postgres: RunPostgres, cluster: string): Promise<void> => {
  const stop = (mode: 'fast' | 'immediate') =>
    postgres('pg_ctl', ['stop', `--pgdata=${cluster}`, `--mode=${mode}`, '--timeout=60']);
  if ((await findPostmaster(cluster)) === undefined) return;
  try {
    await stop('fast');
  } catch {
    // PostgreSQL may have stopped in between.
    if ((await findPostmaster(cluster)) === undefined) return;
    await stop('immediate').catch(() => undefined);
  }
};

/** Starts PostgreSQL on a free port and returns the port. */
const startAnywhere = async (
  postgres: RunPostgres,
  directory: string,
  cluster: string,
  connections: number | undefined,
): Promise<number> => {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    await writeSettings(cluster, port, connections);
    try {
      await start(postgres, directory, cluster);
      return port;
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
      await delay(START_AGAIN_MS);
    }
  }
};

const writeSettings = async (
  cluster: string,
  port: number,
  connections: number | undefined,
): Promise<void> => {
  const settings = renderSettings(postgresSettings(port, connections));
  await writeFile(join(cluster, 'moa.conf'), settings);
  const main = join(cluster, 'postgresql.conf');
  const include = "include 'moa.conf'\n";
  const existing = await readFile(main, 'utf8');
  if (!existing.endsWith(include)) await writeFile(main, `${existing}\n${include}`);
};

/** A log of this size is renamed before the next start. */
const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** Keeps the log of earlier starts, which may say why PostgreSQL stopped; returns its length. */
const keepLog = async (log: string): Promise<number> => {
  const { size } = await stat(log).catch(() => ({ size: 0 }));
  if (size <= LOG_BYTES_MAX) return size;
  await rename(log, `${log}.old`);
  return 0;
};

/**
 * `pg_ctl` starts PostgreSQL in a new session, so Ctrl-C only reaches the service, which drains
 * first. It appends to the log.
 */
const start = async (postgres: RunPostgres, directory: string, cluster: string): Promise<void> => {
  const log = join(directory, 'postgres.log');
  await removeStalePidFile(cluster);
  const begin = await keepLog(log);
  try {
    await postgres('pg_ctl', ['start', `--pgdata=${cluster}`, `--log=${log}`, '--wait']);
  } catch (error) {
    const written = await readFile(log).catch(() => Buffer.alloc(0));
    const said = written.subarray(begin).toString();
    throw new Error(`PostgreSQL did not start. ${log} says:\n${said.slice(-2_000)}`, {
      cause: error,
    });
  }
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
