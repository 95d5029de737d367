import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The process id of the PostgreSQL that runs on a cluster; undefined when none does. The number in
 * its file alone proves nothing: after a crash it may be another program's, or that of a process
 * that has ended while nobody asked how (where PID 1 is no init, nobody ever does).
 */
export const findPostmaster = async (cluster: string): Promise<number | undefined> => {
  const pid = await readPid(cluster);
  return pid !== undefined && (await runsIn(cluster, pid)) ? pid : undefined;
};

/** The port of the PostgreSQL that runs on a cluster; undefined when none does. */
export const findPort = async (cluster: string): Promise<number | undefined> => {
  if ((await findPostmaster(cluster)) === undefined) return undefined;
  // PostgreSQL documentation, "Database File Layout": the fourth line of the file.
  const [, , , port] = (await readFile(pidFile(cluster), 'utf8')).split('\n', 4);
  return Number(port);
};

/**
 * Removes the process id of a PostgreSQL that is gone: with a number that is in use again, the next
 * one would not start. Backends that outlive it still keep the next one away, by shared memory.
 */
export const forgetPostmaster = async (cluster: string): Promise<void> => {
  if ((await findPostmaster(cluster)) === undefined) await rm(pidFile(cluster), { force: true });
};

const pidFile = (cluster: string): string => join(cluster, 'postmaster.pid');

const readPid = async (cluster: string): Promise<number | undefined> => {
  try {
    const [pid] = (await readFile(pidFile(cluster), 'utf8')).split('\n', 1);
    return Number(pid);
  } catch {
    return undefined;
  }
};

/** PostgreSQL's working directory is its cluster. A process that has ended has none. */
const runsIn = async (directory: string, pid: number): Promise<boolean> => {
  if (process.platform !== 'linux') return isAlive(pid);
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(directory));
  } catch (error) {
    const hidden = ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
    return hidden && isAlive(pid);
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
