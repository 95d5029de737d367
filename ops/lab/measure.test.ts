import { expect, test } from 'vitest';
import { effectOf, median, rateBetween } from './measure.ts';

/** The times of `perSecond` orders in each second from `begin` to `end`. */
const steady = (begin: number, end: number, perSecond: number): number[] =>
  Array.from(
    { length: ((end - begin) / 1_000) * perSecond },
    (_, index) => begin + (index * 1_000) / perSecond,
  );

test('the rate is that of the median second', () => {
  const times = [...steady(0, 4_000, 100), ...steady(4_000, 5_000, 900)];
  expect(rateBetween(times, 0, 5_000)).toBe(100);
  expect(rateBetween([], 0, 5_000)).toBe(0);
});

test('a fault lasts from the last order before the gap to the first one after it', () => {
  const times = [...steady(0, 11_000, 100), ...steady(14_500, 30_000, 100)];
  const effect = effectOf(times, 10_000, 30_000, 100);
  expect(effect.gapSeconds).toBeCloseTo(3.51, 5);
  expect(effect.fullSpeedSeconds).toBeCloseTo(5.5, 5);
});

test('full speed is reached in the first second with four fifths of the orders before', () => {
  const slow = steady(12_000, 15_000, 50);
  const times = [...steady(0, 10_000, 100), ...slow, ...steady(15_000, 30_000, 80)];
  expect(effectOf(times, 10_000, 30_000, 100).fullSpeedSeconds).toBeCloseTo(6, 5);
  expect(effectOf([...slow], 10_000, 30_000, 100).fullSpeedSeconds).toBeUndefined();
});

test('without an order after the fault the gap lasts to the end', () => {
  const effect = effectOf(steady(0, 10_000, 100), 10_000, 40_000, 100);
  expect(effect).toEqual({ gapSeconds: 30, fullSpeedSeconds: undefined });
});

test('the median is the middle value', () => {
  expect([median([3, 1, 2]), median([])]).toEqual([2, 0]);
});
