/** A bounded queue that never lets anything wait for longer than a limit. */
export interface Queue<Item> {
  /** False when the queue is full: the item was not taken in. `since` is when its wait began. */
  readonly push: (item: Item, since?: number) => boolean;
  /** Takes items in again, before all others; each has waited since then. */
  readonly putBack: (items: readonly { readonly item: Item; readonly since: number }[]) => void;
  /** The oldest items, in order of arrival; at most `most`. */
  readonly take: (limit: number) => Item[];
  /** Resolves once there is something to take, or the queue is closed. */
  readonly arrival: () => Promise<void>;
  readonly size: () => number;
  /** Refuses all that comes from now on; what is inside can still be taken. */
  readonly close: () => void;
  readonly closed: () => boolean;
}

interface Limits<Item> {
  readonly count: number;
  readonly ageMs: number;
  /** Called with each item that waited for longer than `ageMs`, instead of giving it to `take`. */
  readonly onExpired: (item: Item) => void;
}

/** Makes an empty, open queue. */
export const createQueue = <Item>({ count, ageMs, onExpired }: Limits<Item>): Queue<Item> => {
  let waiting: { item: Item; since: number }[] = [];
  let wakers: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const wake = () => {
    const woken = wakers;
    wakers = [];
    for (const waker of woken) waker();
  };

  const expire = () => {
    timer = undefined;
    const oldest = performance.now() - ageMs;
    const fresh = waiting.findIndex(({ since }) => since > oldest);
    const expired = waiting.splice(0, fresh === -1 ? waiting.length : fresh);
    for (const { item } of expired) onExpired(item);
    watchOldest();
  };

  const watchOldest = () => {
    const [oldest] = waiting;
    if (timer !== undefined || oldest === undefined) return;
    timer = setTimeout(expire, oldest.since + ageMs - performance.now() + 1);
  };

  return {
    push: (item, since = performance.now()) => {
      if (closed || waiting.length >= count) return false;
      waiting.push({ item, since });
      watchOldest();
      wake();
      return true;
    },

    putBack: (items) => {
      waiting = [...items, ...waiting];
      clearTimeout(timer);
      timer = undefined;
      watchOldest();
      wake();
    },

    take: (limit) => {
      const taken = waiting.slice(0, limit);
      waiting = waiting.slice(limit);
      if (waiting.length === 0) {
        clearTimeout(timer);
        timer = undefined;
      }
      return taken.map(({ item }) => item);
    },

    arrival: () =>
      new Promise((resolve) => {
        if (closed || waiting.length > 0) resolve();
        else wakers.push(resolve);
      }),

    size: () => waiting.length,

    close: () => {
      closed = true;
      wake();
    },
    closed: () => closed,
  };
};
