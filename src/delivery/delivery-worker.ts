import { parentPort, workerData } from 'node:worker_threads';
import { closePool, openPool } from '../database/session.ts';
import { startRelays } from './relays.ts';
import type { ThreadCommand, ThreadData, ThreadReport } from './thread-messages.ts';

// The main module of the delivery thread: the relays, with their own connections.

/** For reads of the journal and of destinations; writes use the connection of the leases. */
const READ_CONNECTIONS = 3;

const { url, ...settings } = workerData as ThreadData;
const post = (report: ThreadReport): void => parentPort?.postMessage(report);

const reads = openPool(url, READ_CONNECTIONS);
const relays = startRelays(url, reads, {
  ...settings,
  onAttempt: ({ destinationId, name }, attempt) =>
    post({ kind: 'attempt', destination: { destinationId, name }, attempt }),
  onFault: (error) => post({ kind: 'fault', error }),
});

const COMMANDS: Readonly<Record<ThreadCommand, () => void>> = {
  wake: relays.wake,
  poll: relays.pollNow,
  stop: () => {
    void relays
      .stop()
      .then(() => closePool(reads))
      .finally(() => parentPort?.close());
  },
};
parentPort?.on('message', (command: ThreadCommand) => COMMANDS[command]());
