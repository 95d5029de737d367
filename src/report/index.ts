import type { Pool } from 'pg';
import type { Route } from '../contract/index.ts';
import { startLoop } from '../database/loop.ts';
import type { JournalReader } from '../journal/index.ts';
import { createRecording } from './recording.ts';
import { reportRoutes } from './routes.ts';
import { createSalesReports } from './sales-report.ts';

export { rebuildReport } from './rebuild.ts';
export { createRecording } from './recording.ts';
export { TIME_ZONE_PATTERN, defaultTimeZone, isTimeZone } from './time-zone.ts';

/**
 * A report records the missing sales itself; this interval bounds their number. Longer ones cost
 * less: a product's sales of an interval become one row.
 */
const RECORD_EVERY_MS = 20_000;

export interface ReportSettings {
  readonly currency: string;
  /** The IANA time zone whose days a report has by default. */
  readonly timeZone: string;
}

export interface ReportModule {
  readonly routes: readonly Route[];
  /** Stops recording after the current round. */
  readonly stop: () => Promise<void>;
}

/** Sums up sales in the background, in one process at a time, and serves reports. */
export const startReports = (
  pool: Pool,
  reader: JournalReader,
  settings: ReportSettings,
  onFault: (error: unknown) => void,
): ReportModule => {
  const recording = createRecording(pool, reader);
  const loop = startLoop({ runOnce: recording.runOnce, everyMs: RECORD_EVERY_MS, onFault });
  return {
    routes: reportRoutes(createSalesReports(pool, reader, recording), settings),
    stop: loop.stop,
  };
};
