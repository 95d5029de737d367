import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFailed, onTestFinished } from 'vitest';
import { findAddress } from '../../src/listening.ts';
import type { Role } from '../../src/contract/index.ts';
import { issueToken, loadSigningKey } from '../../src/identity/index.ts';
import { withinTime } from './wait.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

export type Environment = Readonly<Record<string, string>>;

/** The thread of the audit is a quarter of a start; tests that need rounds ask for them. */
export const QUIET: Environment = { PORT: '0', MOA_RATE_LIMIT: 'off', MOA_AUDIT_SECONDS: '0' };

/** A service process, which may not have started to listen. */
export interface ServiceProcess {
  readonly pid: number;
  /** The output so far. */
  readonly output: () => string;
  /** The exit code, or the signal that ended the process. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Sends a signal and waits for the end of the process. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | NodeJS.Signals>;
}

export interface RunningService extends ServiceProcess {
  readonly url: string;
}

/** Registers what ends something: when the test has finished, unless a file shares it. */
export type OnEnd = (end: () => Promise<void>) => void;

/** Creates a directory that is removed after the test. */
export const temporaryDirectory = async (onEnd: OnEnd = onTestFinished): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'moa-test-'));
  onEnd(() => rm(directory, { recursive: true, force: true }));
  return directory;
};

interface Launch {
  /** Whether standard output is a terminal, made by `script` of util-linux. */
  readonly terminal?: boolean;
  /** The program, unless it is that of this version. */
  readonly main?: string;
  readonly onOutput?: (output: string) => void;
  readonly onEnd?: OnEnd;
}

/** Starts a service like `npm start`; the end of the test kills it. */
export const spawnTestService = (environment: Environment, options: Launch = {}): ServiceProcess =>
  launch(environment, options);

/** Starts a service and waits until it listens; rejects with its output if it ends first. */
export const startTestService = async (
  environment: Environment,
  onEnd?: OnEnd,
  main: string = MAIN,
): Promise<RunningService> => {
  const { promise: listening, resolve } = Promise.withResolvers<string>();
  const service = launch(environment, {
    main,
    ...(onEnd === undefined ? {} : { onEnd }),
    onOutput: (output) => {
      const url = findAddress(output);
      if (url !== undefined) resolve(url);
    },
  });
  const failed = service.ended.then((code) => {
    throw new Error(`the service ended with ${code}: ${service.output()}`);
  });
  const url = await withinTime(Promise.race([listening, failed]), 'a service that listens');
  // A later end is expected by the test.
  failed.catch(() => undefined);
  return { ...service, url };
};

const launch = (
  environment: Environment,
  { terminal = false, main = MAIN, onOutput, onEnd }: Launch,
): ServiceProcess => {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const [program, options] = terminal
    ? ['script', ['-qec', `${process.execPath} ${main}`, '/dev/null']]
    : [process.execPath, ['--max-semi-space-size=64', main]];
  const child = spawn(program, options, {
    env: { PATH, NODE_COMPILE_CACHE, ...QUIET, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const read = (chunk: string) => {
    output += chunk;
    onOutput?.(output);
  };
  child.stdout.setEncoding('utf8').on('data', read);
  child.stderr.setEncoding('utf8').on('data', read);
  const ended = once(child, 'close').then(
    ([code, signal]: (number | NodeJS.Signals)[]) => code ?? signal ?? 0,
  );
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return withinTime(ended, `a service that ends on ${signal}`);
  };
  if (onEnd === undefined) {
    onTestFailed(() => {
      process.stderr.write(output);
    });
  }
  (onEnd ?? onTestFinished)(async () => {
    await end('SIGTERM').catch(() => end('SIGKILL'));
  });
  return { pid: child.pid ?? 0, output: () => output, ended, end };
};

/** A token for the service on a data directory. */
export const tokenFor = async (directory: string, role: Role, userId: string): Promise<string> =>
  issueToken(await loadSigningKey(directory), { role, userId, expiresInSeconds: 3_600 });
