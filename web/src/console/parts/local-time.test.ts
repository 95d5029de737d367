import { expect, test } from 'vitest';
import { localOf, timeOf } from './local-time.ts';

test('a time goes into a field and comes back to the second', () => {
  const time = new Date(2026, 0, 5, 9, 3, 7);
  expect(localOf(time)).toBe('2026-01-05T09:03:07');
  expect(timeOf(localOf(time))).toEqual(time);
});

test('browsers leave out seconds that are zero', () => {
  expect(timeOf('2026-01-05T09:03')).toEqual(new Date(2026, 0, 5, 9, 3));
});

test.each(['', '2026-01-05', '09:03', '12026-01-05T09:03', '0026-01-05T09:03', '2026-13-05T09:03'])(
  '%j is no time',
  (text) => {
    expect(timeOf(text)).toBeUndefined();
  },
);
