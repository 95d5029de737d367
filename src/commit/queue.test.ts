import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createQueue } from './queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const AGE_MS = 5_000;

interface Numbered {
  readonly number: number;
  readonly submittedAt: number;
}

/** A queue of numbers. */
const createNumbers = (limits: { count: number; standing: number }) => {
  const expired: number[] = [];
  const queue = createQueue<Numbered>({
    ...limits,
    ageMs: AGE_MS,
    onExpired: ({ number }) => expired.push(number),
  });
  return {
    push: (number: number) => queue.push({ number, submittedAt: performance.now() }),
    putBack: queue.putBack,
    takeItems: queue.take,
    take: (limit: number) => queue.take(limit).map(({ number }) => number),
    expired,
  };
};

/** How many of some items the queue takes. */
const pushAll = ({ push }: { push: (number: number) => boolean }, count: number): number =>
  Array.from({ length: count }, (_, number) => push(number)).filter(Boolean).length;

test('a rush fills the queue up to its count', () => {
  const queue = createNumbers({ count: 10, standing: 4 });
  expect(pushAll(queue, 12)).toBe(10);
});

test('a queue that is never empty takes no more than its standing limit', () => {
  const queue = createNumbers({ count: 10, standing: 4 });
  pushAll(queue, 8);
  vi.advanceTimersByTime(1_001);
  expect(pushAll(queue, 1)).toBe(0);
  // What waited in the rush is not dropped.
  expect(queue.take(6)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(pushAll(queue, 8)).toBe(2);
  expect(queue.expired).toEqual([]);
});

test('the next rush may fill a queue that was empty', () => {
  const queue = createNumbers({ count: 10, standing: 4 });
  pushAll(queue, 10);
  vi.advanceTimersByTime(1_001);
  expect(queue.take(10)).toHaveLength(10);
  vi.advanceTimersByTime(10_000);
  expect(pushAll(queue, 12)).toBe(10);
});

test('an item that waits for too long expires, and younger ones stay', () => {
  const queue = createNumbers({ count: 10, standing: 4 });
  queue.push(1);
  vi.advanceTimersByTime(AGE_MS - 100);
  queue.push(2);
  vi.advanceTimersByTime(102);
  expect(queue.expired).toEqual([1]);
  expect(queue.take(10)).toEqual([2]);
});

test('items that were put back come first and have waited since they were submitted', () => {
  const queue = createNumbers({ count: 10, standing: 4 });
  pushAll(queue, 3);
  const taken = queue.takeItems(2);
  vi.advanceTimersByTime(AGE_MS - 100);
  queue.push(3);
  queue.putBack(taken);
  expect(queue.take(1)).toEqual([0]);
  vi.advanceTimersByTime(102);
  expect(queue.expired).toEqual([1, 2]);
  expect(queue.take(10)).toEqual([3]);
});
