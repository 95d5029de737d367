import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Pool } from 'pg';
import { checkInvariants } from '../src/audit/audit.ts';
import { openPool } from '../src/database/session.ts';
import { startEmbedded } from '../src/postgres/index.ts';
import { parentOf } from './processor.ts';

/** A PostgreSQL as a run sees it. */
export interface Server {
  /** The folder of the signing key, and of the cluster if the run started it. */
  readonly directory: string;
  /** The process whose children are the server; undefined when it runs elsewhere. */
  readonly postmaster: number | undefined;
  /** `version`, `fsync`, `synchronous_commit` and other settings of the machine's facts. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A PostgreSQL with the databases of a run. */
export interface DatabaseServer extends Server {
  /** Creates a database, empty or as a copy of another, and returns its URL. */
  readonly create: (name: string, template?: string) => Promise<string>;
  readonly drop: (url: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Databases of a scenario are dropped at once. */
const CONNECTIONS = 2;
const SHOWN = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes'] as const;

/** Connects to a server as a user who may create databases, and reads what a run needs of it. */
export const connectServer = async (url: string, log: (message: string) => void) => {
  const pool = new Pool({ connectionString: url, max: CONNECTIONS });
  // The run fails with the statement that follows.
  pool.on('error', (error) => log(error.message));
  const ask = async (sql: string): Promise<string> =>
    String(Object.values((await pool.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0]);
  const settings: Record<string, string> = {};
  for (const name of SHOWN) settings[name] = await ask(`show ${name}`);
  const postmaster = parentOf(Number(await ask('select pg_backend_pid()')), 'postgres');
  return { pool, settings, postmaster };
};

/** The URL of another database on the server of a URL. */
export const urlOf = (url: string, name: string): string => {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
};

/** Starts a PostgreSQL with durable commits in a temporary folder, or uses the given one. */
export const openServer = async (
  log: (message: string) => void,
  given?: string,
): Promise<DatabaseServer> => {
  const directory = await mkdtemp(join(tmpdir(), 'moa-bench-'));
  const embedded = given === undefined ? await startEmbedded({ directory, log }) : undefined;
  const url = embedded?.superuserUrl ?? given ?? '';
  const { pool, settings, postmaster } = await connectServer(url, log);
  const databases = new Set<string>();
  const drop = async (database: string): Promise<void> => {
    databases.delete(database);
    await pool.query(`drop database ${nameOf(database)} with (force)`);
  };

  return {
    directory,
    postmaster,
    settings,
    create: async (name, template = 'template1') => {
      const full = `bench_${process.pid}_${name}`;
      await pool.query(`create database ${full} template ${template}`);
      const created = urlOf(url, full);
      databases.add(created);
      return created;
    },
    drop,
    stop: async () => {
      for (const left of databases) await drop(left);
      await pool.end();
      await embedded?.stop();
      await rm(directory, { recursive: true });
    },
  };
};

/** Runs statements on a new connection. */
export const runSql = async (url: string, sql: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

/** The name of the database of a URL. */
export const nameOf = (url: string): string => new URL(url).pathname.slice(1);

/** Throws unless every invariant holds; nothing may write meanwhile. */
export const expectInvariants = async (url: string): Promise<void> => {
  const pool = openPool(url, 1);
  try {
    const broken = (await checkInvariants(pool)).filter(({ violations }) => violations.length > 0);
    if (broken.length > 0) throw new Error(`violated invariants: ${JSON.stringify(broken)}`);
  } finally {
    await pool.end();
  }
};
