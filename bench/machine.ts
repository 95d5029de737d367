import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem, type as systemName } from 'node:os';
import { promisify } from 'node:util';
import type { Server } from './database.ts';

/** The facts without which a figure says nothing, by name. */
export type Facts = Readonly<Record<string, string>>;

/** `f_type` of a file system in memory, statfs(2): nothing there is durable. */
const MEMORY = 0x01021994;
const GIB = 1024 ** 3;
const BUSY = ', so other programs lower all figures';

/** Says what is measured where: machine, versions, durability, commit. */
export const readFacts = async (server: Server, root: URL): Promise<Facts> => {
  const processors = cpus();
  const [load = 0] = loadavg();
  const { type } = await statfs(server.directory);
  const { server_version: version = '', ...durability } = server.settings;
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: await describeCommit(root),
    processors: `${processors.length} × ${processors[0]?.model ?? 'unknown'}`,
    memory: `${(totalmem() / GIB).toFixed(1)} GiB`,
    // Without what a vendor adds to the version.
    kernel: `${systemName()} ${release().split('-', 1)[0]}`,
    'load average before': `${load.toFixed(2)}${load > processors.length ? BUSY : ''}`,
    'Node.js': process.version,
    PostgreSQL: version,
    ...durability,
    'files of PostgreSQL': type === MEMORY ? 'in memory, so not durable' : 'on a disk',
  };
};

const describeCommit = async (root: URL): Promise<string> => {
  const git = async (...options: string[]): Promise<string> =>
    (await promisify(execFile)('git', options, { cwd: root })).stdout.trim();
  try {
    const changed = await git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'db');
    return `${await git('rev-parse', '--short=12', 'HEAD')}${changed === '' ? '' : ', changed'}`;
  } catch {
    return 'unknown';
  }
};

/** The facts in one line. */
export const renderFacts = (facts: Facts): string =>
  Object.entries(facts)
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ');
