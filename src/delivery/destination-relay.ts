import type { Pool } from 'pg';
import type { JournalReader } from '../journal/index.ts';
import type { Tracer } from '../tracing/index.ts';
import { openChannel, type Destination } from './destination.ts';
import { createToCloudEvent, readOrigin, type EventSettings } from './events/cloud-event.ts';
import { EVENT_TYPES } from './events/types.ts';
import type { Leases } from './lease.ts';
import { findCurrent, findProgress, pauseDestination, recordFailure } from './queries.gen.ts';
import { createRelay, type Attempt, type Relay } from './relay.ts';
import type { RetryPolicy } from './retry.ts';
import {
  columnsOf,
  createDeadLetterSource,
  createLiveSource,
  createReplaySource,
  type Progress,
} from './sources.ts';
import { traceSends } from './traced-channel.ts';

export interface SendOptions extends EventSettings {
  /** Whether a webhook may have a non-public address. */
  readonly allowPrivate: boolean;
  /** Replaces the retry policy of the destination's kind. */
  readonly retry?: RetryPolicy;
  readonly onAttempt?: (
    destination: Pick<Destination, 'destinationId' | 'name'>,
    attempt: Attempt,
  ) => void;
}

interface RelayParts {
  /** Writes only while this process holds the lease of the destination. */
  readonly leases: Leases;
  readonly reads: Pool;
  readonly reader: JournalReader;
  /** Without it, no attempt to send is traced. */
  readonly tracer: Tracer | undefined;
  /** Called when the destination has changed. */
  readonly onChanged: () => void;
}

/** For a destination that was deleted in between: its relay finds no events and is stopped. */
const NO_PROGRESS: Progress = { position: 0, seen: 0 };

/** Opens the relay of a destination at the destination's current progress. */
export const openRelay = async (
  destination: Destination,
  { leases, reads, reader, tracer, onChanged }: RelayParts,
  { allowPrivate, retry, onAttempt, ...settings }: SendOptions,
): Promise<Relay> => {
  const { destinationId, version, types } = destination;
  const known = { destinationId, version };
  const toCloudEvent = createToCloudEvent(await readOrigin(reads, settings));
  const sent = { types: types ?? EVENT_TYPES, toCloudEvent };
  const sourceOptions = { ...known, ...sent, reads, writes: leases };
  const progress = (await findProgress(reads, { destinationId })) ?? NO_PROGRESS;
  const opened = await openChannel(destination, allowPrivate);
  return createRelay({
    channel: traceSends(opened.channel, destination, tracer),
    retry: retry ?? opened.retry,
    sources: [
      createLiveSource(sourceOptions, reader, progress),
      createReplaySource(sourceOptions),
      createDeadLetterSource(sourceOptions),
    ],
    onAttempt: async (attempt) => {
      onAttempt?.(destination, attempt);
      // A source records deliveries.
      if (attempt.outcome !== 'delivered') {
        const { eventId = null, answer, ...columns } = attempt;
        const failure = { ...columns, eventId, ...columnsOf(answer) };
        await recordFailure(leases, { destinationId, ...failure });
      }
    },
    isCurrent: async () => (await findCurrent(reads, known)) !== undefined,
    onChanged,
    onGone: async () => {
      await pauseDestination(leases, known);
    },
  });
};
