import { getHeapSpaceStatistics } from 'node:v8';
import { Worker, resourceLimits } from 'node:worker_threads';

/** The pause before a thread that has ended starts again; each further one doubles it. */
const PAUSE_MIN_MS = 1_000;
/** What has ended a thread, such as a lack of memory, may be over by then. */
const PAUSE_MAX_MS = 60_000;

const MIB = 2 ** 20;
/** The part of its memory that a thread may use. */
const FULL = 0.75;
/** A thread reads far less than the rest of its memory in this time. */
const MEASURE_EVERY_MS = 50;

interface ThreadOptions<Report> {
  /** What the thread begins with, as `workerData`. */
  readonly data: unknown;
  /** The memory for long-lived objects; by default that of the process. */
  readonly memoryMaxMb?: number | undefined;
  readonly pauseMinMs?: number;
  readonly onReport: (report: Report) => void;
  /** Called with the reason when the thread has ended by itself. */
  readonly onFault: (error: unknown) => void;
}

export interface Thread<Command> {
  /** Is lost while no thread runs. */
  readonly post: (command: Command) => void;
  /** Posts `stop`; resolves once the thread has ended. */
  readonly stop: () => Promise<void>;
}

/**
 * Runs a module in a thread. A thread that ends by itself, by an exception or because its memory is
 * full, does not end the process: it is a fault, and starts again after a growing pause.
 */
export const startThread = <Command, Report>(
  module: URL,
  { data, memoryMaxMb, pauseMinMs = PAUSE_MIN_MS, onReport, onFault }: ThreadOptions<Report>,
): Thread<Command | 'stop'> => {
  const limits = memoryMaxMb === undefined ? {} : { maxOldGenerationSizeMb: memoryMaxMb };
  let worker: Worker | undefined;
  let exited = Promise.withResolvers<void>();
  let pause: NodeJS.Timeout | undefined;
  let pauseMs = pauseMinMs;
  let isStopping = false;

  const startAgain = (reason: unknown): void => {
    onFault(reason);
    pause = setTimeout(start, pauseMs).unref();
    pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS);
  };

  const start = (): void => {
    const startedAt = performance.now();
    let reason: unknown;
    exited = Promise.withResolvers();
    try {
      worker = new Worker(module, { workerData: data, resourceLimits: limits });
    } catch (error) {
      startAgain(error);
      return;
    }
    worker.on('message', onReport);
    worker.on('error', (error) => (reason = error));
    worker.on('exit', (code) => {
      worker = undefined;
      exited.resolve();
      if (isStopping) return;
      if (performance.now() - startedAt > PAUSE_MAX_MS) pauseMs = pauseMinMs;
      startAgain(reason ?? new Error(`a thread ended with the code ${code}`));
    });
  };
  start();

  const post = (command: Command | 'stop'): void => worker?.postMessage(command);
  return {
    post,
    stop: async () => {
      isStopping = true;
      clearTimeout(pause);
      if (worker === undefined) return;
      post('stop');
      await exited.promise;
    },
  };
};

/**
 * In a thread: ends it by an exception before its memory is full. V8 then ends the thread, or the
 * whole process if a garbage collection has no room for the objects that it moves.
 */
export const endBeforeFull = (): void => {
  const memoryMaxMb = resourceLimits.maxOldGenerationSizeMb ?? Infinity;
  const measure = (): void => {
    const spaces = getHeapSpaceStatistics().filter((each) => !each.space_name.startsWith('new_'));
    const usedMb = spaces.reduce((sum, each) => sum + each.space_used_size, 0) / MIB;
    if (usedMb <= FULL * memoryMaxMb) return;
    throw new Error(`the memory of a thread is full: ${Math.round(usedMb)} of ${memoryMaxMb} MB`);
  };
  setInterval(measure, MEASURE_EVERY_MS).unref();
};
