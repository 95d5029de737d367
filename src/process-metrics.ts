/**
 * What this process does and holds, as metrics and log lines. What the database has is in
 * `state-metrics.ts`.
 */

import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client';
import type { AuditorOptions } from './audit/rounds/auditor.ts';
import type { GroupCommit, GroupCommitOptions } from './commit/index.ts';
import type { Refusal } from './contract/index.ts';
import type { DeliveryOptions } from './delivery/index.ts';
import type { Event, JournalReader } from './journal/index.ts';
import type { CheckedReadiness } from './readiness.ts';
import { readServerVersion } from './settings/index.ts';

/** Exports the versions that this process runs with, as labels of a constant. */
export const measureBuild = async (
  registry: Registry,
  db: Pool,
  version: string,
): Promise<void> => {
  const postgres = (await readServerVersion(db))?.version ?? 'unknown';
  new Gauge({
    name: 'moa_build_info',
    help: 'The versions of Moa, Node.js and PostgreSQL; the value is 1',
    labelNames: ['version', 'node', 'postgres'],
    registers: [registry],
    aggregator: 'first',
  }).set({ version, node: process.versions.node, postgres }, 1);
};

/** Measures and logs the batches of the group commit. */
export const measureCommit = (
  registry: Registry,
  log: Logger,
): Required<Pick<GroupCommitOptions<Event>, 'onBatch' | 'onFault'>> => {
  const sizes = new Histogram({
    name: 'moa_commit_batch_commands',
    help: 'Commands in a transaction',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'moa_commit_batch_seconds',
    help: 'Time from begin to commit of a transaction',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  const faults = new Counter({
    name: 'moa_commit_faults_total',
    help: 'Failed attempts at a transaction, including those that were retried',
    registers: [registry],
  });
  return {
    onBatch: ({ size, durationMs }) => {
      sizes.observe(size);
      seconds.observe(durationMs / 1_000);
    },
    onFault: (error, operations) => {
      faults.inc();
      log.error({ err: error, operations: [...new Set(operations)] }, 'a batch failed');
    },
  };
};

/** Counts deliveries and logs failed ones. */
export const measureDelivery = (
  registry: Registry,
  log: Logger,
): Required<Pick<DeliveryOptions, 'onAttempt'>> => {
  const attempts = new Counter({
    name: 'moa_delivery_attempts_total',
    help: 'Attempts to send events to a destination, by outcome',
    labelNames: ['destination', 'outcome'],
    registers: [registry],
  });
  const events = new Counter({
    name: 'moa_delivery_events_total',
    help: 'Delivered events of a destination',
    labelNames: ['destination'],
    registers: [registry],
  });
  return {
    onAttempt: ({ destinationId, name }, { outcome, detail, events: count, nextAttemptAt }) => {
      attempts.inc({ destination: destinationId, outcome });
      if (outcome === 'delivered') events.inc({ destination: destinationId }, count);
      else log.warn({ destinationId, name, outcome, detail, nextAttemptAt }, 'a delivery failed');
    },
  };
};

/** Measures the rounds of the audit in this process and logs what they find. */
export const measureAudit = (registry: Registry, log: Logger): Pick<AuditorOptions, 'onRound'> => {
  const seconds = new Histogram({
    name: 'moa_audit_round_seconds',
    help: 'The duration of a round of the audit in this process',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  });
  const found = new Counter({
    name: 'moa_audit_violations_found_total',
    help: 'Violations that the rounds of this process have found, by invariant',
    labelNames: ['invariant'],
    registers: [registry],
  });
  return {
    onRound: ({ ms, violations }) => {
      seconds.observe(ms / 1_000);
      for (const { invariants, ...violation } of violations) {
        for (const invariant of invariants) found.inc({ invariant });
        log.error({ invariants, ...violation }, 'an invariant is violated');
      }
    },
  };
};

/** Exports the number of commands that wait for a transaction, and its limit. */
export const measureQueue = (
  registry: Registry,
  commit: GroupCommit<Event, Refusal>,
  queueMax: number,
): readonly Gauge[] => [
  new Gauge({
    name: 'moa_commit_queue_commands',
    help: 'Commands that wait for a transaction',
    registers: [registry],
    collect() {
      this.set(commit.depth());
    },
  }),
  new Gauge({
    name: 'moa_commit_queue_max_commands',
    help: 'The most commands that may wait for a transaction under a load that lasts',
    registers: [registry],
    collect() {
      this.set(queueMax);
    },
  }),
];

/** Exports the connections for reads, their limit and what waits for one. */
export const measurePool = (
  registry: Registry,
  pool: Pick<Pool, 'totalCount' | 'idleCount' | 'waitingCount' | 'options'>,
): readonly Gauge[] => [
  new Gauge({
    name: 'moa_read_connections',
    help: 'Connections to the database for reads, by state',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'used' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
    },
  }),
  new Gauge({
    name: 'moa_read_connections_max',
    help: 'The most connections to the database for reads',
    registers: [registry],
    collect() {
      this.set(pool.options.max);
    },
  }),
  new Gauge({
    name: 'moa_read_queue_statements',
    help: 'Statements that wait for a connection for reads',
    registers: [registry],
    collect() {
      this.set(pool.waitingCount);
    },
  }),
];

/** Exports how long the journal's reader has waited for transactions to end. */
export const measureJournal = (
  registry: Registry,
  reader: Pick<JournalReader, 'waitingMs'>,
): Gauge =>
  new Gauge({
    name: 'moa_journal_undecided_seconds',
    help: 'How long the oldest undecided position has been undecided',
    registers: [registry],
    aggregator: 'max',
    collect() {
      this.set(reader.waitingMs() / 1_000);
    },
  });

/** Exports what `/readyz` answers: whether each check has passed, and all of them. */
export const measureReadiness = (
  registry: Registry,
  ready: () => Promise<CheckedReadiness>,
): readonly Gauge[] => [
  new Gauge({
    name: 'moa_ready',
    help: 'Whether the service can answer requests: 1 or 0',
    registers: [registry],
    aggregator: 'min',
    async collect() {
      this.set((await ready()).ready ? 1 : 0);
    },
  }),
  new Gauge({
    name: 'moa_ready_check',
    help: 'Whether a check of /readyz has passed: 1 or 0',
    labelNames: ['check'],
    registers: [registry],
    aggregator: 'min',
    async collect() {
      const { passed } = await ready();
      this.reset();
      for (const [check, hasPassed] of Object.entries(passed)) {
        this.set({ check }, hasPassed ? 1 : 0);
      }
    },
  }),
];
