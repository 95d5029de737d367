import type { EventSink } from '../contract/index.ts';
import { shareRunning } from '../database/loader.ts';
import { createFrame } from './frame.ts';
import type { Bundles } from './bundles.ts';

interface WatchOptions {
  readonly event: string;
  /**
   * The current state and the part of it whose change is worth an event; undefined while it is not
   * known.
   */
  readonly read: () => Promise<{ readonly state: object; readonly compared: unknown } | undefined>;
  readonly onFault: (error: unknown) => void;
}

export interface Watch {
  /** Puts the last state that was sent; returns what ends this. */
  readonly join: (sink: EventSink) => () => void;
  /** Whether a stream waits for the first state. */
  readonly isWaiting: () => boolean;
  /** Puts the state if it has changed; reads it while there is a stream, once at a time. */
  readonly poll: () => Promise<void>;
}

/** Follows a state that is not in the journal: it is compared with the one that was sent last. */
export const createWatch = (bundles: Bundles, { event, read, onFault }: WatchOptions): Watch => {
  const sinks = new Set<EventSink>();
  let shown: { readonly compared: string; readonly bytes: Buffer } | undefined;

  const compare = async (): Promise<void> => {
    const found = await read();
    if (found === undefined) return;
    const compared = JSON.stringify(found.compared);
    if (compared === shown?.compared || sinks.size === 0) return;
    const bytes = createFrame(event, JSON.stringify(found.state)).encode(undefined);
    shown = { compared, bytes };
    for (const sink of sinks) bundles.put(sink, bytes);
  };

  const compareOnce = shareRunning(() => compare().catch(onFault));

  return {
    join: (sink) => {
      sinks.add(sink);
      if (shown !== undefined) bundles.put(sink, shown.bytes);
      return () => {
        sinks.delete(sink);
        if (sinks.size === 0) shown = undefined;
      };
    },
    isWaiting: () => sinks.size > 0 && shown === undefined,
    poll: async () => {
      if (sinks.size > 0) await compareOnce();
    },
  };
};
