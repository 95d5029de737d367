import type { Pool } from 'pg';
import { startLoop, type Loop } from '../database/loop.ts';
import { createJournalReader } from '../journal/index.ts';
import type { Tracer } from '../tracing/index.ts';
import { pollActive } from './active-destinations.ts';
import { openRelay, type SendOptions } from './destination-relay.ts';
import type { Destination } from './destination.ts';
import { openLeases, type Leases } from './lease.ts';
import type { Relay } from './relay.ts';

export interface RelaysOptions extends SendOptions {
  /** The wait for an answer of the database, after which the connection of the leases is lost. */
  readonly answerMs?: number;
  readonly onFault: (error: unknown) => void;
}

export interface Relays {
  /** Must be called after a commit of this process. */
  readonly wake: () => void;
  /** Must be called after this process has changed a destination. */
  readonly pollNow: () => void;
  readonly stop: () => Promise<void>;
}

interface RunningRelay {
  /** The destination's version for which the relay was created. */
  readonly version: number;
  readonly relay: Relay;
  readonly loop: Loop;
  timer: NodeJS.Timeout | undefined;
}

/** How late a commit is noticed when its notification is lost. */
const RELAY_EVERY_MS = 1_000;
/** The pause after a destination that did not open; a change of it ends the pause. */
const REOPEN_MS = 60_000;

/**
 * Runs a relay for each active destination whose lease this process holds: one process at a time
 * sends to a destination (`openLeases`). When a process ends, the others acquire its leases.
 */
export const startRelays = (
  url: string,
  reads: Pool,
  options: RelaysOptions,
  tracer?: Tracer,
): Relays => {
  const { answerMs, onFault } = options;
  let reader = createJournalReader(reads);
  const running = new Map<string, RunningRelay>();
  const unopened = new Map<string, { readonly version: number; readonly untilMs: number }>();
  let leases: Leases | undefined;
  let othersSend = false;

  const wakeRelays = (): void => {
    for (const { loop } of running.values()) loop.wake();
  };

  /** The leases. After a lost connection stops all relays and opens new leases. */
  const connect = async (): Promise<Leases> => {
    if (leases?.connected() === true) return leases;
    await stopRelays();
    await leases?.close().catch(() => undefined);
    leases = await openLeases(url, wakeRelays, answerMs);
    // A failover may have lost commits, so what was decided before may be undecided now.
    reader = createJournalReader(reads);
    return leases;
  };

  const startRelay = async (destination: Destination, held: Leases): Promise<void> => {
    const parts = { leases: held, reads, reader, tracer, onChanged: polling.wake };
    const relay = await openRelay(destination, parts, options);
    const runOnce = async (): Promise<boolean> => {
      // Without the lease nothing more is sent.
      if (!held.connected()) return false;
      const more = await relay.runOnce();
      const waitMs = relay.nextAttemptAt() - Date.now();
      clearTimeout(own.timer);
      if (waitMs > 0) own.timer = setTimeout(own.loop.wake, waitMs).unref();
      return more;
    };
    const loop = startLoop({ runOnce, everyMs: RELAY_EVERY_MS, onFault });
    const own: RunningRelay = { version: destination.version, relay, loop, timer: undefined };
    running.set(destination.destinationId, own);
  };

  const stopRelay = async (
    destinationId: string,
    { relay, loop, timer }: RunningRelay,
  ): Promise<void> => {
    running.delete(destinationId);
    clearTimeout(timer);
    await relay.close();
    await loop.stop();
  };

  const stopRelays = async (): Promise<void> => {
    await Promise.all([...running].map(([id, each]) => stopRelay(id, each)));
  };

  /** Stops the relays of changed destinations and starts missing ones. */
  const update = async (destinations: readonly Destination[], held: Leases): Promise<void> => {
    const active = new Map(destinations.map((each) => [each.destinationId, each]));
    for (const [id, each] of running) {
      if (active.get(id)?.version === each.version) continue;
      await stopRelay(id, each);
      await held.release(id);
    }
    for (const [id, destination] of active) {
      const { version } = destination;
      const failed = unopened.get(id);
      const isPaused = failed?.version === version && performance.now() < failed.untilMs;
      if (running.has(id) || isPaused || !(await held.acquire(id))) continue;
      try {
        await startRelay(destination, held);
        unopened.delete(id);
      } catch (cause) {
        // The other destinations do not wait for it.
        unopened.set(id, { version, untilMs: performance.now() + REOPEN_MS });
        onFault(new Error(`the destination ${id} does not open`, { cause }));
        await held.release(id);
      }
    }
    othersSend = active.size > running.size;
  };

  const polling = pollActive({ connect, onPoll: update, onFault });

  const notifying = startLoop({
    runOnce: async () => {
      if (othersSend) await leases?.notify();
      return false;
    },
    everyMs: RELAY_EVERY_MS,
    // The poll fails on the same connection and reports it.
    onFault: () => undefined,
  });

  return {
    wake: () => {
      wakeRelays();
      notifying.wake();
    },
    pollNow: polling.wake,
    stop: async () => {
      await Promise.all([polling.stop(), notifying.stop()]);
      await stopRelays();
      await leases?.close();
    },
  };
};
