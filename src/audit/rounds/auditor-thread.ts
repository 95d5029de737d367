import { startThread } from '../../database/thread.ts';
import type { AuditorOptions } from './auditor.ts';
import type { ThreadData, ThreadReport } from './thread-messages.ts';

/** Enough for a round; the thread must not keep the process's memory. */
const MEMORY_MAX_MB = 512;

interface AuditorThreadOptions extends AuditorOptions {
  /** A round that needs more memory ends the thread; 512 by default. */
  readonly memoryMaxMb?: number;
}

/**
 * Runs the audit in a separate thread, so that it shares no event loop with the requests. A thread
 * that fails or has no memory left is reported to `onFault` and starts again.
 */
export const startAuditorThread = (
  url: string,
  { memoryMaxMb = MEMORY_MAX_MB, onRound, onFault, ...pace }: AuditorThreadOptions,
): { readonly stop: () => Promise<void> } => {
  const data: ThreadData = { url, ...pace };
  return startThread(new URL('./auditor-worker.ts', import.meta.url), {
    data,
    memoryMaxMb,
    onReport: (report: ThreadReport) => {
      if (report.kind === 'fault') onFault(report.error);
      else onRound(report.round);
    },
    onFault,
  });
};
