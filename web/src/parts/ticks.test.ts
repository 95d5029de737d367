import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTicks } from './ticks.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the time is that of the first listener, and then of each tick', () => {
  const ticks = createTicks(1_000);
  const start = ticks.now();
  vi.advanceTimersByTime(60_000);
  expect(ticks.now()).toBe(start);
  const seen: number[] = [];
  const stop = ticks.subscribe(() => seen.push(ticks.now() - start));
  expect(ticks.now()).toBe(start + 60_000);
  vi.advanceTimersByTime(2_500);
  expect(seen).toEqual([61_000, 62_000]);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});
