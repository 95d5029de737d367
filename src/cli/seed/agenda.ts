/** Actions with their times. */
export interface Agenda {
  readonly add: (time: number, act: (time: Date) => void) => void;
  /** Runs all actions up to a time, in order, including actions added meanwhile. */
  readonly runUntil: (time: number) => void;
}

interface Entry {
  readonly time: number;
  /** Orders entries with the same time by when they were added. */
  readonly order: number;
  readonly act: (time: Date) => void;
}

const isBefore = (a: Entry, b: Entry): boolean =>
  a.time < b.time || (a.time === b.time && a.order < b.order);

/** An empty agenda, as a binary heap with the earliest entry first. */
export const createAgenda = (): Agenda => {
  const heap: Entry[] = [];
  let added = 0;

  const removeFirst = (): Entry => {
    const first = heap[0]!;
    const last = heap.pop()!;
    for (let at = 0; heap.length > 0;) {
      let child = 2 * at + 1;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (child >= heap.length || !isBefore(heap[child]!, last)) {
        heap[at] = last;
        break;
      }
      heap[at] = heap[child]!;
      at = child;
    }
    return first;
  };

  return {
    add: (time, act) => {
      const entry = { time, order: added++, act };
      let at = heap.length;
      for (; at > 0; at = (at - 1) >>> 1) {
        const above = heap[(at - 1) >>> 1]!;
        if (!isBefore(entry, above)) break;
        heap[at] = above;
      }
      heap[at] = entry;
    },
    runUntil: (time) => {
      while (heap.length > 0 && heap[0]!.time <= time) {
        const entry = removeFirst();
        entry.act(new Date(entry.time));
      }
    },
  };
};
