import type { Channel, Outgoing, Sent } from './channel.ts';
import { pauseAfter, type RetryPolicy } from './retry.ts';
import type { Run, Source } from './sources.ts';

/** What came of an attempt, and when the next one is, if we wait for it. */
export interface Attempt {
  readonly outcome: Sent['kind'];
  readonly detail: string;
  readonly events: number;
  readonly nextAttemptAt: Date | null;
}

interface RelayOptions {
  /** New events first, then those that are sent again. */
  readonly sources: readonly Source[];
  readonly channel: Channel;
  readonly retry: RetryPolicy;
  readonly onAttempt: (attempt: Attempt) => Promise<void>;
  /** Whether the destination still is as it was when the relay was made for it. */
  readonly isCurrent: () => Promise<boolean>;
  /** It is not, and nothing more is sent; the relay is to be closed. */
  readonly onChanged: () => void;
  /** The destination wants no more; that changes it. */
  readonly onGone: () => Promise<void>;
  readonly now?: () => number;
}

export interface Relay {
  /** Sends what is next from each source, if it is time; answers whether more is waiting. */
  readonly runOnce: () => Promise<boolean>;
  /** When to try again after a failure; the past when there was none. */
  readonly nextAttemptAt: () => number;
  /** Gives up what is being sent and closes the channel. */
  readonly close: () => Promise<void>;
}

/** Events in one request: enough to keep up with any shop, few enough to be refused one by one. */
const EVENTS_MAX = 256;

/** So often an event that is refused alone is tried before the others go on without it. */
const REFUSALS_MAX = 3;

/**
 * Sends events to one destination, in their order, at least once: a source moves on after the
 * destination has taken them. What failed is sent again as it was, after a pause that grows. When a
 * batch is refused, its halves are sent, down to the event that is the reason; refused three times
 * alone, that event is buried. Once the destination was changed, what is being sent is the last.
 */
export const createRelay = (options: RelayOptions): Relay => {
  const { sources, channel, retry, onAttempt, isCurrent, now = Date.now } = options;
  const closing = new AbortController();
  const held = new Map<Source, Run>();
  let limit = EVENTS_MAX;
  let failures = 0;
  let refusals = 0;
  let nextAttemptAt = 0;

  const tell = (outcome: Sent['kind'], detail: string, events: number): Promise<void> =>
    onAttempt({
      outcome,
      detail,
      events,
      nextAttemptAt: nextAttemptAt > now() ? new Date(nextAttemptAt) : null,
    });

  const waitAfterFailure = (notBefore = 0): void => {
    failures++;
    nextAttemptAt = Math.max(now() + pauseAfter(failures, retry), notBefore);
  };

  const succeed = async (source: Source, run: Run): Promise<void> => {
    await source.pass(run);
    held.delete(source);
    limit = Math.min(EVENTS_MAX, limit * 2);
    failures = 0;
    refusals = 0;
    await tell('delivered', '', run.events.length);
  };

  const beRefused = async (source: Source, run: Run, detail: string): Promise<void> => {
    const [event] = run.events;
    if (event === undefined) throw new Error('nothing was sent and it was refused');
    if (run.events.length > 1) {
      limit = Math.ceil(run.events.length / 2);
      held.set(source, beginningOf(run, limit));
      return;
    }
    refusals++;
    if (refusals < REFUSALS_MAX) {
      waitAfterFailure();
      await tell('refused', detail, 1);
      return;
    }
    await source.bury(event, detail);
    held.delete(source);
    failures = 0;
    refusals = 0;
    await tell('refused', `${detail}; now a dead letter`, 1);
  };

  /** Sends what a source has next; answers whether it has more. */
  const advance = async (source: Source): Promise<boolean> => {
    const again = held.get(source);
    const run = again ?? (await source.next(limit));
    if (run === undefined) return false;
    // Events are read for the destination as it is; none are when it was changed.
    const isJustRead = again === undefined && run.events.length > 0;
    if (!isJustRead && !(await isCurrent())) {
      closing.abort();
      options.onChanged();
      return false;
    }
    if (run.events.length === 0) {
      await source.pass(run);
      return run.more;
    }
    held.set(source, run);
    const sent = await channel.send(run.events, closing.signal);
    if (closing.signal.aborted && sent.kind !== 'delivered') return false;
    switch (sent.kind) {
      case 'delivered':
        await succeed(source, run);
        return run.more;
      case 'refused':
        await beRefused(source, run, sent.detail);
        return true;
      case 'failed':
        waitAfterFailure(sent.notBefore?.getTime());
        await tell('failed', sent.detail, run.events.length);
        return false;
      case 'gone':
        waitAfterFailure();
        await tell('gone', sent.detail, run.events.length);
        await options.onGone();
        return false;
    }
  };

  return {
    runOnce: async () => {
      let more = false;
      for (const source of sources) {
        if (closing.signal.aborted || now() < nextAttemptAt) return false;
        if (await advance(source)) more = true;
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

const beginningOf = ({ events }: Run, length: number): Run => {
  const first: readonly Outgoing[] = events.slice(0, length);
  return { events: first, upTo: first.at(-1)?.position ?? 0, more: true };
};
