import { expect, test } from 'vitest';
import { dayOf, percentChange, quarterOf } from './revenue.ts';

test('days and quarters are local', () => {
  const time = new Date(2026, 2, 1, 9, 44, 59);
  expect([dayOf(time), dayOf(time, -1), dayOf(time, 1)]).toEqual([
    '2026-03-01',
    '2026-02-28',
    '2026-03-02',
  ]);
  expect(quarterOf(time)).toBe('09:30');
  expect(quarterOf(new Date(2026, 0, 1))).toBe('00:00');
});

test('a change is in percent of what was before', () => {
  expect(percentChange(200, 250)).toBe(25);
  expect(percentChange(200, 0)).toBe(-100);
  expect(percentChange(0, 100)).toBe(undefined);
});
