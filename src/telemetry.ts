import { randomUUID } from 'node:crypto';
import { Type, type Static } from 'typebox';
import { SAMPLERS, type MetricsSettings, type TracingSettings } from './tracing/index.ts';

/**
 * The variables of OpenTelemetry ("Environment variable specification") that Moa reads, with their
 * schemas. The SDK reads the others itself: headers, certificates, timeouts, resource attributes.
 */
export const TELEMETRY = {
  OTEL_SDK_DISABLED: Type.Enum(['true', 'false'], { default: 'false' }),
  OTEL_SERVICE_NAME: Type.String({ minLength: 1, default: 'moa' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(Type.String({ pattern: '^https?://' })),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: Type.Optional(Type.String({ pattern: '^https?://' })),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: Type.Optional(Type.String({ pattern: '^https?://' })),
  OTEL_EXPORTER_OTLP_PROTOCOL: Type.Enum(['http/protobuf', 'http/json'], {
    default: 'http/protobuf',
  }),
  OTEL_TRACES_EXPORTER: Type.Enum(['otlp', 'none'], { default: 'otlp' }),
  OTEL_METRICS_EXPORTER: Type.Enum(['otlp', 'none'], { default: 'otlp' }),
  OTEL_TRACES_SAMPLER: Type.Enum([...SAMPLERS], { default: 'parentbased_always_on' }),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({ minimum: 0, maximum: 1, default: 1 }),
  OTEL_BSP_SCHEDULE_DELAY: Type.Integer({ minimum: 1, maximum: 60_000, default: 5_000 }),
  OTEL_BSP_MAX_QUEUE_SIZE: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 2_048 }),
  OTEL_METRIC_EXPORT_INTERVAL: Type.Integer({
    minimum: 1,
    maximum: 3_600_000,
    default: 60_000,
  }),
};

const Telemetry = Type.Object(TELEMETRY);

/** What is exported to a collector; a signal without an address is not. */
interface TelemetrySettings {
  readonly tracing: TracingSettings | undefined;
  readonly metrics: MetricsSettings | undefined;
}

/** What the environment says about exports. */
export const telemetryOf = (env: Static<typeof Telemetry>): TelemetrySettings => {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: common } = env;
  const isOff = env.OTEL_SDK_DISABLED === 'true';
  const isOn = (exporter: string, endpoint: string | undefined): boolean =>
    !isOff && exporter !== 'none' && endpoint !== undefined;
  const shared = {
    protocol: env.OTEL_EXPORTER_OTLP_PROTOCOL,
    serviceName: env.OTEL_SERVICE_NAME,
    instanceId: randomUUID(),
  };
  const tracing: TracingSettings = {
    ...shared,
    sampler: env.OTEL_TRACES_SAMPLER,
    ratio: env.OTEL_TRACES_SAMPLER_ARG,
    exportEveryMs: env.OTEL_BSP_SCHEDULE_DELAY,
    queueMax: env.OTEL_BSP_MAX_QUEUE_SIZE,
  };
  const metrics: MetricsSettings = {
    ...shared,
    exportEveryMs: env.OTEL_METRIC_EXPORT_INTERVAL,
  };
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: toTraces } = env;
  const { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: toMetrics } = env;
  return {
    tracing: isOn(env.OTEL_TRACES_EXPORTER, toTraces ?? common) ? tracing : undefined,
    metrics: isOn(env.OTEL_METRICS_EXPORTER, toMetrics ?? common) ? metrics : undefined,
  };
};
