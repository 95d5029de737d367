import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findPostmaster } from '../../src/postgres/postmaster.ts';
import { temporaryDirectory } from './service.ts';
import { waitUntil } from './wait.ts';

/** A data directory and the PostgreSQL that runs on it. */
export interface DataDirectory {
  readonly path: string;
  /** The process id of its PostgreSQL; undefined when none runs. */
  readonly postmaster: () => Promise<number | undefined>;
  /** The superuser's URL of its PostgreSQL. */
  readonly databaseUrl: () => Promise<string>;
}

/**
 * Stops every process of a PostgreSQL with SIGSTOP, like a machine that hangs: connections stay
 * open without answers. Returns a function that continues the processes; the end of the test
 * continues them too.
 */
export const freezePostgres = async (postmaster: number): Promise<() => void> => {
  // The postmaster first, so that it starts no further process.
  process.kill(postmaster, 'SIGSTOP');
  const frozen = [postmaster, ...(await childrenOf(postmaster))];
  for (const pid of frozen) process.kill(pid, 'SIGSTOP');
  const thaw = (): void => {
    for (const pid of frozen.splice(0)) process.kill(pid, 'SIGCONT');
  };
  onTestFinished(thaw);
  return thaw;
};

const childrenOf = async (parent: number): Promise<number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(pids.map(readParent));
  return pids.map(Number).filter((_pid, index) => parents[index] === parent);
};

/** The parent of a process (proc_pid_stat(5): the fourth field, after the name in parentheses). */
const readParent = async (pid: string): Promise<number | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return parent === undefined ? undefined : Number(parent);
};

/**
 * An empty data directory, temporary by default. The end of the test stops a PostgreSQL that
 * outlived its service.
 */
export const createDataDirectory = async (place?: string): Promise<DataDirectory> => {
  const path = place ?? (await temporaryDirectory());

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
