import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isUnreachable } from '../database/unreachable.ts';
import { issueToken, loadSigningKey } from '../identity/index.ts';
import { createCalls, type Calls, type Figures } from './calls.ts';
import { withClient } from './database.ts';
import { seedOf, type Draws } from './draws.ts';
import { judgeAtRest } from './ending.ts';
import { Interrupted, VerifyFault } from './fault.ts';
import { causeFaults } from './faults.ts';
import { createFindings, type CheckResult, type Findings, type Violation } from './findings.ts';
import { createLedger } from './ledger.ts';
import { runWorkloads, takeSnapshots } from './load.ts';
import { createProcesses, type ProcessOptions, type Processes } from './processes.ts';
import { findServerVersion } from './queries.gen.ts';
import { createCallsOf, openShop } from './shop.ts';
import { createSnapshots } from './snapshots.ts';

export interface VerifyOptions {
  /** A database for this run alone. */
  readonly databaseUrl: string;
  readonly seconds: number;
  readonly processes: number;
  readonly seed: number;
  readonly createDraws: (seed: number) => Draws;
  readonly findAddress: ProcessOptions['findAddress'];
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

const PROGRESS_MS = 5_000;
/** The token is valid for this time beyond the load. */
const TOKEN_SPARE_SECONDS = 86_400;

/**
 * Loads service processes on a database while it kills them and cuts their connections, and judges
 * every answer and the tables. The load ends at the first violation. Throws `VerifyFault` when the
 * run cannot continue, `Interrupted` on the signal; no process is left in any case.
 */
export const verify = async (options: VerifyOptions): Promise<Verdict> => {
  const { databaseUrl, processes: count, seed, createDraws, signal } = options;
  const drawsOf = (name: string): Draws => createDraws(seedOf(seed, name));
  const dataDirectory = await mkdtemp(join(tmpdir(), 'moa-verify-keys-'));
  const failing = new AbortController();
  const ending = AbortSignal.any([signal, failing.signal]);
  const findings = createFindings(options.onViolation);
  const processes = createProcesses({
    databaseUrl,
    dataDirectory,
    count,
    findAddress: options.findAddress,
    onStarted: () => findings.made('processes'),
    onEnded: (subject, found) =>
      findings.violate({ check: 'processes', subject, expected: 'a process that runs', found }),
    onFault: (error) => failing.abort(error),
  });
  // Ctrl-C reaches the processes too: they end then, and nobody may call that a violation.
  const kill = (): void => void processes.stopAll('SIGKILL');
  ending.addEventListener('abort', kill, { once: true });
  const token = await issueToken(await loadSigningKey(dataDirectory), {
    role: 'service',
    userId: 'verify',
    expiresInSeconds: Math.ceil(options.seconds) + TOKEN_SPARE_SECONDS,
  });
  const { urls } = processes;
  const calls = createCalls({ token, urls, findings, draws: drawsOf('ways'), signal: ending });
  try {
    signal.throwIfAborted();
    return await run({ options, drawsOf, processes, calls, findings, failing, ending });
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

interface Parts {
  readonly options: VerifyOptions;
  readonly drawsOf: (name: string) => Draws;
  readonly processes: Processes;
  readonly calls: Calls;
  readonly findings: Findings;
  /** Ends the run on a failure of one part. */
  readonly failing: AbortController;
  /** Aborts on a failure and when the run is interrupted. */
  readonly ending: AbortSignal;
}

const run = async (parts: Parts): Promise<Verdict> => {
  const { options, drawsOf, processes, calls, findings, failing, ending } = parts;
  const { databaseUrl, processes: count } = options;
  const { urls } = processes;
  const { figures } = calls;
  const version = await withClient(databaseUrl, (client) => findServerVersion(client));
  await processes.start();
  const ledger = createLedger();
  const callsOf = createCallsOf(ledger);
  const shelf = await openShop(calls, callsOf);
  const snapshots = createSnapshots(databaseUrl, ledger, findings);

  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1_000;
  const progress = (seconds: number): Progress => ({
    ...figures,
    seconds,
    orders: ledger.orders(),
    violations: findings.count(),
  });
  // What happens after a violation would bury it.
  const isOver = (): boolean => findings.count() > 0 || elapsed() >= options.seconds;
  const over = new AbortController();
  const signal = AbortSignal.any([ending, over.signal]);
  const workplace = { calls, callsOf, ledger, findings, shelf, urls };
  const load = runWorkloads(workplace, drawsOf, isOver).finally(() => over.abort());
  const faults = causeFaults({ databaseUrl, processes, count, figures, drawsOf, signal });
  const reading = takeSnapshots(snapshots.take, signal);
  const reporting = setInterval(() => options.onProgress(progress(elapsed())), PROGRESS_MS);
  await endTogether([load, faults, reading], failing).finally(() => clearInterval(reporting));

  const loaded = progress(elapsed());
  options.onProgress(loaded);
  await judgeAtRest({
    databaseUrl,
    processes,
    calls,
    ledger,
    snapshots,
    findings,
    signal: ending,
  });
  return {
    holds: findings.count() === 0,
    serverVersion: version?.version ?? '',
    figures: { ...loaded, violations: findings.count() },
    checks: findings.results(),
  };
};

/** Waits for all parts; the first failure ends the others. */
const endTogether = async (
  parts: readonly Promise<void>[],
  failing: AbortController,
): Promise<void> => {
  const fail = (error: unknown): never => {
    failing.abort(error);
    throw error;
  };
  const results = await Promise.allSettled(parts.map((part) => part.catch(fail)));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
};

const explain = (error: unknown): unknown =>
  isUnreachable(error)
    ? new VerifyFault(`PostgreSQL does not answer: ${(error as Error).message}`)
    : error;
