/** What waits in a queue. */
interface Submitted {
  /** When its wait began, by `performance.now()`. */
  readonly submittedAt: number;
}

/** A bounded queue in which no item waits for longer than a limit. */
export interface Queue<Item extends Submitted> {
  /** Adds an item; false when the queue is full or closed. */
  readonly push: (item: Item) => boolean;
  /** Puts items back in front of all others. */
  readonly putBack: (items: readonly Item[]) => void;
  /** Removes the oldest items, at most `limit`, in order of arrival. */
  readonly take: (limit: number) => Item[];
  /** Resolves once the queue has an item or is closed. */
  readonly arrival: () => Promise<void>;
  readonly size: () => number;
  /** Whether `push` would refuse an item now. */
  readonly isFull: () => boolean;
  /** Refuses new items; waiting items can still be taken. */
  readonly close: () => void;
  readonly closed: () => boolean;
}

interface Limits<Item> {
  /** Items that may wait in a rush. */
  readonly count: number;
  /** Items that may wait in a standing queue. */
  readonly standing: number;
  readonly ageMs: number;
  /** Called with each item that waited for longer than `ageMs`; `take` does not return it. */
  readonly onExpired: (item: Item) => void;
}

/**
 * A rush is over by then: a queue that has not been empty for this time stands. A longer queue does
 * not help a server that is asked for more than it can do, it only delays every answer (RFC 8289,
 * section 3.1, "standing queue").
 */
const RUSH_MS = 1_000;

/** Creates an empty, open queue. */
export const createQueue = <Item extends Submitted>(limits: Limits<Item>): Queue<Item> => {
  const { count, standing, ageMs, onExpired } = limits;
  const waiting: Item[] = [];
  let wakers: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let emptyAt = performance.now();

  const isFull = (): boolean =>
    waiting.length >= count ||
    (waiting.length >= standing && performance.now() - emptyAt > RUSH_MS);

  const wake = () => {
    const woken = wakers;
    wakers = [];
    for (const waker of woken) waker();
  };

  const expire = () => {
    timer = undefined;
    const oldest = performance.now() - ageMs;
    const fresh = waiting.findIndex(({ submittedAt }) => submittedAt > oldest);
    const expired = waiting.splice(0, fresh === -1 ? waiting.length : fresh);
    for (const item of expired) onExpired(item);
    watchOldest();
  };

  const watchOldest = () => {
    const [oldest] = waiting;
    if (timer !== undefined || oldest === undefined) return;
    timer = setTimeout(expire, Math.max(0, oldest.submittedAt + ageMs - performance.now()) + 1);
  };

  return {
    push: (item) => {
      if (waiting.length === 0) emptyAt = performance.now();
      if (closed || isFull()) return false;
      waiting.push(item);
      watchOldest();
      wake();
      return true;
    },

    putBack: (items) => {
      waiting.unshift(...items);
      clearTimeout(timer);
      timer = undefined;
      watchOldest();
      wake();
    },

    take: (limit) => {
      const taken = waiting.splice(0, limit);
      if (waiting.length === 0) {
        clearTimeout(timer);
        timer = undefined;
      }
      return taken;
    },

    arrival: () =>
      new Promise((resolve) => {
        if (closed || waiting.length > 0) resolve();
        else wakers.push(resolve);
      }),

    size: () => waiting.length,
    isFull,

    close: () => {
      closed = true;
      wake();
    },
    closed: () => closed,
  };
};
