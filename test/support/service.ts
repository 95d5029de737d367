import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { issueToken, loadSigningKey } from '../../src/identity/index.ts';
import type { Role } from '../../src/contract/index.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
const START_TIMEOUT_MS = 60_000;

/** A service in a process of its own, as `npm start` would start it. */
export interface RunningService {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly output: () => string;
  /** Ends it with a signal and waits until it is gone. */
  readonly end: (signal: NodeJS.Signals) => Promise<void>;
}

/** A folder that is removed after the test. */
export const temporaryDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'moa-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
};

/** Starts a service and waits until it listens; rejects with its output when it ends instead. */
export const startTestService = async (
  environment: Readonly<Record<string, string>>,
): Promise<RunningService> => {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], PORT: '0', MOA_RATE_LIMIT: 'off', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no start: ${output}`)), START_TIMEOUT_MS);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /listening at (http:\/\/[^"\s]+)/.exec(output)?.[1];
      if (found !== undefined) {
        clearTimeout(timer);
        resolve(found);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${code}: ${output}`));
    });
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  onTestFinished(() => end('SIGTERM'));
  return { url, child, output: () => output, end };
};

/** A token for the service on a data directory. */
export const tokenFor = async (directory: string, role: Role, userId: string): Promise<string> =>
  issueToken(await loadSigningKey(directory), { role, userId, expiresInSeconds: 3_600 });
