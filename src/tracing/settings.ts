/** How telemetry reaches a collector. Addresses, headers and certificates are read by the SDK. */
interface ExportSettings {
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly serviceName: string;
  /** Names this process among those of the service. */
  readonly instanceId: string;
}

/** How requests are traced; can be sent to a thread. */
export interface TracingSettings extends ExportSettings {
  readonly sampler: SamplerName;
  /** The share of traces that a ratio sampler records. */
  readonly ratio: number;
  /** The longest wait of an ended span for its export. */
  readonly exportEveryMs: number;
  /** Ended spans that wait for their export; more are dropped. */
  readonly queueMax: number;
}

/** How metrics are exported. */
export interface MetricsSettings extends ExportSettings {
  readonly exportEveryMs: number;
}

/** The samplers of the OpenTelemetry specification that every SDK has. */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

type SamplerName = (typeof SAMPLERS)[number];

/** Called with a sentence when telemetry cannot be exported. */
export type OnTrouble = (message: string) => void;
