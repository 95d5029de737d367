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
  /** The share of the machine's time that the hypervisor took, in per cent. */
  readonly stealPercent: number | undefined;
  /** Further figures of a scenario. */
  readonly extra: Readonly<Record<string, number>>;
}

const HIGHEST_US = 600_000_000;

/** A histogram of times in µs with three exact digits (HdrHistogram, in Node.js). */
export const createLatencies = (): RecordableHistogram =>
  createHistogram({ lowest: 1, highest: HIGHEST_US, figures: 3 });

export const recordMs = (latencies: RecordableHistogram, ms: number): void =>
  latencies.record(Math.min(HIGHEST_US, Math.max(1, Math.round(ms * 1_000))));

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

/** Reads the clocks now; the returned function gives what was used since, for each operation. */
export const watchProcessors = (accounted: Accounted) => {
  const times = readProcessorTimes(accounted);
  const machine = readMachineTimes();
  const own = process.cpuUsage();
  return (operations: number): Pick<Report, 'processor' | 'stealPercent'> => {
    const { user, system } = process.cpuUsage(own);
    const timesNow = readProcessorTimes(accounted);
    const machineNow = readMachineTimes();
    const each = (before: number, now: number): number => (now - before) / Math.max(1, operations);
    return {
      processor:
        times && timesNow
          ? {
              selling: each(times.selling, timesNow.selling),
              others: each(times.others, timesNow.others),
              postgres: each(times.postgres, timesNow.postgres),
              load: each(0, user + system),
            }
          : undefined,
      stealPercent:
        machine && machineNow
          ? (100 * (machineNow.steal - machine.steal)) /
            Math.max(1, machineNow.total - machine.total)
          : undefined,
    };
  };
};
