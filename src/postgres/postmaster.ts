import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The process id of the PostgreSQL that runs on a cluster; undefined when none runs. The number in
 * its file is not enough: after a crash another program may have it, or a zombie process (where PID
 * 1 is not an init, nothing reaps zombies).
 */
export const findPostmaster = async (cluster: string): Promise<number | undefined> => {
  const pid = await readPid(cluster);
  return pid !== undefined && (await runsIn(cluster, pid)) ? pid : undefined;
};

/** The port of the PostgreSQL that runs on a cluster; undefined when none runs. */
export const findPort = async (cluster: string): Promise<number | undefined> => {
  if ((await findPostmaster(cluster)) === undefined) return undefined;
  // PostgreSQL documentation, "Database File Layout": the fourth line of the file.
  const [, , , port] = (await readFile(pidFile(cluster), 'utf8')).split('\n', 4);
  return Number(port);
};

/**
 * Removes the process id file of a stopped PostgreSQL: if its number is in use again, PostgreSQL
 * would refuse to start. Surviving backends still prevent a second start through shared memory.
 */
export const removeStalePidFile = async (cluster: string): Promise<void> => {
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

/** PostgreSQL's working directory is its cluster. A zombie process has no working directory. */
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
