import type { Report } from './report.ts';
import type { SubjectName } from './scenario.ts';

/** One measurement of a subject. */
export interface Sample extends Report {
  readonly subject: SubjectName;
  readonly connections: number;
  readonly round: number;
}

/** Baselines are measured at this number of connections, which keeps two processors busy. */
const BASELINE_CONNECTIONS = 256;

/** The number of connections of a scenario's baselines. */
export const baselineConnections = (connections: readonly number[]): number =>
  connections.includes(BASELINE_CONNECTIONS) ? BASELINE_CONNECTIONS : (connections.at(-1) ?? 1);
