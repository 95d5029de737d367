import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { openLeaseClient } from '../../database/lease-client.ts';
import { startLoop, type Loop } from '../../database/loop.ts';
import { closeClient } from '../../database/session.ts';
import { createJournalReader } from '../../journal/index.ts';
import type { Violation } from '../difference.ts';
import type { Pace } from '../scrub/scrub.ts';
import { keepNewAnswers } from './keep-answers.ts';
import { listenForRuns, tryLease } from './queries.gen.ts';
import { restOf } from './rest.ts';
import { LeaseLost, runStep, type Step } from './step.ts';
import { createTouched } from './touched.ts';

/** The result of one round. */
export interface Round {
  readonly ms: number;
  /** Whether every event of the round's snapshot is proven. */
  readonly isComplete: boolean;
  /** The violations that the round has found, some of them not for the first time. */
  readonly violations: readonly Violation[];
}

export interface AuditorOptions extends Pace {
  /** The maximum number of events of a step. */
  readonly limit?: number | undefined;
  /**
   * After this time the database cancels a statement, 20 seconds by default. When it has not
   * answered two seconds later, the connection is lost with the lease.
   */
  readonly queryMaxMs?: number;
  readonly onRound: (round: Round) => void;
  readonly onFault: (error: unknown) => void;
}

/** Positions and snapshots are read within seconds; a hanging database must not hang a round. */
const QUERY_MAX_MS = 20_000;
const CANCEL_MS = 2_000;
/** Longer than a healthy transaction; the frontier before is then used. */
const PATIENCE_MS = 2_000;
/** How often another process tries to take the lease. */
const POLL_EVERY_MS = 1_000;
/** Steps of a round; the next round starts at once. */
const STEPS_MAX = 200;

/** Rows are found by index, not by a scan of the table, whatever a random page costs. */
const SETTINGS = '-c random_page_cost=1.1';

/** A connection that holds the lease and reads the snapshots. */
const openLeased = async (url: string, queryMaxMs: number, onNotification: () => void) => {
  const { client, connected } = await openLeaseClient(url, {
    name: 'moa auditor',
    answerMs: queryMaxMs + CANCEL_MS,
    settings: `${SETTINGS} -c statement_timeout=${queryMaxMs}`,
    onNotification,
  });
  let isHeld = false;
  return {
    client,
    connected,
    /** Whether this process holds the lease, which it keeps until the connection ends. */
    hold: async (): Promise<boolean> => {
      if (isHeld) return true;
      isHeld = (await tryLease(client))?.taken === true;
      if (isHeld) await listenForRuns(client);
      return isHeld;
    },
  };
};

type Leased = Awaited<ReturnType<typeof openLeased>>;

/**
 * Audits in rounds, in one process at a time however many run: the lease is an advisory lock, which
 * ends with its connection (PostgreSQL documentation, section 13.3.5). `pool` needs two connections
 * and is for the auditor alone.
 */
export const startAuditor = (url: string, pool: Pool, options: AuditorOptions): Loop => {
  const { limit, queryMaxMs = QUERY_MAX_MS, onRound, onFault, ...pace } = options;
  const { everyMs } = pace;
  const reader = createJournalReader(pool);
  const stopping = new AbortController();
  let leased: Leased | undefined;
  let isWoken = false;
  let roundAt = 0;

  const wake = (): void => {
    isWoken = true;
    loop.wake();
  };

  const connect = async (): Promise<Leased> => {
    if (leased?.connected() === true) return leased;
    if (leased !== undefined) await closeClient(leased.client).catch(() => undefined);
    leased = await openLeased(url, queryMaxMs, wake);
    return leased;
  };

  const runRound = async ({ client }: Leased): Promise<Round> => {
    const began = performance.now();
    const { position: decided, time } = await reader.findFrontier(PATIENCE_MS);
    const touched = createTouched();
    const violations: Violation[] = [];
    let step: Step | undefined;
    let [tookMs, spentMs] = [0, 0];
    for (let steps = 0; steps < STEPS_MAX && step?.isComplete !== true; steps++) {
      const restMs = restOf(spentMs, tookMs, everyMs);
      await delay(restMs, undefined, { signal: stopping.signal, ref: false });
      const begun = performance.now();
      step = await runStep({ snapshots: client, pool, touched, pace, decided, began, limit });
      tookMs = performance.now() - begun;
      spentMs += tookMs;
      violations.push(...step.violations);
    }
    await keepNewAnswers(pool, time);
    const isComplete = step?.isComplete === true;
    return { ms: performance.now() - began, isComplete, violations };
  };

  const runOnce = async (): Promise<boolean> => {
    const own = await connect();
    if (!(await own.hold()) || (!isWoken && performance.now() < roundAt)) return false;
    isWoken = false;
    const began = performance.now();
    // A round that fails is not repeated at once.
    roundAt = began + everyMs;
    const round = await runRound(own);
    onRound(round);
    if (!round.isComplete) roundAt = began;
    return !round.isComplete;
  };

  const loop = startLoop({
    runOnce,
    everyMs: Math.min(POLL_EVERY_MS, everyMs),
    onFault: (error) => {
      const isExpected = error instanceof LeaseLost || stopping.signal.aborted;
      if (!isExpected) onFault(error);
    },
  });
  return {
    wake,
    stop: async () => {
      stopping.abort();
      await loop.stop();
      if (leased !== undefined) await closeClient(leased.client);
    },
  };
};
