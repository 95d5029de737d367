import { execFile } from 'node:child_process';

/** How a command ended. */
export interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of `src/cli` in a process with these variables and `PATH`, until its end. */
export const runCommand = (
  name: string,
  options: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Run> =>
  new Promise((resolve) => {
    const program = new URL(`../../src/cli/${name}.ts`, import.meta.url).pathname;
    const { PATH, TMPDIR, NODE_COMPILE_CACHE } = process.env;
    const env = { PATH, TMPDIR, NODE_COMPILE_CACHE, ...environment };
    const child = execFile(process.execPath, [program, ...options], { env }, (_, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
