import { execFile } from 'node:child_process';

export interface CommandRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of src/cli like `npm run`, with nothing else of this environment. */
export const runCommandLine = (
  command: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandRun> =>
  new Promise((resolve) => {
    const program = new URL(`../../src/cli/${command}.ts`, import.meta.url).pathname;
    const { PATH, TMPDIR, NODE_COMPILE_CACHE } = process.env;
    const env = { PATH, TMPDIR, NODE_COMPILE_CACHE, ...environment };
    const all = [program, ...parameters];
    const child = execFile(process.execPath, all, { env }, (_, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, stdout, stderr }),
    );
  });
