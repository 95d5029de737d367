import { parentPort, workerData } from 'node:worker_threads';
import { closePool, openPool } from '../database/session.ts';
import { startDelivery } from './delivery.ts';
import type { ThreadData, Word, WordBack } from './outside.ts';

/** Reads of the journal and of destinations; what is written goes with the lease. */
const READ_CONNECTIONS = 3;

const { url, ...settings } = workerData as ThreadData;
const say = (word: WordBack): void => parentPort?.postMessage(word);

const reads = openPool(url, READ_CONNECTIONS);
const delivery = startDelivery(url, reads, {
  ...settings,
  onAttempt: ({ destinationId, name }, attempt) =>
    say({ kind: 'attempt', destination: { destinationId, name }, attempt }),
  onFault: (error) => say({ kind: 'fault', error }),
});

const ACTIONS: Readonly<Record<Word, () => void>> = {
  wake: delivery.wake,
  look: delivery.lookAgain,
  stop: () => {
    void delivery
      .stop()
      .then(() => closePool(reads))
      .finally(() => parentPort?.close());
  },
};
parentPort?.on('message', (word: Word) => ACTIONS[word]());
