import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VerifyFault } from './fault.ts';

/** Service processes on one database, which the run starts and kills. */
export interface Processes {
  /** Starts all processes, or the first ones; resolves once they listen. */
  readonly start: (number?: number) => Promise<void>;
  /** Kills a process at once, as a crash would, and starts it again; resolves once it listens. */
  readonly crash: (index: number) => Promise<void>;
  /** Ends all processes and does not start them again: drained, or killed at once. */
  readonly stopAll: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
  /** Where the processes listen that listen now. */
  readonly urls: () => string[];
}

export interface ProcessOptions {
  readonly databaseUrl: string;
  readonly dataDirectory: string;
  readonly count: number;
  /** Where a service listens, from its output; undefined before it listens. */
  readonly findAddress: (output: string) => string | undefined;
  /** Called when a process listens. */
  readonly onStarted: () => void;
  /** Called when a process that listened ended although nobody ended it. */
  readonly onEnded: (process: string, how: string) => void;
  /** Called when a process does not start again. */
  readonly onFault: (error: Error) => void;
}

interface Slot {
  readonly name: string;
  child: ChildProcess | undefined;
  url: string | undefined;
  output: string;
  /** Whether the run itself ends this process. */
  isEnding: boolean;
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const END_WITH_PARENT = new URL('./end-with-parent.ts', import.meta.url).href;

/** A start fails when its connections are cut, too, as it would under a supervisor. */
const START_ATTEMPTS = 10;
/** What is kept of the output of a process: its last words. */
const OUTPUT_MAX = 4_000;
/** A process that drains for longer is killed; its own limit is `MOA_SHUTDOWN_SECONDS`. */
const DRAIN_MAX_MS = 30_000;
/** More than any charge of a run. */
const BALANCE_MAX = 10 ** 12;
/** More lanes than by default, so that transactions of one process compete as well. */
const LANES = 2;

/**
 * What a process inherits: how to reach PostgreSQL and Node.js. Nothing of Moa's: a run must not
 * send events to the destinations of a shop.
 */
const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(?:PATH|HOME|TZ|PG\w*|NODE_\w+)$/.test(name)),
  );

/** Prepares processes; `start` starts them. The exit of this program kills them. */
export const createProcesses = (options: ProcessOptions): Processes => {
  const { count, databaseUrl, dataDirectory, findAddress, onStarted, onEnded, onFault } = options;
  const env: NodeJS.ProcessEnv = {
    ...inherited(),
    DATABASE_URL: databaseUrl,
    MOA_DATA_DIR: dataDirectory,
    // A killed process starts again in half the time.
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(dataDirectory, 'compiled'),
    PORT: '0',
    MOA_RATE_LIMIT: 'off',
    MOA_BALANCE_MAX: String(BALANCE_MAX),
    MOA_LANES: String(LANES),
  };
  const slots = Array.from({ length: count }, (_, index): Slot => ({
    name: `process ${index + 1}`,
    child: undefined,
    url: undefined,
    output: '',
    isEnding: false,
  }));
  const state = { isOver: false };

  /** Starts a process once; whether it listens. */
  const launch = async (slot: Slot): Promise<boolean> => {
    const child = spawn(process.execPath, ['--import', END_WITH_PARENT, MAIN], {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const { promise: listening, resolve } = Promise.withResolvers<boolean>();
    Object.assign(slot, { child, output: '', isEnding: false });
    const read = (chunk: string): void => {
      slot.output = (slot.output + chunk).slice(-OUTPUT_MAX);
      if (slot.url !== undefined) return;
      slot.url = findAddress(slot.output);
      if (slot.url === undefined) return;
      onStarted();
      resolve(true);
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    child.once('close', (code, signal) => {
      const hadListened = slot.url !== undefined;
      slot.url = undefined;
      slot.child = undefined;
      resolve(false);
      if (!hadListened || slot.isEnding || state.isOver) return;
      onEnded(slot.name, `ended with ${code ?? signal}: ${slot.output.trim().slice(-500)}`);
      startSlot(slot).catch(onFault);
    });
    return listening;
  };

  const startSlot = async (slot: Slot): Promise<void> => {
    for (let attempt = 1; !state.isOver && slot.child === undefined; attempt++) {
      if ((await launch(slot)) || state.isOver) return;
      if (attempt === START_ATTEMPTS) {
        throw new VerifyFault(`a service process does not start. It says:\n${slot.output.trim()}`);
      }
    }
  };

  const end = async (slot: Slot, signal: NodeJS.Signals): Promise<void> => {
    const { child } = slot;
    if (child === undefined) return;
    slot.isEnding = true;
    const closed = once(child, 'close');
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), DRAIN_MAX_MS);
    await closed;
    clearTimeout(late);
  };

  const killAll = (): void => {
    for (const { child } of slots) child?.kill('SIGKILL');
  };

  return {
    start: async (number = count) => {
      state.isOver = false;
      process.once('exit', killAll);
      // The first one migrates.
      for (const slot of slots.slice(0, 1)) await startSlot(slot);
      await Promise.all(slots.slice(0, number).map(startSlot));
    },
    crash: async (index) => {
      const slot = slots[index];
      if (slot === undefined) return;
      await end(slot, 'SIGKILL');
      await startSlot(slot);
    },
    stopAll: async (signal) => {
      state.isOver = true;
      // A process that starts has nothing to drain, and would finish its start first.
      const signalOf = ({ url }: Slot) => (url === undefined ? 'SIGKILL' : signal);
      await Promise.all(slots.map((slot) => end(slot, signalOf(slot))));
      process.off('exit', killAll);
    },
    urls: () => slots.flatMap(({ url }) => url ?? []),
  };
};
