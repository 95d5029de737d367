import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { open, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that is not ours, in a process group of its own. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** The file for all that it prints. */
  readonly log: string;
  /** Ends it, with all processes that it started. */
  readonly signal: AbortSignal;
}

export interface RunningProgram {
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** A server that does not end by then is killed. */
const STOP_MS = 10_000;
const POLL_MS = 200;
/** The end of a log that explains a failure. */
const SHOWN_LINES = 12;

const killGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // The group has ended.
  }
};

/** Starts it; `gone` resolves when it ends, with the status or the signal. */
const start = async ({ command, args, folder, env, log, signal }: Program) => {
  signal.throwIfAborted();
  const output = await open(log, 'a');
  const child = spawn(command, args, {
    cwd: folder,
    env,
    stdio: ['ignore', output.fd, output.fd],
    // Ctrl-C reaches this process, which ends the group.
    detached: true,
  });
  const kill = (): void => killGroup(child, 'SIGKILL');
  signal.addEventListener('abort', kill);
  const gone = once(child, 'exit')
    .then(([code, by]) => String(by ?? code))
    .finally(() => signal.removeEventListener('abort', kill));
  gone.catch(() => undefined);
  await output.close();
  return { child, gone };
};

const failure = async ({ command, args, log }: Program, end: string): Promise<Error> => {
  const lines = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-SHOWN_LINES);
  return new Error(`${basename(command)} ${args.join(' ')}: ${end}\n${lines.join('\n')}`);
};

/** Runs it to its end; throws with the end of its log unless it succeeds in time. */
export const runProgram = async (program: Program, timeoutMs: number): Promise<void> => {
  const late = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([program.signal, late]);
  const end = await (await start({ ...program, signal })).gone;
  program.signal.throwIfAborted();
  if (late.aborted) throw await failure(program, `not done after ${timeoutMs / 1_000} s`);
  if (end !== '0') throw await failure(program, `ended with ${end}`);
};

/** Starts a server and waits until a GET of `url` succeeds; throws when it ends or is late. */
export const startServer = async (
  program: Program,
  url: string,
  timeoutMs: number,
): Promise<RunningProgram> => {
  const { child, gone } = await start(program);
  let end: string | undefined;
  gone.then(
    (how) => (end = how),
    (error: Error) => (end = error.message),
  );
  const stop = async (): Promise<void> => {
    killGroup(child, 'SIGTERM');
    const timer = setTimeout(() => killGroup(child, 'SIGKILL'), STOP_MS);
    await gone.catch(() => undefined);
    clearTimeout(timer);
    killGroup(child, 'SIGKILL');
  };
  const late = performance.now() + timeoutMs;
  while (!(await succeeds(url))) {
    if (end === undefined && performance.now() < late && !program.signal.aborted) {
      await sleep(POLL_MS);
      continue;
    }
    await stop();
    program.signal.throwIfAborted();
    throw await failure(program, `no answer of ${url}; ${end ?? 'it still ran'}`);
  }
  return { pid: child.pid ?? 0, stop };
};

const succeeds = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  );

/** A port that nothing listens on now. */
export const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};
