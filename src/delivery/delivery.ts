import type { Pool } from 'pg';
import { startLoop, type Loop } from '../database/loop.ts';
import { createJournalReader, type JournalReader } from '../journal/index.ts';
import { openChannel, type Destination } from './destination.ts';
import { EVENT_TYPES } from './events.ts';
import { openLeases, type Leases } from './lease.ts';
import {
  findCurrent,
  findProgress,
  listActive,
  pauseDestination,
  recordFailure,
} from './queries.gen.ts';
import { createRelay, type Attempt, type Relay } from './relay.ts';
import type { RetryPolicy } from './retry.ts';
import {
  createDeadLetterSource,
  createLiveSource,
  createReplaySource,
  type Progress,
} from './sources.ts';

export interface DeliveryOptions {
  readonly allowPrivate: boolean;
  /** Instead of the destination's own. */
  readonly retry?: RetryPolicy;
  /** How long to wait for the journal's end, from which a new destination begins: 4 seconds. */
  readonly patienceMs?: number;
  readonly onAttempt?: (
    destination: Pick<Destination, 'destinationId' | 'name'>,
    attempt: Attempt,
  ) => void;
  readonly onFault: (error: unknown) => void;
}

export interface Delivery {
  /** Something was committed by this process. */
  readonly wake: () => void;
  /** A destination was changed by this process. */
  readonly lookAgain: () => void;
  readonly stop: () => Promise<void>;
}

interface Running {
  readonly version: number;
  readonly loop: Loop;
  readonly relay: Relay;
  timer: NodeJS.Timeout | undefined;
}

/** How soon a destination is taken over, and a change by another process is seen. */
const LOOK_EVERY_MS = 1_000;
/** Covers word from other processes that was lost. */
const POLL_EVERY_MS = 1_000;

/** Of a destination that was deleted since: its relay finds no events and is stopped. */
const NO_PROGRESS: Progress = { position: 0, seen: 0 };

/**
 * Sends events to every active destination, each from one process at a time: whoever gets the right
 * (`openLeases`). A process that ends gives its rights to the others.
 */
export const startDelivery = (url: string, reads: Pool, options: DeliveryOptions): Delivery => {
  const reader = createJournalReader(reads);
  const running = new Map<string, Running>();
  let leases: Leases | undefined;
  let hasOthers = false;

  const wakeOwn = (): void => {
    for (const { loop } of running.values()) loop.wake();
  };

  const lease = async (): Promise<Leases> => {
    if (leases?.connected() === true) return leases;
    await stopAll();
    await leases?.close().catch(() => undefined);
    leases = await openLeases(url, wakeOwn);
    return leases;
  };

  const stopOne = async (destinationId: string, { relay, loop, timer }: Running): Promise<void> => {
    running.delete(destinationId);
    clearTimeout(timer);
    await relay.close();
    await loop.stop();
  };

  const stopAll = async (): Promise<void> => {
    await Promise.all([...running].map(([id, each]) => stopOne(id, each)));
  };

  const look = async (): Promise<void> => {
    const db = await lease();
    const destinations = await listActive(reads);
    const active = new Map(destinations.map((each) => [each.destinationId, each]));
    for (const [id, each] of running) {
      if (active.get(id)?.version === each.version) continue;
      await stopOne(id, each);
      await db.giveBack(id);
    }
    for (const [id, destination] of active) {
      if (running.has(id) || !(await db.take(id))) continue;
      running.set(id, await start(destination, db));
    }
    hasOthers = active.size > running.size;
  };

  const start = async (destination: Destination, db: Leases): Promise<Running> => {
    const { destinationId } = destination;
    const progress = await findProgress(reads, { destinationId });
    const parts = { db, reads, reader, onChanged: looking.wake };
    const relay = openRelay(destination, parts, progress ?? NO_PROGRESS, options);
    const runOnce = async (): Promise<boolean> => {
      // Whoever has lost the right begins nothing more.
      if (!db.connected()) return false;
      const more = await relay.runOnce();
      const waitMs = relay.nextAttemptAt() - Date.now();
      clearTimeout(own.timer);
      if (waitMs > 0) own.timer = setTimeout(own.loop.wake, waitMs).unref();
      return more;
    };
    const { version } = destination;
    const { onFault } = options;
    const loop = startLoop({ runOnce, everyMs: POLL_EVERY_MS, onFault });
    const own: Running = { version, relay, loop, timer: undefined };
    return own;
  };

  const looking = startLoop({
    runOnce: async () => {
      await look();
      return false;
    },
    everyMs: LOOK_EVERY_MS,
    onFault: options.onFault,
  });

  const telling = startLoop({
    runOnce: async () => {
      if (hasOthers) await leases?.notify();
      return false;
    },
    everyMs: POLL_EVERY_MS,
    // Whoever looks finds the same connection lost, and says so.
    onFault: () => undefined,
  });

  return {
    wake: () => {
      wakeOwn();
      telling.wake();
    },
    lookAgain: looking.wake,
    stop: async () => {
      await Promise.all([looking.stop(), telling.stop()]);
      await stopAll();
      await leases?.close();
    },
  };
};

interface RelayParts {
  readonly db: Leases;
  readonly reads: Pool;
  readonly reader: JournalReader;
  readonly onChanged: () => void;
}

const openRelay = (
  destination: Destination,
  { db, reads, reader, onChanged }: RelayParts,
  progress: Progress,
  { allowPrivate, retry, onAttempt }: DeliveryOptions,
): Relay => {
  const { destinationId, version, types } = destination;
  const known = { destinationId, version };
  const sourceOptions = { ...known, types: types ?? EVENT_TYPES, reads, writes: db };
  const opened = openChannel(destination, allowPrivate);
  return createRelay({
    channel: opened.channel,
    retry: retry ?? opened.retry,
    sources: [
      createLiveSource(sourceOptions, reader, progress),
      createReplaySource(sourceOptions),
      createDeadLetterSource(sourceOptions),
    ],
    onAttempt: async (attempt) => {
      onAttempt?.(destination, attempt);
      // The source has written down what was taken.
      if (attempt.outcome !== 'delivered') await recordFailure(db, { destinationId, ...attempt });
    },
    isCurrent: async () => (await findCurrent(reads, known)) !== undefined,
    onChanged,
    onGone: async () => {
      await pauseDestination(db, known);
    },
  });
};
