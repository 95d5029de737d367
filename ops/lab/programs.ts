import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The programs of the lab, by their paths. */
export interface Programs {
  readonly patroni: string;
  readonly etcd: string;
  readonly haproxy: string;
  /** The folder of PostgreSQL's programs. */
  readonly postgresFolder: string;
}

/** A program of the lab is not installed. */
export class ProgramMissing extends Error {
  override readonly name = 'ProgramMissing';
}

const FOLDERS = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/local/sbin',
];
/** Where Debian has PostgreSQL's programs. */
const POSTGRES_FOLDERS = '/usr/lib/postgresql/*/bin';

const findIn = (folders: readonly string[], name: string): string | undefined =>
  folders.map((folder) => join(folder, name)).find((path) => existsSync(path));

/** Finds the programs; throws `ProgramMissing`, which says how Debian installs them. */
export const findPrograms = async (
  folders: readonly string[] = FOLDERS,
  postgresFolders = POSTGRES_FOLDERS,
): Promise<Programs> => {
  const versions = await Array.fromAsync(glob(postgresFolders));
  const byVersion = versions.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  const patroni = findIn(folders, 'patroni');
  const etcd = findIn(folders, 'etcd');
  const haproxy = findIn(folders, 'haproxy');
  const postgresFolder = byVersion.find((folder) => existsSync(join(folder, 'pg_basebackup')));
  if (patroni && etcd && haproxy && postgresFolder) {
    return { patroni, etcd, haproxy, postgresFolder };
  }
  const missing = Object.entries({ patroni, etcd, haproxy, PostgreSQL: postgresFolder })
    .filter(([, path]) => path === undefined)
    .map(([name]) => name);
  throw new ProgramMissing(
    `The lab needs ${missing.join(', ')}. On Debian: ` +
      'apt-get install --no-install-recommends patroni etcd-server haproxy postgresql',
  );
};

/** A program that runs until it is killed. */
export interface Running {
  /** Sends a signal, unless the program has ended. */
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Sends a signal and waits for the end. */
  readonly end: (signal: NodeJS.Signals) => Promise<void>;
}

const children = new Set<ChildProcess>();

/** Kills what still runs; a lab that fails leaves nothing behind. */
export const killAll = (): void => {
  for (const child of children) child.kill('SIGKILL');
};

// PostgreSQL refuses to run as root. In a new user namespace root maps to another user, so the
// lab needs neither a system user nor a change of owner.
const AS_SOMEBODY = ['--user', '--map-user=1000', '--map-group=1000', '--'];

/** Starts a program whose output goes to a file; `asUser` for programs that root may not run. */
export const run = (
  path: string,
  args: readonly string[],
  { log, asUser = false }: { readonly log: string; readonly asUser?: boolean },
): Running => {
  const output = openSync(log, 'a');
  const isRoot = asUser && process.getuid?.() === 0;
  const [file, all] = isRoot ? ['unshare', [...AS_SOMEBODY, path, ...args]] : [path, args];
  const child = spawn(file, all, { stdio: ['ignore', output, output] });
  children.add(child);
  const ended = once(child, 'close').finally(() => children.delete(child));
  return {
    signal: (signal) => void child.kill(signal),
    end: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
};
