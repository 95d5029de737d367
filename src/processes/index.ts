export { WorkerFailed } from './forked-worker.ts';
export type { Assignment } from './messages.ts';
export { findPrimary, type Primary } from './worker.ts';
export { createWorkers } from './workers.ts';
