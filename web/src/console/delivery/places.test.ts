import { expect, test } from 'vitest';
import { isOfEnvironment, pendingText } from './places.ts';

test('the two destinations of the environment are known by their ids', () => {
  expect(isOfEnvironment('00000000-0000-8000-8000-000000000001')).toBe(true);
  expect(isOfEnvironment('0197a3c0-5d00-7000-8000-000000000007')).toBe(false);
});

test('more unsent events than are counted have a plus', () => {
  expect(pendingText(99_999, String)).toBe('99999');
  expect(pendingText(100_000, String)).toBe('100000+');
});
