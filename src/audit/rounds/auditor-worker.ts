import { parentPort, workerData } from 'node:worker_threads';
import { closePool, openPool } from '../../database/session.ts';
import { endBeforeFull } from '../../database/thread.ts';
import { startAuditor } from './auditor.ts';
import type { ThreadData, ThreadReport } from './thread-messages.ts';

// The main module of the thread of the audit, with its own connections.

/** One for the journal's reader and one for writes, besides the connection of the lease. */
const CONNECTIONS = 2;

const { url, ...pace } = workerData as ThreadData;
const post = (report: ThreadReport): void => parentPort?.postMessage(report);

endBeforeFull();
const pool = openPool(url, CONNECTIONS);
const auditor = startAuditor(url, pool, {
  ...pace,
  onRound: (round) => post({ kind: 'round', round }),
  onFault: (error) => post({ kind: 'fault', error }),
});

// The only message says that the thread shall stop.
parentPort?.on('message', () => {
  void auditor
    .stop()
    .then(() => closePool(pool))
    .finally(() => parentPort?.close());
});
