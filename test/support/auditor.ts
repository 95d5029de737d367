import { onTestFinished } from 'vitest';
import { startAuditor, type AuditorOptions, type Round } from '../../src/audit/rounds/auditor.ts';
import {
  findProgress,
  listViolations,
  requestRun,
  type ListViolationsRow,
} from '../../src/audit/rounds/queries.gen.ts';
import { openPool } from '../../src/database/session.ts';
import { waitUntil } from './wait.ts';

/** Rounds only when asked, each of which visits everything. */
const PACE = { everyMs: 3_600_000, scrubMs: 3_600_000 };

export interface TestAuditor {
  /** Runs a whole round, in any process, and returns the open violations. */
  readonly prove: () => Promise<ListViolationsRow[]>;
  readonly rounds: readonly Round[];
  readonly stop: () => Promise<void>;
}

/** Starts an audit on a database; it stops after the test. */
export const startTestAuditor = (
  url: string,
  options: Pick<AuditorOptions, 'limit' | 'countMax' | 'queryMaxMs'> = {},
): TestAuditor => {
  const pool = openPool(url, 3);
  const rounds: Round[] = [];
  const faults: unknown[] = [];
  const auditor = startAuditor(url, pool, {
    ...PACE,
    ...options,
    onRound: (round) => rounds.push(round),
    onFault: (error) => faults.push(error),
  });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= auditor.stop().then(() => pool.end()));
  onTestFinished(stop);
  /** Runs a round that begins after the call. */
  const runRound = async (): Promise<void> => {
    const { run } = (await requestRun(pool))!;
    await waitUntil(async () => {
      if (faults.length > 0) throw faults[0];
      return (await findProgress(pool))!.answered >= run;
    }, 'a round of the audit');
  };
  return {
    prove: async () => {
      await runRound();
      return listViolations(pool, { limit: 1_000 });
    },
    rounds,
    stop,
  };
};
