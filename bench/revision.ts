import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** Another revision of this repository, ready to run. */
export interface Revision {
  /** The short hash of its commit. */
  readonly name: string;
  readonly root: URL;
  readonly remove: () => Promise<void>;
}

const run = promisify(execFile);

/** Checks out a revision in a temporary folder and installs what its service needs. */
export const openRevision = async (
  repository: URL,
  revision: string,
  log: (message: string) => void,
): Promise<Revision> => {
  const git = (...options: string[]) => run('git', options, { cwd: repository });
  const { stdout } = await git('rev-parse', '--short', '--verify', `${revision}^{commit}`);
  const name = stdout.trim();
  const folder = await mkdtemp(join(tmpdir(), 'moa-revision-'));
  const checkout = join(folder, name);
  const remove = async (): Promise<void> => {
    await git('worktree', 'remove', '--force', checkout).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
    await git('worktree', 'prune');
  };
  try {
    log(`check out and install ${name}`);
    await git('worktree', 'add', '--detach', checkout, name);
    await install(checkout);
    return { name, root: pathToFileURL(`${checkout}/`), remove };
  } catch (error) {
    await remove();
    throw error;
  }
};

/** The service alone: the bench brings Node.js and PostgreSQL. */
const install = async (folder: string): Promise<void> => {
  const options = ['ci', '--omit=dev', '--omit=optional', '--no-audit', '--no-fund', '--silent'];
  await run('npm', options, { cwd: folder });
};

/** Lets a revision check the invariants of its own database; throws when one is violated. */
export const auditWith =
  (root: URL) =>
  async (databaseUrl: string): Promise<void> => {
    const program = new URL('src/cli/audit.ts', root).pathname;
    const env = { ...process.env, DATABASE_URL: databaseUrl };
    const child = spawn(process.execPath, [program], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`the audit of ${databaseUrl} ended with ${String(code)}`);
  };
