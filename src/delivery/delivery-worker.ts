import { parentPort, workerData } from 'node:worker_threads';
import { closePool, openPool } from '../database/session.ts';
import { startTracer } from '../tracing/index.ts';
import { startRelays, type RelaysOptions } from './relays.ts';
import type { ThreadCommand, ThreadData, ThreadReport } from './thread-messages.ts';

// The main module of the delivery thread: the relays, with their own connections.

/** For reads of the journal and of destinations; writes use the connection of the leases. */
const READ_CONNECTIONS = 3;

const { url, tracing, ...settings } = workerData as ThreadData;
const post = (report: ThreadReport): void => parentPort?.postMessage(report);

const reads = openPool(url, READ_CONNECTIONS);
const tracer = await startTracer(tracing, (message) => post({ kind: 'trouble', message }));
const options: RelaysOptions = {
  ...settings,
  onAttempt: ({ destinationId, name }, attempt) =>
    post({ kind: 'attempt', destination: { destinationId, name }, attempt }),
  onFault: (error) => post({ kind: 'fault', error }),
};
const relays = startRelays(url, reads, options, tracer);

const stop = async (): Promise<void> => {
  await relays.stop();
  await closePool(reads);
  if (tracer === undefined) return;
  await tracer.stop();
  // An export that hangs would keep the thread.
  process.exit();
};

const COMMANDS: Readonly<Record<ThreadCommand, () => void>> = {
  wake: relays.wake,
  poll: relays.pollNow,
  stop: () => void stop().finally(() => parentPort?.close()),
};
parentPort?.on('message', (command: ThreadCommand) => COMMANDS[command]());
