import { millisToHrTime } from '@opentelemetry/core';
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricProducer,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { toMetricData } from './otlp-metric.ts';
import type { Metrics } from './metrics.ts';
import { inTime, reportTrouble, resourceOf } from './sdk-start.ts';
import type { MetricsSettings, OnTrouble } from './settings.ts';

/** Loads only the exporter of the protocol, which reads its address and headers itself. */
const openExporter = async (protocol: MetricsSettings['protocol']): Promise<PushMetricExporter> => {
  const { OTLPMetricExporter } = await (protocol === 'http/json'
    ? import('@opentelemetry/exporter-metrics-otlp-http')
    : import('@opentelemetry/exporter-metrics-otlp-proto'));
  return new OTLPMetricExporter();
};

/**
 * Exports what `read` returns again and again, until the returned function is called, which exports
 * once more. An export that fails is not repeated: the next one has everything.
 */
export const startMetricsExport = async (
  settings: MetricsSettings,
  read: () => Promise<Metrics>,
  onTrouble: OnTrouble,
): Promise<() => Promise<void>> => {
  reportTrouble(onTrouble);
  const resource = resourceOf(settings);
  const startTime = millisToHrTime(Date.now() - process.uptime() * 1_000);
  const producer: MetricProducer = {
    collect: async () => {
      const metrics = await read();
      const period = { startTime, endTime: millisToHrTime(Date.now()) };
      const converted = metrics.flatMap((metric) => toMetricData(metric, period) ?? []);
      const scopeMetrics = [{ scope: { name: 'moa' }, metrics: converted }];
      return { resourceMetrics: { resource, scopeMetrics }, errors: [] };
    },
  };
  const reader = new PeriodicExportingMetricReader({
    exporter: await openExporter(settings.protocol),
    exportIntervalMillis: settings.exportEveryMs,
    metricProducers: [producer],
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return () => inTime(provider.shutdown());
};
