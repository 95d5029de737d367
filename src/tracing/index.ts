import type { Metrics } from './metrics.ts';
import type { MetricsSettings, OnTrouble, TracingSettings } from './settings.ts';
import type { Tracer } from './tracer.ts';

export type { Metrics } from './metrics.ts';
export {
  SAMPLERS,
  type MetricsSettings,
  type OnTrouble,
  type TracingSettings,
} from './settings.ts';
export type { RequestSpan, Tracer } from './tracer.ts';

/** Loads the SDK and starts a tracer; without settings loads nothing and returns undefined. */
export const startTracer = async (
  settings: TracingSettings | undefined,
  onTrouble: OnTrouble,
): Promise<Tracer | undefined> => {
  if (settings === undefined) return undefined;
  const { createTracer } = await import('./sdk-tracer.ts');
  return createTracer(settings, onTrouble);
};

/** Loads the SDK and exports metrics until the returned function is called, for a bounded time. */
export const exportMetrics = async (
  settings: MetricsSettings,
  read: () => Promise<Metrics>,
  onTrouble: OnTrouble,
): Promise<() => Promise<void>> => {
  const { startMetricsExport } = await import('./sdk-metrics.ts');
  return startMetricsExport(settings, read, onTrouble);
};

/** A collector that is away would be reported at each export. */
const TROUBLE_EVERY_MS = 60_000;

/** Passes on one sentence a minute at most; the others are only counted. */
export const limitTrouble = (report: OnTrouble, now = () => performance.now()): OnTrouble => {
  let quietUntil = -Infinity;
  let unreported = 0;
  return (message) => {
    if (now() < quietUntil) {
      unreported++;
      return;
    }
    quietUntil = now() + TROUBLE_EVERY_MS;
    report(unreported === 0 ? message : `${message} (and ${unreported} times before)`);
    unreported = 0;
  };
};
