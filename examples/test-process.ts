import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { onTestFailed, onTestFinished, type TestContext } from 'vitest';
import { waitUntil } from '../test/support/wait.ts';
import { readContracts } from './data-platform/contracts.ts';
import { createPlatform } from './data-platform/server.ts';

export interface ExampleProcess {
  /** The output so far. */
  readonly output: () => string;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly end: (signal: NodeJS.Signals) => Promise<number | NodeJS.Signals>;
}

/** Starts an example in a process, which is killed when the test ends. */
export const startProcess = (
  file: URL,
  environment: Readonly<Record<string, string>>,
): ExampleProcess => {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [file.pathname], {
    env: { PATH, NODE_COMPILE_CACHE, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const ended = once(child, 'close').then(
    ([code, signal]: (number | NodeJS.Signals)[]) => code ?? signal ?? 0,
  );
  onTestFailed(() => void process.stderr.write(output));
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  onTestFinished(async () => {
    await end('SIGKILL');
  });
  return { output: () => output, ended, end };
};

const DUCKDB = new URL('./data-platform/node_modules/@duckdb/node-api/', import.meta.url);

/** A hook for `beforeEach` that skips tests without the example's own packages; fails in CI. */
export const needsDuckdb = ({ task, skip }: TestContext): void => {
  if (existsSync(DUCKDB)) return;
  const reason = 'not installed: npm ci --prefix examples/data-platform';
  if (process.env['CI']) throw new Error(reason);
  process.stdout.write(`not run: "${task.name}": ${reason}\n`);
  skip(reason);
};

const LISTENS = /listens on (http:\S+)/;

/** Starts the data platform on a free port in a process and waits until it listens. */
export const startPlatform = async (
  environment: Readonly<Record<string, string>>,
): Promise<ExampleProcess & { readonly url: string }> => {
  const main = new URL('./data-platform/main.ts', import.meta.url);
  const platform = startProcess(main, { PORT: '0', ...environment });
  await waitUntil(() => LISTENS.test(platform.output()), 'a data platform that listens');
  return { ...platform, url: LISTENS.exec(platform.output())?.[1] ?? '' };
};

/**
 * Starts the data platform on a free port in the process of the tests, with an empty store in
 * memory; returns its URL and its faults so far.
 */
export const startPlatformHere = async (
  secret: string,
): Promise<{ readonly url: string; readonly faults: readonly unknown[] }> => {
  // Not loaded where the packages of the example are not installed.
  const { openStore } = await import('./data-platform/store.ts');
  const store = await openStore(':memory:');
  const faults: unknown[] = [];
  const options = { secret, store, check: await readContracts() };
  const platform = createPlatform(options, (fault) => faults.push(fault)).listen(0, '127.0.0.1');
  onTestFinished(async () => {
    platform.closeAllConnections();
    platform.close();
    await once(platform, 'close');
    store.close();
  });
  await once(platform, 'listening');
  return { url: `http://127.0.0.1:${(platform.address() as AddressInfo).port}`, faults };
};
