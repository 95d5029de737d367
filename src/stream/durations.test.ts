import { expect, test } from 'vitest';
import { watchDurations } from './durations.ts';

test('the 99th percentile is that of the last minute', () => {
  let time = 0;
  const durations = watchDurations(() => time);
  expect(durations.p99Ms()).toBe(null);
  for (let count = 0; count < 98; count++) durations.record(2);
  durations.record(500);
  durations.record(500);
  expect(durations.p99Ms()).toBeGreaterThan(495);
  expect(durations.p99Ms()).toBeLessThan(505);
  time = 59_000;
  for (let count = 0; count < 300; count++) durations.record(3);
  expect(durations.p99Ms()).toBeLessThan(3.1);
  time = 61_000;
  expect(durations.p99Ms()).toBeGreaterThan(2.9);
  time = 200_000;
  expect(durations.p99Ms()).toBe(null);
});

test('durations beyond the range count as its ends', () => {
  const durations = watchDurations(() => 0);
  durations.record(0);
  expect(durations.p99Ms()).toBe(0.001);
  durations.record(3_600_000);
  expect(durations.p99Ms()).toBeGreaterThan(59_000);
});
