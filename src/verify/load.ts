import { setTimeout as delay } from 'node:timers/promises';
import { moveMoney } from './bank.ts';
import type { Draws } from './draws.ts';
import { raceForStock } from './race.ts';
import { readWallet } from './reader.ts';
import { repeatKey } from './storm.ts';
import type { Round, Workplace } from './workload.ts';

/** The workloads and how many of each run at once. */
const WORKLOADS: Readonly<Record<string, readonly [round: Round, atOnce: number]>> = {
  bank: [moveMoney, 10],
  race: [raceForStock, 1],
  storm: [repeatKey, 2],
  reader: [readWallet, 2],
};

const SNAPSHOT_PAUSE_MS = 250;
/** A snapshot scans the transfers, so it takes at most this share of the time. */
const SNAPSHOT_SHARE = 0.1;

/** Repeats rounds of every workload until `isOver`; each round ends first. */
export const runWorkloads = async (
  workplace: Workplace,
  drawsOf: (name: string) => Draws,
  isOver: () => boolean,
): Promise<void> => {
  const runOnAndOn = async (round: Round, name: string): Promise<void> => {
    for (let number = 1; !isOver(); number++) {
      const key = `${name}-${number}`;
      await round(workplace, drawsOf(key), key);
    }
  };
  await Promise.all(
    Object.entries(WORKLOADS).flatMap(([name, [round, atOnce]]) =>
      Array.from({ length: atOnce }, (_, index) => runOnAndOn(round, `${name}-${index + 1}`)),
    ),
  );
};

/** Takes snapshots until the signal, at a pace that leaves the service its time. */
export const takeSnapshots = async (
  take: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    const started = performance.now();
    await take();
    const tookMs = performance.now() - started;
    const pauseMs = Math.max(SNAPSHOT_PAUSE_MS, tookMs / SNAPSHOT_SHARE);
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }
};
