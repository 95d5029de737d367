import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import type { TracingSettings } from './settings.ts';

const PARENT_BASED = 'parentbased_';

/** The sampler that `OTEL_TRACES_SAMPLER` names. */
const samplerOf = ({ sampler, ratio }: Pick<TracingSettings, 'sampler' | 'ratio'>): Sampler => {
  const root = sampler.replace(PARENT_BASED, '');
  const decide = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  }[root as 'always_on' | 'always_off' | 'traceidratio']();
  return sampler.startsWith(PARENT_BASED) ? new ParentBasedSampler({ root: decide }) : decide;
};

/**
 * The configured sampler for requests. A span that serves several requests, such as a batch, links
 * to the recorded requests. A span with a link is recorded: it has no parent that could decide.
 */
export const createSampler = (settings: Pick<TracingSettings, 'sampler' | 'ratio'>): Sampler => {
  const sampler = samplerOf(settings);
  return {
    shouldSample: (context, traceId, name, kind, attributes, links) =>
      links.length > 0
        ? { decision: SamplingDecision.RECORD_AND_SAMPLED }
        : sampler.shouldSample(context, traceId, name, kind, attributes, links),
    toString: () => `Linked{${sampler.toString()}}`,
  };
};
