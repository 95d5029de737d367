import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { AuditorOptions } from './auditor.ts';
import type { ThreadData, ThreadReport } from './thread-messages.ts';

/**
 * Runs the audit in a separate thread, so that it shares no event loop with the requests. An
 * exception in the thread ends the process.
 */
export const startAuditorThread = (
  url: string,
  { onRound, onFault, ...pace }: AuditorOptions,
): { readonly stop: () => Promise<void> } => {
  const workerData: ThreadData = { url, ...pace };
  const worker = new Worker(new URL('./auditor-worker.ts', import.meta.url), {
    workerData,
    // Enough for a round; the thread must not keep the process's memory.
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  worker.on('message', (report: ThreadReport) => {
    if (report.kind === 'fault') onFault(report.error);
    else onRound(report.round);
  });
  return {
    stop: async () => {
      const exited = once(worker, 'exit');
      worker.postMessage('stop');
      await exited;
    },
  };
};
