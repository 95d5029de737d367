import { Client } from 'pg';
import type { RecordableHistogram } from 'node:perf_hooks';
import { createHistogram } from 'node:perf_hooks';
import { readMachineTimes, readProcessorTimes, type Accounted } from './processor.ts';

export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Processor time of one operation, in µs. */
export interface ProcessorUse {
  readonly selling: number;
  readonly others: number;
  readonly postgres: number;
  /** Undefined where it cannot be told from the rest. */
  readonly load: number | undefined;
}

/** What one measurement found. */
export interface Report {
  readonly operations: number;
  readonly seconds: number;
  /** In ms. */
  readonly latency: Latency | undefined;
  /** Answers with an unexpected status, by status. */
  readonly unexpected: Readonly<Record<string, number>>;
  readonly processor: ProcessorUse | undefined;
  /** The bytes of write-ahead log of one operation. */
  readonly walBytes: number;
  /** The share of the machine's time that the hypervisor took, in per cent. */
  readonly stealPercent: number | undefined;
  /** Further figures of a scenario. */
  readonly extra: Readonly<Record<string, number>>;
}

const HIGHEST_US = 600_000_000;

/** A histogram of times in µs with three exact digits (HdrHistogram, in Node.js). */
export const createLatencies = (): RecordableHistogram =>
  createHistogram({ lowest: 1, highest: HIGHEST_US, figures: 3 });

/** Records a time in ms; a longer one than the histogram takes counts as its highest. */
export const recordMs = (latencies: RecordableHistogram, ms: number): void =>
  latencies.record(Math.min(HIGHEST_US, Math.max(1, Math.round(ms * 1_000))));

/** The percentiles in ms; undefined when nothing was recorded. */
export const summarise = (latencies: RecordableHistogram): Latency | undefined => {
  if (latencies.count === 0) return undefined;
  const percentile = (percent: number): number => latencies.percentile(percent) / 1_000;
  return {
    p50: percentile(50),
    p95: percentile(95),
    p99: percentile(99),
    max: latencies.max / 1_000,
  };
};

/** What was used since the start of a watch. */
type Use = Pick<Report, 'seconds' | 'processor' | 'stealPercent' | 'walBytes'>;

/** Reads the clocks; the returned function gives what was used since, mostly for each operation. */
export const watchUse = async (
  accounted: Accounted,
): Promise<(operations: number) => Promise<Use>> => {
  const client = new Client({ connectionString: accounted.databaseUrl });
  await client.connect();
  const wal = await readWal(client);
  const times = readProcessorTimes(accounted);
  const machine = readMachineTimes();
  const own = process.cpuUsage();
  const started = performance.now();
  return async (operations) => {
    const seconds = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(own);
    const timesNow = readProcessorTimes(accounted);
    const machineNow = readMachineTimes();
    const walNow = await readWal(client);
    await client.end();
    const each = (before: number, now: number): number => (now - before) / Math.max(1, operations);
    return {
      seconds,
      processor: times &&
        timesNow && {
          selling: each(times.selling, timesNow.selling),
          others: each(times.others, timesNow.others),
          postgres: each(times.postgres, timesNow.postgres),
          load: each(0, user + system),
        },
      stealPercent:
        machine &&
        machineNow &&
        (100 * (machineNow.steal - machine.steal)) / Math.max(1, machineNow.total - machine.total),
      walBytes: each(wal, walNow),
    };
  };
};

/** The bytes that the server has written to its write-ahead log. */
const readWal = async (client: Client): Promise<number> => {
  const { rows } = await client.query<{ bytes: string }>(
    `select pg_current_wal_insert_lsn() - '0/0' as bytes`,
  );
  return Number(rows[0]?.bytes);
};
