import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isUnreachable } from '../database/unreachable.ts';
import { issueToken, loadSigningKey } from '../identity/index.ts';
import { moveMoney } from './bank.ts';
import { createCalls, type Draws, type Figures } from './calls.ts';
import { withClient } from './database.ts';
import { judgeAtRest } from './ending.ts';
import { Interrupted, VerifyFault } from './fault.ts';
import { causeFaults } from './faults.ts';
import { createFindings, type CheckResult, type Violation } from './findings.ts';
import { createLedger } from './ledger.ts';
import { createProcesses } from './processes.ts';
import { findServerVersion } from './queries.gen.ts';
import { raceForStock } from './race.ts';
import { readWallet } from './reader.ts';
import { createCallsOf, openShop } from './shop.ts';
import { createSnapshots } from './snapshots.ts';
import { repeatKey } from './storm.ts';
import type { Round, Workplace } from './workload.ts';

export interface VerifyOptions {
  /** A database for this run alone. */
  readonly databaseUrl: string;
  readonly seconds: number;
  readonly processes: number;
  readonly seed: number;
  readonly createDraws: (seed: number) => Draws;
  readonly onProgress: (progress: Progress) => void;
  readonly onViolation: (violation: Violation) => void;
  /** Interrupts the run, which then throws `Interrupted`. */
  readonly signal: AbortSignal;
}

/** The figures of a run so far. */
export interface Progress extends Readonly<Figures> {
  /** The time under load. */
  readonly seconds: number;
  readonly orders: number;
  readonly violations: number;
}

export interface Verdict {
  readonly holds: boolean;
  readonly serverVersion: string;
  readonly figures: Progress;
  readonly checks: readonly CheckResult[];
}

/** The workloads and how many of each run at once. */
const WORKLOADS: Readonly<Record<string, readonly [round: Round, atOnce: number]>> = {
  bank: [moveMoney, 10],
  race: [raceForStock, 1],
  storm: [repeatKey, 2],
  reader: [readWallet, 2],
};

const PROGRESS_MS = 5_000;
const SNAPSHOT_PAUSE_MS = 250;
/** A snapshot scans the transfers, so it takes at most this share of the time. */
const SNAPSHOT_SHARE = 0.1;
const TOKEN_SPARE_SECONDS = 86_400;

/** A number for each name and seed, so that no choice depends on who draws first (FNV-1a). */
const seedOf = (seed: number, name: string): number => {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const character of name) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
};

/**
 * Loads service processes on a database while it kills them and cuts their connections, and judges
 * every answer and the tables. Throws `VerifyFault` when the run cannot go on, `Interrupted` on the
 * signal; no process is left in any case.
 */
export const verify = async (options: VerifyOptions): Promise<Verdict> => {
  const { databaseUrl, processes: count, seed, createDraws, signal } = options;
  const drawsOf = (name: string): Draws => createDraws(seedOf(seed, name));
  const dataDirectory = await mkdtemp(join(tmpdir(), 'moa-verify-keys-'));
  const failing = new AbortController();
  const ending = AbortSignal.any([signal, failing.signal]);
  const findings = createFindings(options.onViolation);
  const ledger = createLedger();
  const processes = createProcesses({
    databaseUrl,
    dataDirectory,
    count,
    onStarted: () => findings.made('processes'),
    onEnded: (subject, found) =>
      findings.violate({ check: 'processes', subject, expected: 'a process that runs', found }),
    onFault: (error) => failing.abort(error),
  });
  const token = await issueToken(await loadSigningKey(dataDirectory), {
    role: 'service',
    userId: 'verify',
    expiresInSeconds: Math.ceil(options.seconds) + TOKEN_SPARE_SECONDS,
  });
  const { urls } = processes;
  const calls = createCalls({ token, urls, findings, draws: drawsOf('ways'), signal: ending });
  // Ctrl-C reaches the processes too: they end then, and nobody may call that a violation.
  const kill = (): void => void processes.stopAll('SIGKILL');
  ending.addEventListener('abort', kill, { once: true });

  try {
    signal.throwIfAborted();
    const version = await withClient(databaseUrl, (client) => findServerVersion(client));
    await processes.start();
    const callsOf = createCallsOf(ledger);
    const shelf = await openShop(calls, callsOf);
    const workplace = { calls, callsOf, ledger, findings, shelf, urls };
    const snapshots = createSnapshots(databaseUrl, ledger, findings);
    const started = performance.now();
    let loadMs: number | undefined;
    const progress = (): Progress => ({
      ...calls.figures,
      seconds: (loadMs ?? performance.now() - started) / 1_000,
      orders: ledger.orders(),
      violations: findings.count(),
    });

    // What happens after a violation would bury it.
    const isOver = (): boolean =>
      findings.count() > 0 || performance.now() - started >= options.seconds * 1_000;
    const load = runWorkloads(workplace, drawsOf, isOver);
    const over = new AbortController();
    const stopFaults = AbortSignal.any([ending, over.signal]);
    const reporting = setInterval(() => options.onProgress(progress()), PROGRESS_MS);
    const { figures } = calls;
    const faults = causeFaults({
      databaseUrl,
      processes,
      count,
      figures,
      drawsOf,
      signal: stopFaults,
    });
    const reading = takeSnapshots(snapshots.take, stopFaults);
    const settled = load.finally(() => over.abort());
    try {
      await raceAll([settled, faults, reading], failing);
    } finally {
      clearInterval(reporting);
    }
    loadMs = performance.now() - started;
    options.onProgress(progress());
    await judgeAtRest({
      databaseUrl,
      processes,
      calls,
      ledger,
      snapshots,
      findings,
      signal: ending,
    });
    const checks = findings.results();
    return {
      holds: findings.count() === 0,
      serverVersion: version?.version ?? '',
      figures: progress(),
      checks,
    };
  } catch (error) {
    if (signal.aborted) throw new Interrupted('interrupted');
    throw explain(failing.signal.aborted ? failing.signal.reason : error);
  } finally {
    ending.removeEventListener('abort', kill);
    await processes.stopAll('SIGKILL');
    await calls.close();
    await rm(dataDirectory, { recursive: true, force: true });
  }
};

const explain = (error: unknown): unknown =>
  isUnreachable(error)
    ? new VerifyFault(`PostgreSQL does not answer: ${(error as Error).message}`)
    : error;

/** Waits for all; the first failure ends the others. */
const raceAll = async (
  parts: readonly Promise<void>[],
  failing: AbortController,
): Promise<void> => {
  const guarded = parts.map((part) =>
    part.catch((error: unknown) => {
      failing.abort(error);
      throw error;
    }),
  );
  const results = await Promise.allSettled(guarded);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
};

const runWorkloads = async (
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

const takeSnapshots = async (take: () => Promise<void>, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const started = performance.now();
    await take();
    const tookMs = performance.now() - started;
    const pauseMs = Math.max(SNAPSHOT_PAUSE_MS, tookMs / SNAPSHOT_SHARE);
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }
};
