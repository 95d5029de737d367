import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { notAsRoot } from '../../src/postgres/index.ts';

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

/** Starts a program whose output goes to a file; `asUser` for programs that root may not run. */
export const run = (
  path: string,
  args: readonly string[],
  { log, asUser = false }: { readonly log: string; readonly asUser?: boolean },
): Running => {
  const output = openSync(log, 'a');
  const [file, all] = asUser ? notAsRoot(path, args) : [path, args];
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
