import type { EventSink } from '../contract/index.ts';
import { startLoop, type Loop } from '../database/loop.ts';
import { createFrame } from './frame.ts';

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
  /** Sends the current state and then its changes; returns what ends this. */
  readonly join: (sink: EventSink) => () => void;
  readonly stop: () => Promise<void>;
}

/** A state that is not in the journal is compared this often. */
const LOOK_EVERY_MS = 1_000;

/** Sends a state at most once a second, when it has changed; reads it while there is a stream. */
export const createWatch = ({ event, read, onFault }: WatchOptions): Watch => {
  const sinks = new Set<EventSink>();
  const stopping = new Set<Promise<void>>();
  let loop: Loop | undefined;
  let shown: { readonly compared: string; readonly bytes: Buffer } | undefined;

  const look = async (): Promise<boolean> => {
    const found = await read();
    if (found === undefined) return false;
    const compared = JSON.stringify(found.compared);
    if (compared === shown?.compared || sinks.size === 0) return false;
    const bytes = createFrame(event, JSON.stringify(found.state)).encode(undefined);
    shown = { compared, bytes };
    for (const sink of sinks) sink.send(bytes);
    return false;
  };

  const end = (): void => {
    shown = undefined;
    if (loop === undefined) return;
    const stopped = loop.stop().finally(() => stopping.delete(stopped));
    stopping.add(stopped);
    loop = undefined;
  };

  return {
    join: (sink) => {
      sinks.add(sink);
      if (shown !== undefined) sink.send(shown.bytes);
      loop ??= startLoop({ runOnce: look, everyMs: LOOK_EVERY_MS, onFault });
      return () => {
        sinks.delete(sink);
        if (sinks.size === 0) end();
      };
    },
    stop: async () => {
      for (const sink of sinks) sink.end();
      end();
      await Promise.all(stopping);
    },
  };
};
