/**
 * What the database has, as metrics that are the same in every process. What a process itself does
 * is in `process-metrics.ts`.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { Gauge, type Registry } from '@prometheus-io/client';
import { readProof, type Proof } from './audit/proof.ts';
import { shareRunning } from './database/loader.ts';
import { readBacklogs, type Backlog } from './delivery/index.ts';
import { readExpiryLag } from './order/index.ts';

interface BacklogGauge {
  readonly name: string;
  readonly help: string;
  readonly valueOf: (backlog: Backlog) => number;
}

/** A scrape does not wait longer for a database that hangs. */
const READ_MAX_MS = 800;

/**
 * Reads once at a time, for all gauges and scrapes that ask meanwhile; undefined while the database
 * does not answer.
 */
const createTimedRead = <Found>(read: () => Promise<Found>): (() => Promise<Found | undefined>) => {
  const readShared = shareRunning(() => read().catch(() => undefined));
  return () => Promise.race([readShared(), delay(READ_MAX_MS, undefined, { ref: false })]);
};

/**
 * Exports what each destination has not received, as the database has it: the same in every
 * process. Exports nothing while the database does not answer.
 */
export const measureBacklogs = (registry: Registry, db: Pool): readonly Gauge[] => {
  const read = createTimedRead(() => readBacklogs(db));
  const gauge = ({ name, help, valueOf }: BacklogGauge): Gauge =>
    new Gauge({
      name,
      help,
      labelNames: ['destination'],
      registers: [registry],
      aggregator: 'max',
      async collect() {
        const backlogs = await read();
        this.reset();
        for (const backlog of backlogs ?? []) {
          this.set({ destination: backlog.destinationId }, valueOf(backlog));
        }
      },
    });
  return [
    gauge({
      name: 'moa_delivery_lag_seconds',
      help: 'The age of the oldest event that a destination has not received',
      valueOf: ({ lagMs }) => lagMs / 1_000,
    }),
    gauge({
      name: 'moa_delivery_pending_events',
      help: 'Events that a destination has not received, counted up to a limit',
      valueOf: ({ pending }) => pending,
    }),
    gauge({
      name: 'moa_delivery_dead_letters',
      help: 'Events that a destination rejected and that were given up',
      valueOf: ({ deadLetters }) => deadLetters,
    }),
  ];
};

interface ProofGauge {
  readonly name: string;
  readonly help: string;
  readonly valueOf: (proof: Proof) => number;
}

/**
 * Exports what the audit has proven, as the database has it: the same in every process. Exports
 * nothing while the database does not answer.
 */
export const measureProof = (registry: Registry, db: Pool): readonly Gauge[] => {
  const read = createTimedRead(() => readProof(db));
  const gauge = ({ name, help, valueOf }: ProofGauge): Gauge =>
    new Gauge({
      name,
      help,
      registers: [registry],
      aggregator: 'max',
      async collect() {
        const proof = await read();
        // A reset would export a 0, which looks like a proof.
        this.remove();
        if (proof !== undefined) this.set(valueOf(proof));
      },
    });
  return [
    gauge({
      name: 'moa_audit_violations',
      help: 'Open violations; one that violates several invariants counts for each',
      valueOf: ({ violations }) => [...violations.values()].reduce((sum, each) => sum + each, 0),
    }),
    gauge({
      name: 'moa_audit_position',
      help: 'The position up to which every event is proven',
      valueOf: ({ position }) => position,
    }),
    gauge({
      name: 'moa_audit_lag_events',
      help: 'Events that are not proven yet, at most',
      valueOf: ({ lag }) => lag,
    }),
    gauge({
      name: 'moa_audit_age_seconds',
      help: 'The age of the last snapshot that was proven',
      valueOf: ({ ageMs }) => ageMs / 1_000,
    }),
    gauge({
      name: 'moa_audit_scrub_age_seconds',
      help: 'The age of the oldest whole pass of the scrub',
      valueOf: ({ scrubAgeMs }) => scrubAgeMs / 1_000,
    }),
    gauge({
      name: 'moa_audit_rounds_total',
      help: 'Rounds of the audit of all processes that have proven a snapshot',
      valueOf: ({ rounds }) => rounds,
    }),
  ];
};

/**
 * Exports how late the expiry of reservations is, as the database has it: the same in every
 * process. Exports nothing while the database does not answer.
 */
export const measureExpiry = (registry: Registry, db: Pool): Gauge => {
  const read = createTimedRead(() => readExpiryLag(db));
  return new Gauge({
    name: 'moa_expiry_lag_seconds',
    help: 'How long ago the oldest order that is still pending should have expired',
    registers: [registry],
    aggregator: 'max',
    async collect() {
      const lagMs = await read();
      this.remove();
      if (lagMs !== undefined) this.set(lagMs / 1_000);
    },
  });
};
