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
  /** New events first, then replays, then dead letters. */
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
  /** When the first of the current pauses ends, in ms since 1970; 0 without a pause. */
  readonly nextAttemptAt: () => number;
  /** Aborts the current request and closes the channel. */
  readonly close: () => Promise<void>;
}

/** Events per request: enough for a busy shop, and halved quickly down to one refused event. */
const EVENTS_MAX = 256;

/** How often a single refused event is sent before it becomes a dead letter. */
const REFUSALS_MAX = 3;

/** A source and where its sending stands. */
interface SourceState {
  readonly source: Source;
  /** The slice that is sent until the destination has accepted it. */
  unsent: EventSlice | undefined;
  /** The maximum number of events of the next slice. */
  limit: number;
  /** How often `unsent` was refused as a single event. */
  refusals: number;
  /** The end of the pause after a refusal. */
  pausedUntil: number;
}

/**
 * Sends events to one destination, in order, at least once: a source advances after the destination
 * has accepted the events. A failed request is repeated unchanged after a growing pause, in which
 * nothing is sent. A refused slice is halved until the refused event is alone; after three refusals
 * that event becomes a dead letter. The pauses between these refusals delay no other source. Once
 * the destination has changed, nothing more is sent.
 */
export const createRelay = (options: RelayOptions): Relay => {
  const { sources, channel, retry, onAttempt, isCurrent, now = Date.now } = options;
  const closing = new AbortController();
  const states = sources.map((source): SourceState => ({
    source,
    unsent: undefined,
    limit: EVENTS_MAX,
    refusals: 0,
    pausedUntil: 0,
  }));
  let failures = 0;
  let pausedUntil = 0;

  const report = (
    { kind: outcome, answer }: SendResult,
    detail: string,
    events: readonly OutgoingEvent[],
    nextAttemptAt?: number,
  ): Promise<void> =>
    onAttempt({
      outcome,
      detail,
      events: events.length,
      eventId: events[0]?.id,
      answer,
      nextAttemptAt: nextAttemptAt === undefined ? null : new Date(nextAttemptAt),
    });

  const onFailed = async (
    { events }: EventSlice,
    result: Extract<SendResult, { kind: 'failed' | 'gone' }>,
  ): Promise<void> => {
    failures++;
    const notBefore = result.kind === 'failed' ? result.notBefore?.getTime() : undefined;
    pausedUntil = Math.max(now() + pauseAfter(failures, retry), notBefore ?? 0);
    await report(result, result.detail, events, pausedUntil);
  };

  const onDelivered = async (
    state: SourceState,
    slice: EventSlice,
    result: SendResult,
  ): Promise<void> => {
    await state.source.advance(slice, result.answer);
    state.unsent = undefined;
    state.limit = Math.min(EVENTS_MAX, state.limit * 2);
    state.refusals = 0;
    failures = 0;
    await report(result, '', slice.events);
  };

  const onRefused = async (
    state: SourceState,
    slice: EventSlice,
    result: Extract<SendResult, { kind: 'refused' }>,
  ): Promise<void> => {
    const { detail, answer } = result;
    const { events } = slice;
    const [event] = events;
    if (event === undefined) throw new Error('an empty slice was refused');
    // A destination that refuses an event works.
    failures = 0;
    if (events.length > 1) {
      state.unsent = firstHalf(slice);
      state.limit = state.unsent.events.length;
      await report(result, detail, events);
      return;
    }
    state.refusals++;
    if (state.refusals < REFUSALS_MAX) {
      state.pausedUntil = now() + pauseAfter(state.refusals, retry);
      await report(result, detail, events, state.pausedUntil);
      return;
    }
    await state.source.recordDeadLetter(event, { detail, attempts: state.refusals, answer });
    state.unsent = undefined;
    state.refusals = 0;
    await report(result, `${detail}; now a dead letter`, events);
  };

  /** Sends the next slice of a source; returns whether the source has more to send now. */
  const sendNext = async (state: SourceState): Promise<boolean> => {
    const slice = state.unsent ?? (await state.source.next(state.limit));
    if (slice === undefined) return false;
    // A source reads no events of a changed destination, so only an older slice needs the check.
    const isJustRead = state.unsent === undefined && slice.events.length > 0;
    if (!isJustRead && !(await isCurrent())) {
      closing.abort();
      options.onChanged();
      return false;
    }
    if (slice.events.length === 0) {
      await state.source.advance(slice);
      return slice.more;
    }
    state.unsent = slice;
    const result = await channel.send(slice.events, closing.signal);
    if (closing.signal.aborted && result.kind !== 'delivered') return false;
    switch (result.kind) {
      case 'delivered':
        await onDelivered(state, slice, result);
        return slice.more;
      case 'refused':
        await onRefused(state, slice, result);
        return now() >= state.pausedUntil;
      case 'failed':
        await onFailed(slice, result);
        return false;
      case 'gone':
        await onFailed(slice, result);
        await options.onGone();
        return false;
    }
  };

  return {
    runOnce: async () => {
      let more = false;
      for (const state of states) {
        if (closing.signal.aborted || now() < pausedUntil) return false;
        if (now() >= state.pausedUntil && (await sendNext(state))) more = true;
      }
      return more && now() >= pausedUntil;
    },
    nextAttemptAt: () => {
      const ends = [pausedUntil, ...states.map((state) => state.pausedUntil)];
      const future = ends.filter((end) => end > now());
      return future.length === 0 ? 0 : Math.min(...future);
    },
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
