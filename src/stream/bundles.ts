import type { EventSink } from '../contract/index.ts';

export interface Bundles {
  /** Keeps bytes for a stream, after those that it has. */
  readonly put: (sink: EventSink, bytes: Buffer) => void;
  /** Sends each stream its bytes. */
  readonly flush: () => void;
}

/**
 * Collects what a round sends. Each stream gets it in one write to its socket: a write costs more
 * than everything else that a stream needs.
 */
export const createBundles = (): Bundles => {
  const kept = new Map<EventSink, Buffer[]>();
  return {
    put: (sink, bytes) => {
      const others = kept.get(sink);
      if (others === undefined) kept.set(sink, [bytes]);
      else others.push(bytes);
    },
    flush: () => {
      for (const [sink, list] of kept) sink.send(list);
      kept.clear();
    },
  };
};
