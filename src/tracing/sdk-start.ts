import { setTimeout as delay } from 'node:timers/promises';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import {
  defaultResource,
  envDetector,
  detectResources,
  resourceFromAttributes,
  type Resource,
} from '@opentelemetry/resources';
import type { OnTrouble, TracingSettings } from './settings.ts';

/** Time for the last export: most of a second suffices, and a shutdown must not wait for long. */
const STOP_MAX_MS = 3_000;

/**
 * Describes this process: what the environment says (`OTEL_RESOURCE_ATTRIBUTES`) comes before the
 * settings, except for the name of the service, which the settings take from there.
 */
export const resourceOf = ({
  serviceName,
  instanceId,
}: Pick<TracingSettings, 'serviceName' | 'instanceId'>): Resource =>
  defaultResource()
    .merge(
      resourceFromAttributes({ 'service.name': serviceName, 'service.instance.id': instanceId }),
    )
    .merge(detectResources({ detectors: [envDetector] }));

/** Reports what the SDK would write to the console: failed exports and dropped spans. */
export const reportTrouble = (onTrouble: OnTrouble): void => {
  const report = (message: string): void => onTrouble(`telemetry: ${message}`);
  const ignore = (): void => undefined;
  const logger = { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  setGlobalErrorHandler((error) => {
    const { message = '', name = '' } = error as Partial<Error>;
    report(message || name || 'an export failed');
  });
};

/** Waits for a shutdown of the SDK, whose failure is reported elsewhere, for a bounded time. */
export const inTime = async (shutdown: Promise<void>): Promise<void> => {
  const ended = shutdown.catch(() => undefined);
  await Promise.race([ended, delay(STOP_MAX_MS, undefined, { ref: false })]);
};
