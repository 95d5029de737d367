import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFailed, onTestFinished, type TestContext } from 'vitest';
import { findProgram } from './find-program.ts';
import { temporaryDirectory } from './service.ts';
import { waitUntil, withinTime } from './wait.ts';

/** A running NATS server with JetStream. */
export interface NatsServer {
  readonly url: string;
  /** Stops the server cleanly. */
  readonly stop: () => Promise<void>;
  /** Kills the server, like a power cut. */
  readonly kill: () => Promise<void>;
  /** Starts the server again on the same port and storage. */
  readonly restart: () => Promise<void>;
}

const program = await findProgram(['nats-server'], ['/usr/sbin']);

/** A hook for `beforeEach` that skips tests without a NATS server; fails in CI. */
export const needsNats = ({ task, skip }: TestContext): void => {
  if (program !== undefined) return;
  const reason = 'no nats-server in the PATH or /usr/sbin';
  if (process.env['CI']) throw new Error(reason);
  process.stdout.write(`not run: "${task.name}": ${reason}\n`);
  skip(reason);
};

/** Starts a server on a free port; the end of the test stops it. */
export const startNats = async (options: { readonly token?: string } = {}): Promise<NatsServer> => {
  const folder = await temporaryDirectory();
  let child: ChildProcess | undefined;
  let output = '';

  const launch = async (port: number): Promise<string> => {
    if (program === undefined) throw new Error('no nats-server');
    const address = ['--addr', '127.0.0.1', '--port', String(port), '--ports_file_dir', folder];
    const storage = ['--jetstream', '--store_dir', join(folder, 'store')];
    const login = options.token === undefined ? [] : ['--auth', options.token];
    const started = spawn(program, [...address, ...storage, ...login], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = started;
    started.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    // The server writes this file when it listens, and removes it at a clean end.
    const file = join(folder, `nats-server_${started.pid}.ports`);
    let url: string | undefined;
    await waitUntil(async () => {
      if (started.exitCode !== null) throw new Error(`the NATS server ended: ${output}`);
      const ports = await readFile(file, 'utf8').catch(() => '');
      url = /nats:\/\/[\d.:]+/.exec(ports)?.[0];
      return url !== undefined;
    }, 'a NATS server that listens');
    return url ?? '';
  };

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await withinTime(ended, `a NATS server that ends on ${signal}`);
  };

  onTestFailed(() => {
    process.stderr.write(output);
  });
  onTestFinished(() => end('SIGKILL'));
  const url = await launch(ANY_PORT);
  return {
    url,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    restart: async () => {
      await launch(Number(new URL(url).port));
    },
  };
};

/** Makes the server choose a free port. */
const ANY_PORT = -1;
