import type { Channel, OutgoingEvent, ReceiverAnswer, SendResult } from './channel.ts';
import { pauseAfter, type RetryPolicy } from './retry.ts';
import type { EventSlice, Source } from './sources.ts';

/** The result of an attempt to send, and the time of the next attempt if there is a pause. */
export interface Attempt {
  readonly outcome: SendResult['kind'];
  readonly detail: string;
  readonly events: number;
  /** The first event of the request. */
  readonly eventId: string | undefined;
  readonly answer: ReceiverAnswer | undefined;
  readonly nextAttemptAt: Date | null;
}

interface RelayOptions {
  /** New events first, then replays. */
  readonly sources: readonly Source[];
  readonly channel: Channel;
  readonly retry: RetryPolicy;
  readonly onAttempt: (attempt: Attempt) => Promise<void>;
  /** Whether the destination is unchanged since the relay was created. */
  readonly isCurrent: () => Promise<boolean>;
  /**
   * Called when the destination has changed: nothing more is sent, and the caller closes the relay.
   */
  readonly onChanged: () => void;
  /** Called when the destination wants no more events; pauses the destination. */
  readonly onGone: () => Promise<void>;
  readonly now?: () => number;
}

export interface Relay {
  /** Sends the next slice of each source, if it is time; returns whether more is waiting. */
  readonly runOnce: () => Promise<boolean>;
  /** The time of the next attempt after a failure; a past time otherwise. */
  readonly nextAttemptAt: () => number;
  /** Aborts the current request and closes the channel. */
  readonly close: () => Promise<void>;
}

/** Events per request: enough for a busy shop, and halved quickly down to one refused event. */
const EVENTS_MAX = 256;

/** How often a single refused event is sent before it becomes a dead letter. */
const REFUSALS_MAX = 3;

/**
 * Sends events to one destination, in order, at least once: a source advances after the destination
 * has accepted the events. A failed request is repeated unchanged after a growing pause. A refused
 * slice is halved until the refused event is alone; after three refusals that event becomes a dead
 * letter. Once the destination has changed, nothing more is sent.
 */
export const createRelay = (options: RelayOptions): Relay => {
  const { sources, channel, retry, onAttempt, isCurrent, now = Date.now } = options;
  const closing = new AbortController();
  const inFlight = new Map<Source, EventSlice>();
  let limit = EVENTS_MAX;
  let failures = 0;
  let refusals = 0;
  let nextAttemptAt = 0;

  const report = (
    { kind: outcome, answer }: SendResult,
    detail: string,
    events: readonly OutgoingEvent[],
  ): Promise<void> =>
    onAttempt({
      outcome,
      detail,
      events: events.length,
      eventId: events[0]?.id,
      answer,
      nextAttemptAt: nextAttemptAt > now() ? new Date(nextAttemptAt) : null,
    });

  const waitAfterFailure = (notBefore = 0): void => {
    failures++;
    nextAttemptAt = Math.max(now() + pauseAfter(failures, retry), notBefore);
  };

  const onDelivered = async (
    source: Source,
    slice: EventSlice,
    result: SendResult,
  ): Promise<void> => {
    await source.advance(slice, result.answer);
    inFlight.delete(source);
    limit = Math.min(EVENTS_MAX, limit * 2);
    failures = 0;
    refusals = 0;
    await report(result, '', slice.events);
  };

  const onRefused = async (
    source: Source,
    slice: EventSlice,
    result: Extract<SendResult, { kind: 'refused' }>,
  ): Promise<void> => {
    const { detail, answer } = result;
    const { events } = slice;
    const [event] = events;
    if (event === undefined) throw new Error('an empty slice was refused');
    if (events.length > 1) {
      const half = firstHalf(slice);
      inFlight.set(source, half);
      limit = half.events.length;
      await report(result, detail, events);
      return;
    }
    refusals++;
    if (refusals < REFUSALS_MAX) {
      waitAfterFailure();
      await report(result, detail, events);
      return;
    }
    await source.recordDeadLetter(event, { detail, attempts: refusals, answer });
    inFlight.delete(source);
    failures = 0;
    refusals = 0;
    await report(result, `${detail}; now a dead letter`, events);
  };

  /** Sends the next slice of a source; returns whether the source has more. */
  const sendNext = async (source: Source): Promise<boolean> => {
    const unsent = inFlight.get(source);
    const slice = unsent ?? (await source.next(limit));
    if (slice === undefined) return false;
    // A source reads no events of a changed destination, so only an older slice needs the check.
    const isJustRead = unsent === undefined && slice.events.length > 0;
    if (!isJustRead && !(await isCurrent())) {
      closing.abort();
      options.onChanged();
      return false;
    }
    if (slice.events.length === 0) {
      await source.advance(slice);
      return slice.more;
    }
    inFlight.set(source, slice);
    const result = await channel.send(slice.events, closing.signal);
    if (closing.signal.aborted && result.kind !== 'delivered') return false;
    switch (result.kind) {
      case 'delivered':
        await onDelivered(source, slice, result);
        return slice.more;
      case 'refused':
        await onRefused(source, slice, result);
        return true;
      case 'failed':
        waitAfterFailure(result.notBefore?.getTime());
        await report(result, result.detail, slice.events);
        return false;
      case 'gone':
        waitAfterFailure();
        await report(result, result.detail, slice.events);
        await options.onGone();
        return false;
    }
  };

  return {
    runOnce: async () => {
      let more = false;
      for (const source of sources) {
        if (closing.signal.aborted || now() < nextAttemptAt) return false;
        if (await sendNext(source)) more = true;
      }
      return more && now() >= nextAttemptAt;
    },
    nextAttemptAt: () => nextAttemptAt,
    close: () => {
      closing.abort();
      return channel.close();
    },
  };
};

const firstHalf = ({ events }: EventSlice): EventSlice => {
  const first = events.slice(0, Math.ceil(events.length / 2));
  return { events: first, upTo: first.at(-1)?.position ?? 0, more: true };
};
