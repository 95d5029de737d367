import { setTimeout as delay } from 'node:timers/promises';
import type { Figures } from './calls.ts';
import type { Draws } from './draws.ts';
import { withClient } from './database.ts';
import type { Processes } from './processes.ts';
import { cutConnections } from './queries.gen.ts';

/** Pauses between two faults of a kind: long enough that the service works in between. */
const KILL_MS = { min: 800, max: 4_000 };
const CUT_MS = { min: 200, max: 1_500 };
const CUT_MAX = 4;
/** Cuts while a process starts are rarer, or none would be back soon. */
const CUT_AT_START_SHARE = 0.1;

interface FaultOptions {
  readonly databaseUrl: string;
  readonly processes: Processes;
  readonly count: number;
  readonly figures: Figures;
  readonly drawsOf: (name: string) => Draws;
  /** Ends the faults. */
  readonly signal: AbortSignal;
}

/** Waits; false once the faults are over. */
const pause = async (ms: number, signal: AbortSignal): Promise<boolean> => {
  await delay(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
};

/**
 * Kills service processes and cuts their connections to the database at random moments, until the
 * signal. Processes that start at that moment are not waited for.
 */
export const causeFaults = async (options: FaultOptions): Promise<void> => {
  const { databaseUrl, processes, count, figures, drawsOf, signal } = options;
  const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));

  const killOnAndOn = async (): Promise<void> => {
    const draws = drawsOf('kills');
    while (await pause(draws.between(KILL_MS.min, KILL_MS.max), signal)) {
      const victim = draws.between(0, count - 1);
      // Sometimes all of them, as when a machine is lost.
      const isEveryone = draws.chance(0.2);
      const victims = isEveryone ? Array.from({ length: count }, (_, index) => index) : [victim];
      figures.kills += victims.length;
      const restarted = Promise.all(victims.map((index) => processes.crash(index)));
      await Promise.race([restarted, aborted]);
    }
  };

  const cutOnAndOn = (): Promise<void> =>
    withClient(databaseUrl, async (client) => {
      const draws = drawsOf('cuts');
      while (await pause(draws.between(CUT_MS.min, CUT_MS.max), signal)) {
        const number = draws.between(1, CUT_MAX);
        const spares = !draws.chance(CUT_AT_START_SHARE);
        if (spares && processes.urls().length < count) continue;
        const rows = await cutConnections(client, { count: number });
        figures.cuts += rows.filter(({ ended }) => ended).length;
      }
    });

  await Promise.all([killOnAndOn(), cutOnAndOn()]);
};
