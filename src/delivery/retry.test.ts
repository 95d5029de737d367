import { expect, test } from 'vitest';
import { WEBHOOK_RETRY, pauseAfter, readRetryAfter } from './retry.ts';

const now = new Date('2026-03-01T12:00:00.000Z');

test('a pause doubles with each failure up to the maximum, minus at most half', () => {
  const longest = [1, 2, 3, 7, 100].map((failures) => pauseAfter(failures, WEBHOOK_RETRY, () => 1));
  expect(longest).toEqual([5_000, 10_000, 20_000, 300_000, 300_000]);
  const shortest = [1, 2, 100].map((failures) => pauseAfter(failures, WEBHOOK_RETRY, () => 0));
  expect(shortest).toEqual([2_500, 5_000, 150_000]);
});

test.for([
  ['120', '2026-03-01T12:02:00.000Z'],
  ['0', '2026-03-01T12:00:00.000Z'],
  ['Sun, 01 Mar 2026 12:00:30 GMT', '2026-03-01T12:00:30.000Z'],
  ['Sun, 01 Mar 2020 12:00:30 GMT', '2026-03-01T12:00:00.000Z'],
  ['999999999', '2026-03-02T12:00:00.000Z'],
  ['-5', undefined],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
] as const)('Retry-After "%s" is %s', ([header, expected]) => {
  expect(readRetryAfter(header, now)?.toISOString()).toBe(expected);
});
