import { expect, test } from 'vitest';
import { pollEveryMs, spanOf } from './waiting.ts';

test.each([
  [0, undefined],
  [0.9, undefined],
  [1, { value: 1, unit: 'second' }],
  [59.9, { value: 59, unit: 'second' }],
  [60, { value: 1, unit: 'minute' }],
  [3_599, { value: 59, unit: 'minute' }],
  [3_600, { value: 1, unit: 'hour' }],
  [86_400, { value: 1, unit: 'day' }],
  [900_000, { value: 10, unit: 'day' }],
])('a lag of %d seconds is %j', (seconds, span) => {
  expect(spanOf(seconds)).toEqual(span);
});

test('many destinations are asked less often', () => {
  expect(pollEveryMs(1)).toBe(3_000);
  expect(pollEveryMs(24)).toBe(3_000);
  expect(pollEveryMs(100)).toBe(12_500);
});
