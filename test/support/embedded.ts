import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findPostmaster } from '../../src/database/postmaster.ts';
import { temporaryDirectory } from './service.ts';
import { waitUntil } from './wait.ts';

/** A data directory from outside: what runs on it and how to reach it. */
export interface DataDirectory {
  readonly path: string;
  /** The process id of its PostgreSQL; undefined when none runs. */
  readonly postmaster: () => Promise<number | undefined>;
  /** Where its PostgreSQL can be reached. */
  readonly databaseUrl: () => Promise<string>;
}

/** An empty data directory. A PostgreSQL that outlives its service there ends with the test. */
export const createDataDirectory = async (): Promise<DataDirectory> => {
  const path = await temporaryDirectory();

  const cluster = join(path, 'postgres');
  const postmaster = () => findPostmaster(cluster);

  onTestFinished(async () => {
    const pid = await postmaster();
    if (pid === undefined) return;
    // PostgreSQL's "immediate shutdown".
    process.kill(pid, 'SIGQUIT');
    await waitUntil(async () => (await postmaster()) === undefined, 'PostgreSQL to end');
  });

  return {
    path,
    postmaster,
    databaseUrl: async () => {
      // PostgreSQL documentation, "Database File Layout": the fourth line is the port.
      const [, , , port] = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n');
      const password = await readFile(join(path, 'postgres-password'), 'utf8');
      return `postgres://moa:${password}@127.0.0.1:${port}/moa`;
    },
  };
};
