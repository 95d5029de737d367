import { mkdir } from 'node:fs/promises';
import { startEmbedded } from '../../src/postgres/index.ts';
import { connectServer, urlOf, type Server } from '../database.ts';

/** A PostgreSQL whose databases outlive the run. */
export interface KeptServer extends Server {
  /** Finds a database, or creates and fills it; one whose filling failed is filled anew. */
  readonly open: (name: string, fill: (url: string) => Promise<void>) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Starts the PostgreSQL of a folder, or uses the given one; the folder has the keys of both. */
export const openKeptServer = async (
  directory: string,
  log: (message: string) => void,
  given?: string,
): Promise<KeptServer> => {
  await mkdir(directory, { recursive: true });
  const embedded = given === undefined ? await startEmbedded({ directory, log }) : undefined;
  const url = embedded?.superuserUrl ?? given ?? '';
  const { pool, settings, postmaster } = await connectServer(url, log);
  const exists = async (name: string): Promise<boolean> =>
    (await pool.query('select from pg_database where datname = $1', [name])).rowCount === 1;
  return {
    directory,
    postmaster,
    settings,
    open: async (name, fill) => {
      const filling = `${name}_filling`;
      if (!(await exists(name))) {
        await pool.query(`drop database if exists ${filling} with (force)`);
        await pool.query(`create database ${filling}`);
        await fill(urlOf(url, filling));
        await pool.query(`alter database ${filling} rename to ${name}`);
      }
      return urlOf(url, name);
    },
    stop: async () => {
      await pool.end();
      await embedded?.stop();
    },
  };
};
